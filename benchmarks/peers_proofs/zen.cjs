// Asks the linter of ZEN 2: tables as JSON on standard input, its diagnostics on standard output.
// node zen.cjs MODULES, where MODULES holds @gorules/zen-engine-linux-x64-gnu.
const path = require("node:path");
const { Workspace } = require(path.join(process.argv[2], "@gorules", "zen-engine-linux-x64-gnu"));

const quoted = (value) => JSON.stringify(value);
const CELLS = {
  "==": (v) => quoted(v),
  "!=": (v) => `!= ${quoted(v)}`,
  in: (v) => v.map(quoted).join(", "),
  between: ([low, high]) => `[${low}..${high}]`,
  known: (v) => (v ? "!= null" : "null"),
};
const cell = ([op, value]) => (CELLS[op] ?? ((v) => `${op} ${v}`))(value);
const joined = ([op, value]) =>
  op === "==" ? `$ == ${quoted(value)}` : op === "in" ? `$ in ${quoted(value)}` : `$ ${op} ${quoted(value)}`;
const text = (tests) =>
  tests === undefined ? "" : tests.length === 1 ? cell(tests[0]) : tests.map(joined).join(" and ");

function kindOf(rows, name) {
  const value = rows.flatMap((row) => row[name] ?? []).map(([, v]) => (Array.isArray(v) ? v[0] : v))[0];
  return typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "string";
}

function policy(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const properties = names.map((name) => ({
    id: name, name, type: kindOf(rows, name), array: false, optional: rows.some((row) => (row[name] ?? []).some(([op]) => op === "known")),
  }));
  const inputs = names.map((name) => ({ id: name, name, field: `who.${name}` }));
  const rules = rows.map((row, at) => ({
    _id: `row${at + 1}`,
    block: `"block ${at + 1}"`,
    ...Object.fromEntries(names.map((name) => [name, text(row[name])])),
  }));
  const table = { hitPolicy: "first", rules, inputs, outputs: [{ id: "block", name: "", field: "who.block" }] };
  return {
    blocks: [
      { id: "who", type: "dataModel", props: { data: { name: "who", properties } }, children: [] },
      { id: "table", type: "decisionTable", props: { data: table }, children: [] },
    ],
  };
}

const tables = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const answers = tables.map(({ rows }) => {
  const workspace = new Workspace();
  workspace.setPolicy("p", policy(rows));
  const said = workspace.diagnostics("p").map(({ code, message, severity }) => ({ code, message, severity }));
  const unreachable = said.flatMap(({ code, message }) =>
    code === "RedundantTableRow" || /^row \d+ (is unreachable|duplicates)/.test(message)
      ? [Number(message.match(/\d+/)[0])]
      : [],
  );
  return { unreachable, overlaps: [], said };
});
console.log(JSON.stringify(answers));

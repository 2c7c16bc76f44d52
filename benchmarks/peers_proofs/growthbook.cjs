// Asks GrowthBook's conflict check: tables as JSON on standard input, what it says on standard output.
// node growthbook.cjs MODULES FILE, where MODULES holds esbuild, and FILE is rule-conflicts.tsx of a checkout
// (packages/front-end/services). Its pictures, schedules, projects and versions are left out: the tables have none.
const path = require("node:path");
const esbuild = require(path.join(process.argv[2], "esbuild"));

const STANDINS = `
module.exports = new Proxy(
  {
    isRuleInactive: () => false,
    getUpcomingScheduleRule: () => undefined,
    ruleProjectScope: () => null,
    paddedVersionString: String,
  },
  { get: (known, name) => known[name] ?? (() => null) },
);
`;
const alone = {
  name: "alone",
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind, path: asked }) =>
      kind === "entry-point" ? undefined : { path: asked, namespace: "standin" },
    );
    build.onLoad({ filter: /.*/, namespace: "standin" }, () => ({ contents: STANDINS }));
  },
};
const SIGNS = { "==": "$eq", "!=": "$ne", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte", in: "$in", known: "$exists" };
const one = ([op, value]) => (op === "between" ? { $gte: value[0], $lte: value[1] } : { [SIGNS[op]]: value });

function condition(row) {
  const tests = Object.entries(row).flatMap(([name, each]) => each.map((test) => ({ [name]: one(test) })));
  const names = Object.keys(row);
  if (tests.length === names.length) return Object.assign({}, ...tests);
  return { $and: tests };
}

async function main() {
  const made = await esbuild.build({
    entryPoints: [process.argv[3]], bundle: true, write: false, format: "cjs", platform: "node", jsx: "automatic",
    logLevel: "error", plugins: [alone],
  });
  const module_ = { exports: {} };
  new Function("module", "exports", "require", made.outputFiles[0].text)(module_, module_.exports, require);
  const tables = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const answers = tables.map(({ rows }) => {
    const rules = rows.map((row, at) => ({
      id: String(at + 1), type: "force", value: `block ${at + 1}`, description: "", enabled: true,
      condition: JSON.stringify(condition(row)),
    }));
    const found = [...module_.exports.getRuleReachability(rules, new Map())];
    const unreachable = found.filter(([, each]) => each.unreachable).map(([id]) => Number(id));
    const overlaps = found
      .filter(([, each]) => !each.unreachable && (each.hardConflicts.length || each.softConflicts.length))
      .map(([id]) => Number(id));
    return { unreachable, overlaps, said: Object.fromEntries(found) };
  });
  console.log(JSON.stringify(answers));
}
main();

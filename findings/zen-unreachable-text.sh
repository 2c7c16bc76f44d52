#!/usr/bin/env bash
# Subject: ZEN 2.0.2 (npm @gorules/zen-engine-linux-x64-gnu: Linux on x64 only).
# Guess: "row 2 is unreachable: row 1 already matches every case it matches" is told wherever
#   that is so.
# Seen: it is told where the earlier cell is empty or the very same text. `>= 5` after `>= 1`, after
#   `>=5` or after a list that holds it is as unreachable, and nothing is said. Every score of a
#   grid is run through each table to show which rows ever answer.
# Cost: an offer's row that can never answer goes out as checked.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund @gorules/zen-engine-linux-x64-gnu@2.0.2 || exit 2
cat > expected <<'END'
">= 5", ">= 5" answers from rows 1; told: row 2
"", ">= 5" answers from rows 1; told: row 2
">=5", ">= 5" answers from rows 1; told: nothing
">= 1", ">= 5" answers from rows 1; told: nothing
"1, 5", "5" answers from rows 1; told: nothing
END
node - > seen <<'END'
const { Workspace } = require("@gorules/zen-engine-linux-x64-gnu");

function policy(cells) {
  const score = { id: "score", name: "score", type: "number", array: false, optional: false };
  const table = {
    hitPolicy: "first",
    inputs: [{ id: "score", name: "score", field: "who.score" }],
    outputs: [{ id: "row", name: "", field: "who.row" }],
    rules: cells.map((cell, at) => ({ _id: `row${at + 1}`, score: cell, row: `${at + 1}` })),
  };
  return {
    blocks: [
      { id: "who", type: "dataModel", props: { data: { name: "who", properties: [score] } }, children: [] },
      { id: "table", type: "decisionTable", props: { data: table }, children: [] },
    ],
  };
}

async function look(cells) {
  const workspace = new Workspace();
  workspace.setPolicy("p", policy(cells));
  const told = workspace.diagnostics("p").map(({ message }) => message.match(/^row \d+(?= is unreachable)/)?.[0]);
  const rows = new Set();
  for (let score = 0; score <= 10; score += 0.5) {
    const made = await workspace.evaluate({ policyPath: "p", goals: ["who.row"], input: { who: { score } } });
    rows.add(made.output.who.row);
  }
  rows.delete(null);
  const named = cells.map((cell) => JSON.stringify(cell)).join(", ");
  console.log(`${named} answers from rows ${[...rows]}; told: ${told.filter(Boolean).join() || "nothing"}`);
}

async function main() {
  const tables = [[">= 5", ">= 5"], ["", ">= 5"], [">=5", ">= 5"], [">= 1", ">= 5"], ["1, 5", "5"]];
  for (const cells of tables) await look(cells);
}
main();
END
cat seen
diff expected seen

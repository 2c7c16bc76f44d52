#!/usr/bin/env bash
# Subject: ZEN 2.0.2 (npm @gorules/zen-engine-linux-x64-gnu: Linux on x64 only).
# Guess: the cell `gold` without quotes is refused or means the word; `not("gold")`, which is how a
#   DMN table says "any but gold", takes in silver.
# Seen: `gold` is a variable that nobody set: the row answers for who has no tier and never for
#   "gold". `not("gold")` answers for nobody at all. Neither raises an error.
# Cost: the gold offer goes to people without a tier, and gold customers get what is left over.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund @gorules/zen-engine-linux-x64-gnu@2.0.2 || exit 2
cat > expected <<'END'
"gold" answers for gold
gold answers for nothing
not("gold") answers for nobody
!= "gold" answers for silver, nothing
END
node - > seen <<'END'
const { ZenEngine } = require("@gorules/zen-engine-linux-x64-gnu");
const position = { x: 0, y: 0 };
function table(cell) {
  const content = {
    hitPolicy: "first",
    inputs: [{ id: "a", name: "tier", field: "tier" }],
    outputs: [{ id: "o", name: "hit", field: "hit" }],
    rules: [{ _id: "1", a: cell, o: "true" }, { _id: "2", a: "", o: "false" }],
  };
  const nodes = [
    { id: "i", type: "inputNode", name: "in", position },
    { id: "t", type: "decisionTableNode", name: "table", position, content },
    { id: "o", type: "outputNode", name: "out", position },
  ];
  const edge = (sourceId, targetId) => ({ id: sourceId + targetId, sourceId, targetId, type: "edge" });
  const edges = [edge("i", "t"), edge("t", "o")];
  return Buffer.from(JSON.stringify({ nodes, edges }));
}
(async () => {
  for (const cell of ['"gold"', "gold", 'not("gold")', '!= "gold"']) {
    const decision = new ZenEngine().createDecision(table(cell));
    const met = [];
    for (const tier of ["gold", "silver", null]) {
      if ((await decision.evaluate({ tier })).result.hit) met.push(tier ?? "nothing");
    }
    console.log(`${cell} answers for ${met.join(", ") || "nobody"}`);
  }
})();
END
cat seen
diff expected seen

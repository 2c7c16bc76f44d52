#!/usr/bin/env bash
# Subject: liquidjs 10.30.1 (npm).
# Guess: rendering reads the data it is given; `increment` counts from 0 in each rendering and is no
#   variable (Ruby Liquid keeps its counters apart).
# Seen: the counter is written into the caller's own object. Data shared by several renderings
#   counts on from one to the next, and a value of that name in the data is counted up.
# Cost: with one object for the campaign's constants the second recipient gets other numbers than
#   the first, so a mail depends on who was rendered before. `assign` does not do it.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund liquidjs@10.30.1 || exit 2
cat > expected <<'END'
increment: first "01", second "23", data {"brand":"Example","n":4}
increment over a value: "56", data {"n":7}
assign: "1", data {"brand":"Example"}
END
node - > seen <<'END'
const { Liquid } = require("liquidjs");
const engine = new Liquid();
const counter = engine.parse("{% increment n %}{% increment n %}");
const shared = { brand: "Example" };
const [first, second] = [engine.renderSync(counter, shared), engine.renderSync(counter, shared)];
console.log(`increment: first "${first}", second "${second}", data ${JSON.stringify(shared)}`);
const value = { n: 5 };
console.log(`increment over a value: "${engine.renderSync(counter, value)}", data ${JSON.stringify(value)}`);
const other = { brand: "Example" };
const text = engine.parseAndRenderSync("{% assign n = 1 %}{{ n }}", other);
console.log(`assign: "${text}", data ${JSON.stringify(other)}`);
END
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: flagsmith-flag-engine 11.1.1 (Python) beside flagsmith-nodejs 8.1.2 (npm).
# Guess: a trait of 5 is above a threshold of 4.5 and below 5.5.
# Seen: in Python it is neither, nor does it equal 5.0: the threshold is read as the type the trait
#   has, and 4.5 is no whole number. A trait of 5.2 does compare. In Node 5 meets both. `REGEX`
#   parts them too: Python matches from the start of the value only.
# Cost: of the people above a spend of 49.99 all those with a round sum are left out, by the servers
#   that run Python.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check flagsmith-flag-engine==11.1.1 || exit 2
echo '{}' > package.json
npm install --silent --no-audit --no-fund flagsmith-nodejs@8.1.2 || exit 2
cat > cases.json <<'END'
[[5, "GREATER_THAN", "4.5"], [5, "LESS_THAN", "5.5"], [5, "EQUAL", "5.0"], [5.2, "GREATER_THAN", "4.5"],
 ["ann@example.com", "REGEX", "example"]]
END
cat > expected <<'END'
python False False False True False
node true true true true true
END
cat > look.py <<'END'
import json
from flag_engine.segments.evaluator import is_context_in_segment


def holds(trait, operator, value):
    conditions = [{"operator": operator, "property": "spend", "value": value}]
    segment = {"key": "1", "name": "s", "rules": [{"type": "ALL", "conditions": conditions}]}
    who = {"identifier": "i", "key": "k", "traits": {"spend": trait}}
    return is_context_in_segment({"environment": {"key": "e", "name": "e"}, "identity": who}, segment)


print("python", *(holds(*case) for case in json.load(open("cases.json"))))
END
cat > look.js <<'END'
const { getEvaluationResult } = require("./node_modules/flagsmith-nodejs/build/cjs/flagsmith-engine/index.js");
const holds = ([trait, operator, value]) => {
  const conditions = [{ operator, property: "spend", value }];
  const segments = { 1: { key: "1", name: "s", rules: [{ type: "ALL", conditions }] } };
  const identity = { identifier: "i", key: "k", traits: { spend: trait } };
  const context = { environment: { key: "e", name: "e" }, identity, features: {}, segments };
  return getEvaluationResult(context).segments.length > 0;
};
console.log("node", ...require("./cases.json").map(holds));
END
{ venv/bin/python look.py; node look.js; } > seen
cat seen
diff expected seen

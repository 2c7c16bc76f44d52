#!/usr/bin/env bash
# Subject: @growthbook/growthbook 1.8.0 (npm) beside growthbook 4.0.0 (Python).
# Guess: one condition means one audience in every SDK, and who lacks an attribute is below no
#   number.
# Seen: in JavaScript a missing `days_since_order`, or null, is below 7; in Python it is not, and
#   what is negated turns round: `$not` takes in exactly the others. "9" below 18 differs as well.
# Cost: a recipient who never bought is thanked for an order in one part of a campaign and wooed as
#   a stranger in the other.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check growthbook==4.0.0 || exit 2
echo '{}' > package.json
npm install --silent --no-audit --no-fund @growthbook/growthbook@1.8.0 || exit 2
cat > cases.json <<'END'
[[{"days_since_order": {"$lt": 7}}, {"days_since_order": 3}],
 [{"days_since_order": {"$lt": 7}}, {}],
 [{"days_since_order": {"$lt": 7}}, {"days_since_order": null}],
 [{"$not": {"days_since_order": {"$lt": 7}}}, {}],
 [{"age": {"$lt": 18}}, {"age": "9"}]]
END
cat > expected <<'END'
javascript true true true false true
python true false false true false
END
cat > look.js <<'END'
const { GrowthBook } = require("@growthbook/growthbook");
const answers = require("./cases.json").map(([condition, attributes]) => {
  const features = { f: { defaultValue: false, rules: [{ condition, force: true }] } };
  return new GrowthBook({ attributes, features }).isOn("f");
});
console.log("javascript", ...answers);
END
cat > look.py <<'END'
import json
from growthbook import GrowthBook

answers = []
for condition, attributes in json.load(open("cases.json")):
    features = {"f": {"defaultValue": False, "rules": [{"condition": condition, "force": True}]}}
    answers.append(GrowthBook(attributes=attributes, features=features).is_on("f"))
print("python", *(str(answer).lower() for answer in answers))
END
{ node look.js; venv/bin/python look.py; } > seen
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: python-liquid 2.3.6 (Python) beside LiquidJS 10.30.1 (npm).
# Guess: `round` takes a half away from nothing, as Ruby's Liquid and JavaScript do: 2.5 is 3.
# Seen: python-liquid takes it to the even neighbour: 2.5 is 2, and 3.5 is 4.
# Cost: points and prices that end in a half come out one lower for every other person.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check python-liquid==2.3.6 || exit 2
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund liquidjs@10.30.1 || exit 2
cat > expected <<'END'
liquidjs: 3|4|1235
python-liquid: 2|4|1234
END
template='{{ 2.5 | round }}|{{ 3.5 | round }}|{{ 1234.5 | round }}'
cat > read.js <<'END'
const { Liquid } = require("liquidjs");
console.log(`liquidjs: ${new Liquid().parseAndRenderSync(process.argv[2])}`);
END
cat > read.py <<'END'
import sys

from liquid import Environment

print(f"python-liquid: {Environment().from_string(sys.argv[1]).render()}")
END
{ node read.js "$template"; venv/bin/python read.py "$template"; } > seen
cat seen
diff expected seen

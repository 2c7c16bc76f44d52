#!/usr/bin/env bash
# Subject: python-liquid 2.3.6 (Python) beside LiquidJS 10.30.1 (npm).
# Guess: `truncate: 5` leaves alone a text of five letters; only a longer one is cut.
# Seen: LiquidJS leaves it alone; python-liquid puts dots into it, and of `abcde` shows `ab...`.
# Cost: codes and names that fit exactly reach people cut, and no shorter or longer one shows why.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check python-liquid==2.3.6 || exit 2
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund liquidjs@10.30.1 || exit 2
cat > expected <<'END'
liquidjs: abcd|abcde|ab...
python-liquid: abcd|ab...|ab...
END
template='{{ "abcd" | truncate: 5 }}|{{ "abcde" | truncate: 5 }}|{{ "abcdef" | truncate: 5 }}'
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

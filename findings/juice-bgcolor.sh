#!/usr/bin/env bash
# Subject: juice 11.1.1 (npm).
# Guess: the `bgcolor` that is written for old clients is a colour that they read.
# Seen: the value is copied as it stands: `bgcolor` has a grammar of its own (names and
#   hexadecimal digits), by which `rgba(…)` or `hsl(…)` is read as some other colour.
# Cost: clients that read `bgcolor` show a colour nobody chose behind the text.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund juice@11.1.1 || exit 2
cat > "$work/expected" <<'END'
bgcolor="#ff0000"
bgcolor="rgba(0,0,0,.5)"
bgcolor="hsl(0 100% 50%)"
END
node - > "$work/seen" <<'END'
const juice = require("juice");
for (const colour of ["#ff0000", "rgba(0,0,0,.5)", "hsl(0 100% 50%)"]) {
  const made = juice(`<style>td{background-color:${colour}}</style><table><tr><td>x</td></tr></table>`);
  console.log(made.match(/ bgcolor="[^"]*"/)[0].trim());
}
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

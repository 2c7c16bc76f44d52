#!/usr/bin/env bash
# Subject: html-to-text 10.0.1 (npm).
# Guess: the text of a mail template keeps its placeholders, which are filled in later.
# Seen: a heading is written in capitals, its placeholder with it, so the name and the filter
#   are other ones; the hidden preheader is written first.
# Cost: the text part greets nobody: the service that fills in finds no `NAME`.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund html-to-text@10.0.1 || exit 2
cat > "$work/expected" <<'END'
hidden
HI {{ NAME | DEFAULT: "YOU" }}
{{ name }}
END
node - > "$work/seen" <<'END'
const { convert } = require("html-to-text");
console.log(convert('<div style="display:none">hidden</div><h1>Hi {{ name | default: "you" }}</h1><p>{{ name }}</p>').replace(/\n+/g, "\n"));
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

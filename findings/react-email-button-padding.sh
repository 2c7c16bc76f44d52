#!/usr/bin/env bash
# Subject: react-email 6.11.13 (npm).
# Guess: a Button keeps the padding of its style, in any unit CSS has.
# Seen: four longhands of its own making are written behind it and win. An em counts 16px whatever
#   the button's letters are, a percentage is taken of 600px wherever the button stands, and what is
#   unknown to it, such as `0.5in` or `calc(...)`, becomes 0. (@react-email/button 0.2.1 does not
#   know `pt` either.)
# Cost: a button whose padding grows with its text, or is computed, is bare text on its colour.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund react-email@6.11.13 react@19.3.1 react-dom@19.3.1 || exit 2
cat > expected <<'END'
padding:12px 20px;padding-top:12px;padding-right:20px;padding-bottom:12px;padding-left:20px
padding:1em;padding-top:16px;padding-right:16px;padding-bottom:16px;padding-left:16px
padding:5%;padding-top:30px;padding-right:30px;padding-bottom:30px;padding-left:30px
padding:0.5in;padding-top:0;padding-right:0;padding-bottom:0;padding-left:0
padding:calc(4px + 1em);padding-top:0;padding-right:0;padding-bottom:0;padding-left:0
END
cat > look.mjs <<'END'
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Button } from "react-email";

for (const padding of ["12px 20px", "1em", "5%", "0.5in", "calc(4px + 1em)"]) {
  const style = { fontSize: "20px", padding };
  const made = renderToStaticMarkup(createElement(Button, { href: "https://example.com/", style }, "Go"));
  console.log(made.match(/(?<![-\w])padding:[^"]*/)[0]);
}
END
node look.mjs > seen
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: inline-css 4.0.3 (npm), beside juice 12.2.0.
# Guess: the declarations of the style attribute stand in the order of the cascade, weakest first.
# Seen: they are sorted by name, and by name a shorthand stands before its parts: a part wins over
#   every shorthand, be it later, or of a heavier selector.
# Cost: `.flush{padding:0}`, there to take off an earlier `padding-left`, changes nothing in the mail
#   that looked right in a browser.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund inline-css@4.0.3 juice@12.2.0 || exit 2
cat > expected <<'END'
inline-css padding: 0; padding-left: 9px;
juice padding-left: 9px; padding: 0;
inline-css border: none; border-top: 1px solid red;
juice border-top: 1px solid red; border: none;
END
cat > look.mjs <<'END'
import inlineCss from "inline-css";
import juice from "juice";

const sheets = ["td{padding-left:9px} td.flush{padding:0}", "td{border-top:1px solid red} td{border:none}"];
for (const sheet of sheets) {
  const page = `<style>${sheet}</style><table><tr><td class="flush">x</td></tr></table>`;
  const style = (made) => made.match(/<td[^>]*style="([^"]*)"/)[1];
  console.log("inline-css", style(await inlineCss(page, { url: "https://example.com/" })));
  console.log("juice", style(juice(page)));
}
END
node look.mjs > seen
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: lightningcss 1.33.0 (npm), beside clean-css 5.3.3.
# Guess: without `targets` and without `minify` a style sheet keeps its syntax; a minifier at most
#   takes away blanks.
# Seen: either way `(max-width: 600px)` is written in the range form of 2022, and `rgba(...)` with
#   eight hexadecimal digits. Old targets, such as `{ ie: 11 << 16 }`, keep both as they were.
#   clean-css keeps them too.
# Cost: clients that do not know a media query drop what is in it: the mail is no longer laid out for
#   phones there, and has no colour where it was half transparent; in every browser of today it is
#   right.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund lightningcss@1.33.0 clean-css@5.3.3 || exit 2
cat > expected <<'END'
as it is: @media (width <= 600px) { .box { background-color: #00000080; } }
minify: @media (width<=600px){.box{background-color:#00000080}}
minify, old targets: @media (max-width:600px){.box{background-color:rgba(0,0,0,.5)}}
clean-css: @media (max-width:600px){.box{background-color:rgba(0,0,0,.5)}}
END
cat > look.mjs <<'END'
import CleanCSS from "clean-css";
import { transform } from "lightningcss";

const css = "@media (max-width: 600px) { .box { background-color: rgba(0, 0, 0, 0.5); } }";
const show = (name, options) => {
  const made = transform({ filename: "mail.css", code: Buffer.from(css), ...options }).code;
  console.log(`${name}: ${made.toString().trim().replace(/\s+/g, " ")}`);
};
show("as it is", {});
show("minify", { minify: true });
show("minify, old targets", { minify: true, targets: { ie: 11 << 16 } });
console.log(`clean-css: ${new CleanCSS().minify(css).styles}`);
END
node look.mjs > seen
cat seen
diff expected seen

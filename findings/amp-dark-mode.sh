#!/usr/bin/env bash
# Subject: the AMP validator for AMP4EMAIL, as next 15.1.0 (npm) carries it.
# Guess: an AMP part can be dark as the HTML part is, since `<meta name="color-scheme">` is accepted;
#   or the query is refused wherever it stands.
# Seen: in a style sheet `prefers-color-scheme` is a disallowed media feature, though `hover` and
#   `min-resolution` pass; in the `media` attribute of an amp-img it passes. Strict CSS refuses the
#   property `color-scheme` too.
# Cost: with the dark styles of the HTML part copied into it the AMP part is invalid, and nobody gets
#   it; a logo may ask for the reader's scheme, the ground that it stands on may not.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund --omit=optional next@15.1.0 || exit 2
cat > expected <<'END'
meta color-scheme: PASS, PASS
@media (min-width:600px){p{color:#eeeeee}}: PASS, PASS
@media (hover:hover){p{color:#eeeeee}}: PASS, PASS
@media (min-resolution:2dppx){p{color:#eeeeee}}: PASS, PASS
@media (prefers-color-scheme:dark){p{color:#eeeeee}}: FAIL, FAIL
p{color-scheme:dark}: FAIL, PASS
amp-img media="(prefers-color-scheme:dark)": PASS, PASS
END
node - > seen <<'END'
const { join } = require("path");
const folder = join(process.cwd(), "node_modules/next/dist/compiled/amphtml-validator");
const page = (strict, head, css, body) => `<!doctype html><html amp4email${strict}><head><meta charset="utf-8">
<script async src="https://cdn.ampproject.org/v0.js"></script>${head}
<style amp4email-boilerplate>body{visibility:hidden}</style><style amp-custom>${css}</style></head>
<body>${body}</body></html>`;
require(folder).getInstance(join(folder, "validator_wasm.js")).then((validator) => {
  const look = (name, head, css, body = "<p>x</p>") => {
    const pages = [" data-css-strict", ""].map((mark) => page(mark, head, css, body));
    console.log(`${name}: ${pages.map((text) => validator.validateString(text, "AMP4EMAIL").status).join(", ")}`);
  };
  look("meta color-scheme", '<meta name="color-scheme" content="light dark">', "p{color:#222222}");
  const feature = (text) => `@media (${text}){p{color:#eeeeee}}`;
  const features = ["min-width:600px", "hover:hover", "min-resolution:2dppx", "prefers-color-scheme:dark"];
  for (const css of [...features.map(feature), "p{color-scheme:dark}"]) look(css, "", css);
  const logo = 'amp-img media="(prefers-color-scheme:dark)"';
  look(logo, "", "p{color:#222222}", `<${logo} src="https://example.com/a.png" width="1" height="1"></amp-img>`);
});
END
cat seen
diff expected seen

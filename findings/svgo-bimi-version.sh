#!/usr/bin/env bash
# Subject: svgo 4.1.0 (npm).
# Guess: the optimiser's default set leaves a BIMI logo (SVG Tiny PS) what it was: the title stays,
#   since 4.0, and so does `baseProfile="tiny-ps"`.
# Seen: `version="1.2"`, which the profile asks for beside `baseProfile`, goes as a "deprecated"
#   attribute. For other SVG that is harmless; this one is no logo of the profile any more.
# Cost: a validator of the profile refuses the mark, and the mail is shown without its logo.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund svgo@4.1.0 || exit 2
cat > logo.svg <<'END'
<svg xmlns="http://www.w3.org/2000/svg" version="1.2" baseProfile="tiny-ps" viewBox="0 0 100 100">
  <title>Example Ltd</title>
  <rect width="100" height="100" fill="#ff0000"/>
</svg>
END
cat > expected <<'END'
title true baseProfile true version false
without removeDeprecatedAttrs: title true baseProfile true version true
END
node - > seen <<'END'
const { readFileSync } = require("fs");
const { optimize } = require("svgo");
const logo = readFileSync("logo.svg", "utf8");
function look(made) {
  const has = (text) => made.includes(text);
  return `title ${has("<title>")} baseProfile ${has('baseProfile="tiny-ps"')} version ${has('version="1.2"')}`;
}
console.log(look(optimize(logo).data));
const plugins = [{ name: "preset-default", params: { overrides: { removeDeprecatedAttrs: false } } }];
console.log(`without removeDeprecatedAttrs: ${look(optimize(logo, { plugins }).data)}`);
END
cat seen
diff expected seen

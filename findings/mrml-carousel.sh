#!/usr/bin/env bash
# Subject: mrml 0.2.4 (Python, the Rust implementation of MJML) beside mjml 5.4.1 (npm).
# Guess: a carousel compiled by the one is the carousel of the other.
# Seen: rules meant for Yahoo alone, which MJML puts below `@media screen yahoo`, stand below `@media screen, yahoo` in
#   mrml, which every screen matches.
# Cost: the arrows of the carousel are gone everywhere, and nobody gets to the second picture.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check mrml==0.2.4 || exit 2
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund mjml@5.4.1 || exit 2
cat > page.mjml <<'END'
<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-carousel><mj-carousel-image src="a.png" /><mj-carousel-image src="b.png" /></mj-carousel>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
END
cat > expected <<'END'
mjml: @media screen yahoo
mrml: @media screen, yahoo
END
cat > mjml.js <<'END'
const mjml = require("mjml").default ?? require("mjml");
Promise.resolve(mjml(require("fs").readFileSync("page.mjml", "utf8"))).then((made) => console.log(made.html));
END
cat > read.py <<'END'
import re
import sys

import mrml

html = mrml.to_html(open("page.mjml").read()).content if sys.argv[1] == "mrml" else sys.stdin.read()
print(f"{sys.argv[1]}: {re.search('@media screen,? yahoo', html)[0]}")
END
{ node mjml.js | venv/bin/python read.py mjml; venv/bin/python read.py mrml; } > seen
cat seen
diff expected seen

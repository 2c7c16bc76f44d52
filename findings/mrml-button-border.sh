#!/usr/bin/env bash
# Subject: mrml 0.2.4 (Python, the Rust implementation of MJML) beside mjml 5.4.1 (npm).
# Guess: `width` of a button is its width, border included, as MJML's is.
# Seen: mjml takes padding and border off what is inside; mrml takes off the padding alone.
# Cost: a button with a border is wider than the proof that was made with mjml, and may break its line.
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
        <mj-button width="200px" border="4px solid #000000" inner-padding="10px 20px" href="https://shop.example/">Buy</mj-button>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
END
cat > expected <<'END'
mjml: width:152px
mrml: width:160px
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
print(f"{sys.argv[1]}: {re.search('<a[^>]*?(width:[0-9]+px)', html)[1]}")
END
{ node mjml.js | venv/bin/python read.py mjml; venv/bin/python read.py mrml; } > seen
cat seen
diff expected seen

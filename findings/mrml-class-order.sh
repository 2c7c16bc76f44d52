#!/usr/bin/env bash
# Subject: mrml 0.2.4 (Python, the Rust implementation of MJML) beside mjml 5.4.1 (npm).
# Guess: two implementations of one language agree which of two classes on an element wins.
# Seen: with `mj-class="a b"` MJML takes the later class's colour, mrml the earlier's.
# Cost: the proof made with one and the mail made with the other differ in colour.
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
  <mj-head>
    <mj-attributes>
      <mj-class name="a" color="#ff0000" />
      <mj-class name="b" color="#0000ff" />
    </mj-attributes>
  </mj-head>
  <mj-body>
    <mj-section><mj-column><mj-text mj-class="a b">hello</mj-text></mj-column></mj-section>
  </mj-body>
</mjml>
END
cat > expected <<'END'
mjml color:#0000ff
mrml color:#ff0000
END
cat > mjml.js <<'END'
const mjml = require("mjml").default ?? require("mjml");
const page = require("fs").readFileSync("page.mjml", "utf8");
Promise.resolve(mjml(page)).then((made) => console.log("mjml", made.html.match(/color:#\w+/)[0]));
END
cat > read.py <<'END'
import re

import mrml

made = mrml.to_html(open("page.mjml").read())
print("mrml", re.search(r"color:#\w+", getattr(made, "content", made))[0])
END
{ node mjml.js; venv/bin/python read.py; } > seen
cat seen
diff expected seen

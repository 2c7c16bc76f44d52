#!/usr/bin/env bash
# Subject: mrml 0.2.4 (Python, the Rust implementation of MJML) beside mjml 5.4.1 (npm).
# Guess: `padding="0 50px"` and `padding="0px 50px"` are the same, as in CSS.
# Seen: of a shorthand with a bare zero mrml reads nothing: the padding is written, and not taken off the width of what
#   is in it. MJML makes 500 pixels of both.
# Cost: a picture in a column of 500 pixels is 600 wide, and the mail is torn open to the right.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check mrml==0.2.4 || exit 2
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund mjml@5.4.1 || exit 2
cat > expected <<'END'
mjml 0 50px: 500
mjml 0px 50px: 500
mrml 0 50px: 600
mrml 0px 50px: 500
END
cat > mjml.js <<'END'
const mjml = require("mjml").default ?? require("mjml");
Promise.resolve(mjml(require("fs").readFileSync(0, "utf8"))).then((made) => console.log(made.html));
END
cat > read.py <<'END'
import re
import subprocess

import mrml

for name in ("mjml", "mrml"):
    for padding in ("0 50px", "0px 50px"):
        page = (
            f'<mjml><mj-body><mj-wrapper padding="{padding}"><mj-section><mj-column>'
            '<mj-image padding="0px" src="a.png" /></mj-column></mj-section></mj-wrapper></mj-body></mjml>'
        )
        if name == "mrml":
            html = mrml.to_html(page).content
        else:
            html = subprocess.run(["node", "mjml.js"], input=page, capture_output=True, text=True, check=True).stdout
        picture = re.search(r"<img[^>]*>", html)[0]
        width = re.search(r" width=.(\d+)", picture)[1]
        print(f"{name} {padding}: {width}")
END
venv/bin/python read.py > seen
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: mrml 0.2.4 (Python, the Rust implementation of MJML) beside mjml 5.4.1 (npm).
# Guess: `mj-raw` in a wrapper comes out where it stands, as it does in a section.
# Seen: mrml writes it into the comment for Outlook that opens the wrapper's row; MJML closes that comment first.
# Cost: a banner, a condition of a template or a tracking pixel that stands there is in the mail, and nobody but Outlook
#   shows it.
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
    <mj-wrapper>
      <mj-raw><p>Only today</p></mj-raw>
      <mj-section><mj-column><mj-text>hello</mj-text></mj-column></mj-section>
    </mj-wrapper>
  </mj-body>
</mjml>
END
cat > expected <<'END'
mjml shown
mrml in a comment
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
shown = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
print(sys.argv[1], "shown" if "Only today" in shown else "in a comment")
END
{ node mjml.js | venv/bin/python read.py mjml; venv/bin/python read.py mrml; } > seen
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: premailer 3.10.0 (Python).
# Guess: `[bgcolor]` weighs as much as a class (0,1,0), so it wins over `td` (0,0,1) wherever it
#   stands.
# Seen: an attribute selector weighs nothing: the later `td` rule wins, while a class in the
#   same place wins over it.
# Cost: what `[bgcolor]` chose in the browser is another colour in the mail.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check premailer==3.10.0 cssutils==2.15.0 cssselect==1.6.0 || exit 2
cat > "$work/expected" <<'END'
[bgcolor] color:blue
.c color:red
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from premailer import transform

for strong in ("[bgcolor]", ".c"):
    style = strong + "{color:red} td{color:blue}"
    cell = '<table><tr><td class="c" bgcolor="white">x</td></tr></table>'
    page = f"<html><head><style>{style}</style></head><body>{cell}</body></html>"
    print(strong, transform(page).split('style="')[1].split('"')[0])
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

#!/usr/bin/env bash
# Subject: premailer 3.10.0 (Python).
# Guess: the attribute that is written for old clients says the same as the declaration it comes
#   from.
# Seen: `text-align` places the text inside the cells; the `align` attribute of a table places
#   the table itself, and both are written.
# Cost: where `align` is read, a table whose text is centred moves to the middle itself.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check premailer==3.10.0 cssutils==2.15.0 cssselect==1.6.0 || exit 2
cat > "$work/expected" <<'END'
<table style="text-align:center" align="center">
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from premailer import transform

page = "<html><head><style>table{text-align:center}</style></head><body><table><tr><td>x</td></tr></table></body></html>"
print(transform(page).split("<tr>")[0].split("<body>")[1])
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

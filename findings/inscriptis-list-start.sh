#!/usr/bin/env bash
# Subject: inscriptis 2.7.6, resiliparse 2.0.1 (Python), HTML as plain text.
# Guess: what numbers list items at all numbers them as a browser does.
# Seen: inscriptis honours `value` of an item and not `start` of its list; resiliparse honours
#   neither; both show what the attribute `hidden` hides.
# Cost: instructions that go on behind a picture ("4. Tighten the screw") begin at 1 again in the text
#   part, and a hidden preheader is its first line.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check inscriptis==2.7.6 Resiliparse==2.0.1 || exit 2
cat > "$work/expected" <<'END'
inscriptis: 1. Open it / 1. Close it / 9. Done / hidden
resiliparse: 1. Open it / 1. Close it / 2. Done / hidden
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from inscriptis import get_text
from resiliparse.extract.html2text import extract_plain_text

mail = (
    "<body><ol><li>Open it</li></ol><ol start=4><li>Close it</li><li value=9>Done</li></ol>"
    "<p hidden>hidden</p></body>"
)
for name, convert in (("inscriptis", get_text), ("resiliparse", extract_plain_text)):
    lines = [line.strip() for line in convert(mail).splitlines() if line.strip()]
    print(f"{name}: {' / '.join(lines)}")
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

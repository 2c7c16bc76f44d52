#!/usr/bin/env bash
# Subject: python-liquid 2.3.6 (Python).
# Guess: `-}}` strips the white space behind it up to the next visible character; the line end
#   after that character stays (Ruby Liquid 5.4 gives `'xa\n'`).
# Seen: the text behind the dash is stripped at both ends when it is the template's last piece,
#   so the last line end is lost.
# Cost: two pieces of a plain-text part run into one line.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check python-liquid==2.3.6 || exit 2
cat > "$work/expected" <<'END'
'x\n a\n'
'xa'
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from liquid import Environment

for source in ("{{ 'x' }}\n a\n", "{{ 'x' -}}\n a\n"):
    print(repr(Environment().from_string(source).render()))
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

#!/usr/bin/env bash
# Subject: nameparser 2.6.0 (Python).
# Guess: "Marquis Brown" has the first name Marquis, surely so when it is written "Brown, Marquis".
# Seen: what can be a title is one: Marquis, Bishop and Judge leave no first name, in either order;
#   with an initial behind it the initial is the first name. King and Prince turn the surname into
#   the first name. Earl and Duke are spared.
# Cost: "Hi ,", "Hi J.," and "Hi Smith," to people whose names were right in the list.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check nameparser==2.6.0 || exit 2
cat > "$work/expected" <<'END'
Ann Brown: first 'Ann' last 'Brown'
Earl Brown: first 'Earl' last 'Brown'
Duke Brown: first 'Duke' last 'Brown'
Marquis Brown: first '' last 'Brown'
Brown, Marquis: first '' last 'Brown'
Marquis J. Brown: first 'J.' last 'Brown'
Judge Brown: first '' last 'Brown'
King Smith: first 'Smith' last ''
Prince Smith: first 'Smith' last ''
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from nameparser import HumanName

NAMES = ("Ann Brown", "Earl Brown", "Duke Brown", "Marquis Brown", "Brown, Marquis", "Marquis J. Brown")
for text in (*NAMES, "Judge Brown", "King Smith", "Prince Smith"):
    name = HumanName(text)
    print(f"{text}: first {name.first!r} last {name.last!r}")
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

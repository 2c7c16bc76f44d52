#!/usr/bin/env bash
# Subject: pygls 2.1.1 (Python).
# Guess: a change that an editor tells lands where the editor shows it: lines end in LF, CR LF or CR,
#   as the Language Server Protocol says, and a column beyond a line is the end of that line.
# Seen: lines are those of Python's `splitlines`: a form feed, U+0085, U+2028 and U+2029 end one, too, so
#   behind one of them every change is a line or more too high. A column beyond the last line, which has
#   no line end, is the place before its last character.
# Cost: a word typed in line 3 stands in line 2 of what the server knows, findings are shown elsewhere,
#   and fixes made there change what nobody looked at; texts copied from web pages hold U+2028.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check pygls==2.1.1 lsprotocol==2025.0.0 || exit 2
cat > "$work/expected" <<'END'
LF: 'one\ntwo\nXthree'
CR LF: 'one\r\ntwo\r\nXthree'
U+000C: 'o\x0cne\nXtwo\nthree'
U+0085: 'o\x85ne\nXtwo\nthree'
U+2028: 'o\u2028ne\nXtwo\nthree'
beyond the end of the last line: 'threXe'
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from lsprotocol import types
from pygls.workspace import TextDocument


def typed(text, line, column):
    document = TextDocument("file:///a.txt", text)
    place = types.Position(line, column)
    document.apply_change(types.TextDocumentContentChangePartial(range=types.Range(place, place), text="X"))
    return ascii(document.source)


print("LF:", typed("one\ntwo\nthree", 2, 0))
print("CR LF:", typed("one\r\ntwo\r\nthree", 2, 0))
for sign in ("\f", "\x85", "\u2028"):
    print(f"U+{ord(sign):04X}:", typed(f"o{sign}ne\ntwo\nthree", 2, 0))
print("beyond the end of the last line:", typed("three", 0, 99))
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

#!/usr/bin/env bash
# Subject: tinycss2 1.5.1 (Python).
# Guess: a value is written with its escape in hexadecimal, `\9`, as CSSOM's serialisation has
#   it for control characters, so that trimming white space is harmless.
# Seen: the escape comes out as a backslash and a raw tab: the usual `.strip()` removes the tab,
#   and the backslash that is left escapes the semicolon that follows.
# Cost: the declaration behind an Outlook hack is swallowed: a colour is gone from the mail.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check tinycss2==1.5.1 webencodings==0.6.1 || exit 2
cat > "$work/expected" <<'END'
' 10px\\\t' '10px\\'
1 width: 10px\; color: red;
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import tinycss2

[width, _] = tinycss2.parse_declaration_list(r"width: 10px\9; color: red", skip_whitespace=True)
value = tinycss2.serialize(width.value)
print(repr(value), repr(value.strip()))
again = tinycss2.parse_declaration_list(f"width: {value.strip()}; color: red")
print(len(again), tinycss2.serialize(again))
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

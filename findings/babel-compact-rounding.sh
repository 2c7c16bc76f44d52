#!/usr/bin/env bash
# Subject: Babel 2.18.0 (Python).
# Guess: a compact number is rounded first, then gets its unit and its plural form: 999,999 is
#   `1M`, and German 1,234,567 reads `1 Million` as 1,000,000 does.
# Seen: unit and plural come from the number before or the digits after, not from what is shown:
#   `1000K`, `1 Millionen` beside `1 Million`; French has it the wrong way about, `1 millions`
#   for the round million.
# Cost: "1 millions de points" and "1000K points" in the subject line.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.18.0 || exit 2
cat > "$work/expected" <<'END'
1000K
de 1000000 1 Million
de 1234567 1 Millionen
fr 1000000 1 millions
fr 1234567 1 million
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from babel.numbers import format_compact_decimal

print(format_compact_decimal(999_999, locale="en"))
for locale in ("de", "fr"):
    for number in (1_000_000, 1_234_567):
        print(locale, number, format_compact_decimal(number, format_type="long", locale=locale).replace("\xa0", " "))
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

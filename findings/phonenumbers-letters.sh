#!/usr/bin/env bash
# Subject: phonenumbers 9.0.43 (Python).
# Guess: words beside a telephone number are ignored, or make it none.
# Seen: words before it are dropped, words behind it become digits (`home` is 4663 on a keypad), and a second number
#   behind ` / x` is dropped.
# Cost: "Tel 01 42 68 53 00 (home)" is refused while "ann 0142685300" passes as valid, and of two numbers in a
#   cell one is lost without a word.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check phonenumbers==9.0.43 || exit 2
cat > "$work/expected" <<'END'
01 42 68 53 00 -> +33142685300 valid
ann 0142685300 -> +33142685300 valid
01 42 68 53 00 home -> +331426853004663 not valid
0142685300 / x0612345678 -> +33142685300 valid
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import phonenumbers as p

for text in ("01 42 68 53 00", "ann 0142685300", "01 42 68 53 00 home", "0142685300 / x0612345678"):
    number = p.parse(text, "FR")
    valid = "valid" if p.is_valid_number(number) else "not valid"
    print(text, "->", p.format_number(number, p.PhoneNumberFormat.E164), valid)
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

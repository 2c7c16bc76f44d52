#!/usr/bin/env bash
# Subject: Babel 2.18.0 (Python) beside Intl of Node 20 (ICU).
# Guess: both write numbers by CLDR, so four digits are grouped alike in each language.
# Seen: CLDR says `minimumGroupingDigits` 2 for Spanish and Polish: no sign within four digits,
#   `1234,50 €`. Intl follows it; Babel groups whatever there is: `1.234,50 €`. From five digits on
#   they agree.
# Cost: prices that look foreign to Spanish and Polish readers, and two forms of one price where a
#   page is written by one of them and the mail by the other.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v node >/dev/null || exit 2
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.18.0 || exit 2
cat > "$work/expected" <<'END'
babel es 1.234 12.345 1.234,50 €
babel pl 1 234 12 345 1 234,50 €
babel de 1.234 12.345 1.234,50 €
intl es 1234 12.345 1234,50 €
intl pl 1234 12 345 1234,50 €
intl de 1.234 12.345 1.234,50 €
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from babel.numbers import format_currency, format_decimal

for locale in ("es", "pl", "de"):
    said = format_decimal(1234, locale=locale), format_decimal(12345, locale=locale), format_currency(1234.5, "EUR", locale=locale)
    print("babel", locale, *said)
END
node -e '
for (const locale of ["es", "pl", "de"]) {
  const number = new Intl.NumberFormat(locale), price = new Intl.NumberFormat(locale, {style: "currency", currency: "EUR"});
  console.log("intl", locale, number.format(1234), number.format(12345), price.format(1234.5));
}' >> "$work/seen"
sed -i 's/\xc2\xa0/ /g; s/\xe2\x80\xaf/ /g' "$work/seen"
cat "$work/seen"
diff "$work/expected" "$work/seen"

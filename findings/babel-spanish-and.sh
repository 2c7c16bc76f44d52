#!/usr/bin/env bash
# Subject: Babel 2.18.0 (Python) beside Intl of Node 20 (ICU).
# Guess: both write lists by CLDR's patterns, so a list is the same text in either.
# Seen: Spanish has `e` for `y` before a word that sounds like "i", and `u` for `o` before "o": no
#   pattern of CLDR says so, ICU has it in its code, and Intl with it. Babel has the pattern alone:
#   "España y Italia", "siete o ocho". Only Intl knows, too, that "hierba" is not such a word, and
#   that Hebrew puts a dash between "and" and a word in other letters.
# Cost: a mistake that every Spanish reader sees, in some carts and not in others: tests with "A, B
#   and C" are the same on both sides.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v node >/dev/null || exit 2
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.18.0 || exit 2
cat > "$work/expected" <<'END'
babel es: A, B y C
babel es: España y Italia
babel es: pan y hierba
babel es: siete o ocho
babel he: תיק וiPad
intl es: A, B y C
intl es: España e Italia
intl es: pan y hierba
intl es: siete u ocho
intl he: תיק ו-iPad
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from babel.lists import format_list

for locale, style, *words in (
    ("es", "standard", "A", "B", "C"),
    ("es", "standard", "España", "Italia"),
    ("es", "standard", "pan", "hierba"),
    ("es", "or", "siete", "ocho"),
    ("he", "standard", "תיק", "iPad"),
):
    print(f"babel {locale}: {format_list(words, style, locale)}")
END
node -e '
for (const [locale, type, ...words] of [
  ["es", "conjunction", "A", "B", "C"],
  ["es", "conjunction", "España", "Italia"],
  ["es", "conjunction", "pan", "hierba"],
  ["es", "disjunction", "siete", "ocho"],
  ["he", "conjunction", "תיק", "iPad"],
]) console.log(`intl ${locale}: ${new Intl.ListFormat(locale, {type}).format(words)}`);' >> "$work/seen"
cat "$work/seen"
diff "$work/expected" "$work/seen"

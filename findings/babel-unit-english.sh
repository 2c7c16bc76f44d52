#!/usr/bin/env bash
# Subject: Babel 2.18.0 (Python) beside Intl of Node 20 (ICU).
# Guess: `format_unit(3, "day")` writes "3 days" in each language that has words for days, as it does
#   in German, French and Spanish.
# Seen: where CLDR lets the long form be the short one, as it does in Italian, Portuguese, Dutch,
#   Turkish, Arabic, Japanese, Chinese and Korean, Babel does not look there and appends the unit's
#   own identifier: `3 day`, never with an s; hours and weeks of the same languages may be right.
#   `length="short"` and `format_timedelta` have the word.
# Cost: "solo 3 day" and "あと3 day" in mails that are right in the languages of those who test them.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v node >/dev/null || exit 2
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.18.0 || exit 2
cat > "$work/expected" <<'END'
babel de: 3 Tage, 3 Stunden; short: 3 Tg.; timedelta: 3 Tage
babel it: 3 day, 3 ore; short: 3 giorni; timedelta: 3 giorni
babel pt: 3 day, 3 horas; short: 3 dias; timedelta: 3 dias
babel nl: 3 day, 3 hour; short: 3 dagen; timedelta: 3 dagen
babel ar: 3 day, 3 ساعات; short: 3 أيام; timedelta: 3 أيام
babel ja: 3 day, 3 hour; short: 3 日; timedelta: 3 日
babel ko: 3 day, 3 hour; short: 3일; timedelta: 3일
intl de: 3 Tage, 3 Stunden
intl it: 3 giorni, 3 ore
intl pt: 3 dias, 3 horas
intl nl: 3 dagen, 3 uur
intl ar: 3 أيام, 3 ساعات
intl ja: 3 日, 3 時間
intl ko: 3일, 3시간
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from datetime import timedelta

from babel.dates import format_timedelta
from babel.units import format_unit

for locale in ("de", "it", "pt", "nl", "ar", "ja", "ko"):
    days, hours = format_unit(3, "day", locale=locale), format_unit(3, "hour", locale=locale)
    short, lasting = format_unit(3, "day", length="short", locale=locale), format_timedelta(timedelta(days=3), locale=locale)
    print(f"babel {locale}: {days}, {hours}; short: {short}; timedelta: {lasting}")
END
node -e '
for (const locale of ["de", "it", "pt", "nl", "ar", "ja", "ko"]) {
  const said = (unit) => new Intl.NumberFormat(locale, {style: "unit", unit, unitDisplay: "long"}).format(3);
  console.log(`intl ${locale}: ${said("day")}, ${said("hour")}`);
}' >> "$work/seen"
sed -i 's/\xc2\xa0/ /g; s/\xe2\x80\xaf/ /g' "$work/seen"
cat "$work/seen"
diff "$work/expected" "$work/seen"

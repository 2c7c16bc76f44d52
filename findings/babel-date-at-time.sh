#!/usr/bin/env bash
# Subject: Babel 2.18.0 (Python) beside Intl of Node 20 (ICU).
# Guess: a long date with its time is one pattern of CLDR, so both write it alike.
# Seen: since version 42 CLDR has two ways to join them, and one for a date *at* a time: Intl writes
#   `5. März 2026 um 09:00`, `March 5, 2026 at 9:00 AM`; Babel takes the other one, with a comma. For
#   medium dates, and in Polish and Japanese, they agree.
# Cost: "on March 5, 2026, 9:00 AM" in a sentence of a mail, and tests against a browser that differ
#   in some languages and not in others.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v node >/dev/null || exit 2
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.18.0 || exit 2
cat > "$work/expected" <<'END'
babel en March 5, 2026, 9:00:00 AM UTC
babel de 5. März 2026, 09:00:00 UTC
babel es 5 de marzo de 2026, 9:00:00 UTC
babel pl 5 marca 2026 09:00:00 UTC
intl en March 5, 2026 at 9:00:00 AM UTC
intl de 5. März 2026 um 09:00:00 UTC
intl es 5 de marzo de 2026 a las 9:00:00 UTC
intl pl 5 marca 2026 09:00:00 UTC
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from datetime import UTC, datetime

from babel.dates import format_datetime

for locale in ("en", "de", "es", "pl"):
    print("babel", locale, format_datetime(datetime(2026, 3, 5, 9, 0, tzinfo=UTC), "long", locale=locale))
END
node -e '
for (const locale of ["en", "de", "es", "pl"]) {
  const form = new Intl.DateTimeFormat(locale, {dateStyle: "long", timeStyle: "long", timeZone: "UTC"});
  console.log("intl", locale, form.format(new Date("2026-03-05T09:00Z")));
}' >> "$work/seen"
sed -i 's/\xc2\xa0/ /g; s/\xe2\x80\xaf/ /g' "$work/seen"
cat "$work/seen"
diff "$work/expected" "$work/seen"

#!/usr/bin/env bash
# Subject: LiquidJS 10.30.1 (npm) and python-liquid 2.3.6 (Python), the filter `date`.
# Guess: `20261129` is ISO 8601's short form of a day, as in file names, feeds and iCalendar, and is
#   read as that or given back as it stands, as other text that is no date is.
# Seen: text of digits alone is seconds since 1970, in both as in Shopify's Liquid: the 29th of
#   November 2026 is a day in August 1970, and a year on its own the first of January 1970. With
#   hyphens it is the day that it says; what is no date at all does come back as it stands.
# Cost: "your voucher runs out on 23 August 1970" in the mails of the one feed that leaves the hyphens
#   out, and no error anywhere.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TZ=UTC
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund liquidjs@10.30.1 || exit 2
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check python-liquid==2.3.6 || exit 2
cat > expected <<'END'
liquidjs 2026-11-29: 29 November 2026
liquidjs 20261129: 23 August 1970
liquidjs 2026: 1 January 1970
liquidjs next week: next week
python-liquid 2026-11-29: 29 November 2026
python-liquid 20261129: 23 August 1970
python-liquid 2026: 1 January 1970
python-liquid next week: next week
END
cat > look.mjs <<'END'
import { Liquid } from "liquidjs";

const engine = new Liquid({ timezoneOffset: 0 });
for (const day of ["2026-11-29", "20261129", "2026", "next week"])
  console.log(`liquidjs ${day}: ${engine.parseAndRenderSync("{{ day | date: '%-d %B %Y' }}", { day })}`);
END
cat > look.py <<'END'
from liquid import Environment

for day in ("2026-11-29", "20261129", "2026", "next week"):
    made = Environment().from_string("{{ day | date: '%-d %B %Y' }}").render(day=day)
    print(f"python-liquid {day}: {made}")
END
node look.mjs > seen
venv/bin/python look.py >> seen
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: Babel 2.18.0 (Python).
# Guess: `format_timedelta` takes the largest unit of which there is a whole one, or rounds to the
#   nearest: six days are "6 days".
# Seen: a unit is taken from 85 % of it on, and the number then rounded, to even where it lies half
#   way: 21 hours are a day, 6 to 10 days one week, 11 days two weeks, 311 days a year; 90 minutes and
#   150 minutes are both 2 hours. `threshold` moves the first; `granularity` is the smallest unit, so
#   "day" does not help.
# Cost: "ends in 1 week" for an offer that ends in six days, and for one that ends in ten; who takes
#   the mail at its word comes too late.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.18.0 || exit 2
cat > "$work/expected" <<'END'
90 minutes: in 2 hours
150 minutes: in 2 hours
20 hours: in 20 hours
21 hours: in 1 day
5 days: in 5 days
6 days: in 1 week
10 days: in 1 week
11 days: in 2 weeks
26 days: in 1 month
310 days: in 10 months
311 days: in 1 year
6 days, granularity day: in 1 week
6 days, threshold 1: in 6 days
13 days, threshold 1: in 2 weeks
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from datetime import timedelta

from babel.dates import format_timedelta


def show(said, how="", **options):
    count, unit = said.split()
    ahead = timedelta(**{unit: int(count)})
    print(f"{said}{how}: {format_timedelta(ahead, add_direction=True, locale='en', **options)}")


for said in ("90 minutes", "150 minutes", "20 hours", "21 hours", "5 days", "6 days", "10 days", "11 days", "26 days", "310 days", "311 days"):
    show(said)
show("6 days", ", granularity day", granularity="day")
show("6 days", ", threshold 1", threshold=1)
show("13 days", ", threshold 1", threshold=1)
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

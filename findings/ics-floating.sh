#!/usr/bin/env bash
# Subject: ics 0.7.3 (Python), beside icalendar 7.3.2.
# Guess: reading a calendar and writing it again keeps what its times are: a time without a zone
#   ("floating": nine in the morning wherever one is) stays one.
# Seen: it gets a Z: nine in the morning UTC. A time in Berlin becomes UTC too, and the zone is gone,
#   so a weekly rule runs by UTC over the change to summer time.
# Cost: "doors open at nine" is one in the morning in Seattle; from March on a Berlin date is an
#   hour late.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check ics==0.7.3 icalendar==7.3.2 tzdata || exit 2
cat > "$work/expected" <<'END'
DTSTART:20261201T090000 -> icalendar DTSTART:20261201T090000, ics DTSTART:20261201T090000Z
DTSTART;TZID=Europe/Berlin:20261201T090000 -> icalendar DTSTART;TZID=Europe/Berlin:20261201T090000, ics DTSTART:20261201T080000Z
END
"$work/venv/bin/python" -W ignore - > "$work/seen" <<'END'
import icalendar
import ics

EVENT = "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261128T090000Z\r\n{}\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\n"
CALENDAR = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//EN\r\n" + EVENT + "END:VCALENDAR\r\n"


def start(text):
    return next(line for line in text.splitlines() if line.startswith("DTSTART"))


for given in ("DTSTART:20261201T090000", "DTSTART;TZID=Europe/Berlin:20261201T090000"):
    text = CALENDAR.format(given)
    one = icalendar.Calendar.from_ical(text).to_ical().decode()
    other = ics.Calendar(text).serialize()
    print(f"{given} -> icalendar {start(one)}, ics {start(other)}")
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

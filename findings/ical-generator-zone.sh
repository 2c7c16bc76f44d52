#!/usr/bin/env bash
# Subject: ical-generator 11.1.2 (npm).
# Guess: a Date is an instant, so with `timezone: "Europe/Berlin"` 09:00 UTC is written as 10:00 in
#   Berlin, on every machine.
# Seen: the digits of the machine's own clock are written and called Berlin's: 09:00 on a server that
#   runs in UTC, 04:00 in New York. Without `timezone` the instant is right.
# Cost: invitations are an hour or six off, and right on the developer's desk in Berlin.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund ical-generator@11.1.2 || exit 2
cat > expected <<'END'
UTC DTSTART:20261224T090000Z DTSTART;TZID=Europe/Berlin:20261224T090000
America/New_York DTSTART:20261224T090000Z DTSTART;TZID=Europe/Berlin:20261224T040000
Europe/Berlin DTSTART:20261224T090000Z DTSTART;TZID=Europe/Berlin:20261224T100000
END
cat > look.mjs <<'END'
import ical from "ical-generator";

const starts = [{}, { timezone: "Europe/Berlin" }].map((zone) => {
  const calendar = ical({ name: "c" });
  calendar.createEvent({ id: "1", summary: "x", start: new Date("2026-12-24T09:00:00Z"), ...zone });
  return calendar.toString().match(/DTSTART.*/)[0].trim();
});
console.log(process.env.TZ, ...starts);
END
for zone in UTC America/New_York Europe/Berlin; do TZ=$zone node look.mjs; done > seen
cat seen
diff expected seen

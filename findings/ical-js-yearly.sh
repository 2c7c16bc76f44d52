#!/usr/bin/env bash
# Subject: ical.js 2.2.1 (npm), beside rrule 2.8.1.
# Guess: a rule that a reader cannot follow is refused; the examples of RFC 5545 (3.8.5.3) are read
#   as they are meant there.
# Seen: "every 20th Monday of the year" and "Monday of week 20" are read as every Monday from then
#   on; the last of January every other year from 2026 begins in 2027.
# Cost: an invitation to a yearly event fills each week of a calendar that reads with it, and a
#   seed-list test that reads with it tells wrong dates of right mail.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund ical.js@2.2.1 rrule@2.8.1 || exit 2
cat > expected <<'END'
FREQ=YEARLY;BYDAY=20MO
  ical.js 1997-05-19 1997-05-26 1997-06-02
  rrule 1997-05-19 1998-05-18 1999-05-17
FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO
  ical.js 1997-05-19 1997-05-26 1997-06-02
  rrule 1997-05-12 1998-05-11 1999-05-17
FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYMONTHDAY=-1
  ical.js 2027-01-31 2029-01-31 2031-01-31
  rrule 2026-01-31 2028-01-31 2030-01-31
END
node - > seen <<'END'
const ICAL = require("ical.js").default ?? require("ical.js");
const { rrulestr } = require("rrule");
const rules = [
  ["FREQ=YEARLY;BYDAY=20MO", "1997-05-19"],
  ["FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12"],
  ["FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYMONTHDAY=-1", "2026-01-31"],
];
for (const [rule, day] of rules) {
  const first = `${day}T09:00:00`;
  const dates = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromString(first));
  const own = [0, 1, 2].map(() => dates.next().toString().slice(0, 10));
  const start = `DTSTART:${first.replace(/[-:]/g, "")}Z`;
  const other = rrulestr(`${start}\nRRULE:${rule};COUNT=3`).all().map((date) => date.toISOString().slice(0, 10));
  console.log(`${rule}\n  ical.js ${own.join(" ")}\n  rrule ${other.join(" ")}`);
}
END
cat seen
diff expected seen

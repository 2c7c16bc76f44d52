#!/usr/bin/env bash
# Subject: ical.js 2.2.1 (npm).
# Guess: in a VTIMEZONE an RDATE with two dates means what two RDATE lines with a date each mean
#   (RFC 5545, 3.8.5.2).
# Seen: of a list only the first date is used: from the second year on, summer time is an hour
#   off. (icalendar 7.3.2 of Python writes such lists.)
# Cost: who reads invitations with it comes an hour late, from the second summer on.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund ical.js@2.2.1 || exit 2
cat > "$work/expected" <<'END'
lines 2025-07-01T13:00:00.000Z
lines 2026-07-01T13:00:00.000Z
list 2025-07-01T13:00:00.000Z
list 2026-07-01T14:00:00.000Z
END
node - > "$work/seen" <<'END'
const ICAL = require("ical.js").default ?? require("ical.js");
const rule = (kind, first, from, to, rdates) =>
  [`BEGIN:${kind}`, `DTSTART:${first}`, ...rdates, `TZOFFSETFROM:${from}`, `TZOFFSETTO:${to}`, `END:${kind}`];
const list = (...dates) => [`RDATE:${dates.join(",")}`];
const lines = (...dates) => dates.map((date) => `RDATE:${date}`);
for (const [name, write] of Object.entries({ lines, list })) {
  const text = [
    "BEGIN:VTIMEZONE", "TZID:Z",
    ...rule("STANDARD", "20241103T020000", "-0400", "-0500", write("20251102T020000", "20261101T020000")),
    ...rule("DAYLIGHT", "20240310T020000", "-0500", "-0400", write("20250309T020000", "20260308T020000")),
    "END:VTIMEZONE",
  ].join("\r\n");
  const zone = new ICAL.Timezone(new ICAL.Component(ICAL.parse(text)));
  for (const year of [2025, 2026]) {
    const time = ICAL.Time.fromString(`${year}-07-01T09:00:00`);
    time.zone = zone;
    console.log(name, new Date(time.toUnixTime() * 1000).toISOString());
  }
}
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

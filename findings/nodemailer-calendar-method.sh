#!/usr/bin/env bash
# Subject: nodemailer 10.6.1 (npm).
# Guess: `icalEvent` labels the calendar part with the METHOD that the calendar itself names, as
#   RFC 6047 (2.4) wants the two to be the same.
# Seen: the label is `method=PUBLISH` whatever stands in the calendar, unless it is given once more.
# Cost: an invitation that says METHOD:REQUEST arrives as a mere notice; what reads the label shows
#   no buttons to accept or decline.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund nodemailer@10.6.1 || exit 2
cat > expected <<'END'
REQUEST alone: method=PUBLISH, METHOD:REQUEST
CANCEL alone: method=PUBLISH, METHOD:CANCEL
REQUEST given again: method=REQUEST, METHOD:REQUEST
END
node - > seen <<'END'
const nodemailer = require("nodemailer");
const transport = nodemailer.createTransport({ streamTransport: true, buffer: true });
const calendar = (method) => [
  "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN", `METHOD:${method}`, "BEGIN:VEVENT", "UID:1@example.com",
  "DTSTAMP:20261128T090000Z", "DTSTART:20261201T090000Z", "ORGANIZER:mailto:a@example.com",
  "ATTENDEE:mailto:b@example.com", "END:VEVENT", "END:VCALENDAR", "",
].join("\r\n");
async function look(name, icalEvent) {
  const sent = await transport.sendMail({ from: "a@example.com", to: "b@example.com", text: "x", icalEvent });
  const text = sent.message.toString();
  console.log(`${name}: ${text.match(/method=\w+/)[0]}, ${text.match(/METHOD:\w+/)[0]}`);
}
(async () => {
  for (const method of ["REQUEST", "CANCEL"]) await look(`${method} alone`, { content: calendar(method) });
  await look("REQUEST given again", { content: calendar("REQUEST"), method: "REQUEST" });
})();
END
cat seen
diff expected seen

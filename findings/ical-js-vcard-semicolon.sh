#!/usr/bin/env bash
# Subject: ical.js 2.2.1 (npm), beside vobject 0.9.9 (Python).
# Guess: what was escaped in a vCard's text is plain when it is read, and the same text when it is
#   written again.
# Seen: an escaped semicolon, which RFC 6350 (3.4) allows and vobject and others write, keeps its
#   backslash in a NOTE; written again, that backslash is escaped in its turn, so others read one
#   more than there was. In a calendar the same library reads it right.
# Cost: a contact that goes through it shows backslashes to everyone who merges the note into mail.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check vobject==0.9.9 || exit 2
echo '{}' > package.json
npm install --silent --no-audit --no-fund ical.js@2.2.1 || exit 2
cat > expected <<'END'
vobject writes NOTE:tea\; milk
ical.js reads tea\; milk
ical.js writes NOTE:tea\\; milk
vobject reads tea\; milk
ical.js reads tea; milk in a calendar
END
cat > write.py <<'END'
import vobject

card = vobject.vCard()
card.add("fn").value = "Ann"
card.add("n").value = vobject.vcard.Name(family="Doe", given="Ann")
card.add("note").value = "tea; milk"
text = card.serialize()
open("first.vcf", "w", newline="").write(text)
print("vobject writes", next(line for line in text.splitlines() if line.startswith("NOTE")))
END
cat > look.js <<'END'
const { readFileSync, writeFileSync } = require("fs");
const ICAL = require("ical.js").default ?? require("ical.js");
const card = new ICAL.Component(ICAL.parse(readFileSync("first.vcf", "utf8")));
console.log("ical.js reads", card.getFirstPropertyValue("note"));
console.log("ical.js writes", card.toString().match(/NOTE.*/)[0].trim());
writeFileSync("second.vcf", card.toString() + "\r\n");
END
cat > read.py <<'END'
import vobject

print("vobject reads", vobject.readOne(open("second.vcf", newline="").read()).note.value)
END
cat > calendar.js <<'END'
const ICAL = require("ical.js").default ?? require("ical.js");
const event = new ICAL.Component(ICAL.parse("BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:tea\\; milk\r\nEND:VEVENT"));
console.log("ical.js reads", event.getFirstPropertyValue("summary"), "in a calendar");
END
{ venv/bin/python write.py; node look.js; venv/bin/python read.py; node calendar.js; } > seen
cat seen
diff expected seen

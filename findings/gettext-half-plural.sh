#!/usr/bin/env bash
# Subject: GNU msgfmt 0.21 (Debian's gettext; without it or with another version this exits with 2),
#   gettext-parser 10.0.0 (npm), Babel 2.18.0 and polib 1.2.0 (Python).
# Guess: a message of which one plural form is not yet translated counts as untranslated, or falls
#   back to the source text for that form; at least `msgfmt --check` tells of it.
# Seen: three answers to one file. msgfmt passes it, counts it as translated, and writes an empty
#   text, which is what the reader gets for 5; so does gettext-parser. Babel writes the English text
#   for that form only. polib leaves the whole message out.
# Cost: a sentence is missing from the mails of all whose number wants the third form; the test with
#   1 and 2 is right, and the report says that all is translated.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
msgfmt --version 2> /dev/null | grep -q ' 0\.21$' || { echo "msgfmt 0.21 is missing"; exit 2; }
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund gettext-parser@10.0.0 || exit 2
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Babel==2.18.0 polib==1.2.0 || exit 2
cat > pl.po <<'END'
msgid ""
msgstr ""
"Project-Id-Version: mail\n"
"PO-Revision-Date: 2026-11-29 09:00+0100\n"
"Last-Translator: none\n"
"Language-Team: none\n"
"Language: pl\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "One point."
msgid_plural "{n} points."
msgstr[0] "Jeden punkt."
msgstr[1] "{n} punkty."
msgstr[2] ""
END
cat > expected <<'END'
1 translated message.
msgfmt: "Jeden punkt." "{n} punkty." ""
gettext-parser: "Jeden punkt." "{n} punkty." ""
babel: "Jeden punkt." "{n} punkty." "{n} points."
polib: "One point." "{n} points." "{n} points."
END
LC_ALL=C msgfmt --check --statistics -o msgfmt.mo pl.po 2> seen
cat > compile.mjs <<'END'
import { readFileSync, writeFileSync } from "node:fs";
import { mo, po } from "gettext-parser";

writeFileSync("gettext-parser.mo", mo.compile(po.parse(readFileSync("pl.po"))));
END
node compile.mjs
cat > look.py <<'END'
from gettext import GNUTranslations

import polib
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

with open("pl.po", "rb") as source, open("babel.mo", "wb") as made:
    write_mo(made, read_po(source))
polib.pofile("pl.po").save_as_mofile("polib.mo")
for name in ("msgfmt", "gettext-parser", "babel", "polib"):
    with open(f"{name}.mo", "rb") as made:
        said = GNUTranslations(made)
    print(f"{name}:", *(f'"{said.ngettext("One point.", "{n} points.", count)}"' for count in (1, 2, 5)))
END
venv/bin/python look.py >> seen
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: gettext-parser 10.0.0 and gettext-converter 1.3.4 (npm), beside Babel 2.18.0 (Python).
# Guess: what is marked `fuzzy`, msgmerge's guess from a similar message, is left out of what is
#   compiled until a translator has seen it, as msgfmt, Babel and polib do.
# Seen: gettext-parser's `mo.compile` writes it like any other, and has no option for it.
#   gettext-converter takes it over too; its `skipUntranslated` drops it, but not where a second flag
#   stands beside `fuzzy`, as in every message with placeholders.
# Cost: a message whose English was changed from "shipped" to "cancelled" goes out in German as
#   "shipped" with the next release.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund gettext-parser@10.0.0 gettext-converter@1.3.4 || exit 2
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check Babel==2.18.0 || exit 2
cat > de.po <<'END'
msgid ""
msgstr ""
"Language: de\n"
"Content-Type: text/plain; charset=UTF-8\n"

#, fuzzy
#| msgid "Your order is shipped."
msgid "Your order is cancelled."
msgstr "Die Bestellung ist unterwegs."

#, fuzzy, python-brace-format
#| msgid "Order {number} is shipped."
msgid "Order {number} is cancelled."
msgstr "Bestellung {number} ist unterwegs."
END
cat > expected <<'END'
gettext-parser: Die Bestellung ist unterwegs. / Bestellung {number} ist unterwegs.
gettext-converter: Die Bestellung ist unterwegs. / Bestellung {number} ist unterwegs.
gettext-converter, skipUntranslated: undefined / Bestellung {number} ist unterwegs.
babel: Your order is cancelled. / Order {number} is cancelled.
END
cat > look.mjs <<'END'
import { readFileSync } from "node:fs";
import { po2i18next } from "gettext-converter";
import { mo, po } from "gettext-parser";

const source = readFileSync("de.po"), ids = ["Your order is cancelled.", "Order {number} is cancelled."];
const compiled = mo.parse(mo.compile(po.parse(source))).translations[""];
const show = (name, texts) => console.log(`${name}: ${texts.join(" / ")}`);
show("gettext-parser", ids.map((id) => compiled[id]?.msgstr));
for (const skipUntranslated of [false, true]) {
  const texts = po2i18next(source, { skipUntranslated, compatibilityJSON: "v4" });
  show(`gettext-converter${skipUntranslated ? ", skipUntranslated" : ""}`, ids.map((id) => `${texts[id]}`));
}
END
node look.mjs > seen
cat > look.py <<'END'
from gettext import GNUTranslations
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

made = BytesIO()
with open("de.po", "rb") as source:
    write_mo(made, read_po(source))
said = GNUTranslations(BytesIO(made.getvalue()))
print(f"babel: {said.gettext('Your order is cancelled.')} / {said.gettext('Order {number} is cancelled.')}")
END
venv/bin/python look.py >> seen
cat seen
diff expected seen

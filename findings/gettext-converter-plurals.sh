#!/usr/bin/env bash
# Subject: gettext-converter 1.3.4 (npm), its texts read by i18next 27.1.2.
# Guess: a catalogue's own `Plural-Forms` says which form is whose, so each number gets its text.
# Seen: the header is not looked at. A table by language decides, in an order that is not the one
#   that GNU, Babel and translators' tools write for Slovene: all forms move by one, and 1 gets the
#   text of two. Latvian's second and third form are both named "zero", so the text for 2 to 9 is
#   gone, and i18next shows the key. Polish is right.
# Cost: every number in Slovene mails is in the wrong form, and Latvians are shown the key or English;
#   the converted file is valid, and the languages that one tests with are right.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund gettext-converter@1.3.4 i18next@27.1.2 || exit 2
cat > expected <<'END'
sl 1: 1 točki
sl 2: 2 točke
sl 3: 3 točk
sl 5: 5 točka
lv 1: 1 punkts
lv 2: points
lv 10: 10 punktu
pl 1: 1 punkt
pl 2: 2 punkty
pl 5: 5 punktów
END
cat > look.mjs <<'END'
import { po2i18next } from "gettext-converter";
import i18next from "i18next";

const catalogues = [
  ["sl", "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);", ["točka", "točki", "točke", "točk"], [1, 2, 3, 5]],
  ["lv", "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);", ["punkts", "punkti", "punktu"], [1, 2, 10]],
  ["pl", "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);", ["punkt", "punkty", "punktów"], [1, 2, 5]],
];
for (const [language, forms, words, counts] of catalogues) {
  const source = [
    `msgid ""\nmsgstr ""\n"Language: ${language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: ${forms}\\n"\n`,
    `msgid "points"\nmsgid_plural "points"`,
    ...words.map((word, at) => `msgstr[${at}] "{{count}} ${word}"`),
  ].join("\n");
  const translation = po2i18next(source, { compatibilityJSON: "v4" });
  const texts = i18next.createInstance();
  await texts.init({ lng: language, resources: { [language]: { translation } } });
  for (const count of counts) console.log(`${language} ${count}: ${texts.t("points", { count })}`);
}
END
node look.mjs > seen
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: react-email 6.11.13 (npm).
# Guess: a Preview writes the hidden text it is given, and nothing else.
# Seen: it is cut after 200 characters without a word, counted as the source has it: of a text with
#   placeholders for the sending service one can be cut in half, or an `endif` go. And it is made a
#   `title` as well, a second one behind that of Head.
# Cost: the service refuses the template, or the inbox shows `{{ first_`; the page that opens in a
#   browser, and what a screen reader announces first, has two titles.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund react-email@6.11.13 react@19.3.1 react-dom@19.3.1 || exit 2
cat > expected <<'END'
Sale | short | 5: short
Sale | A... {{ first_ | 200: A... {{ first_
Sale | {% if vip %}A... | 200: {% if vip %}A...
END
cat > look.mjs <<'END'
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { Body, Head, Html, Preview } from "react-email";

const short = (text) => text.replace(/A{50,}/, "A...").trim();
for (const text of [
  "short",
  `${"A".repeat(190)} {{ first_name }}, read on`,
  `{% if vip %}${"A".repeat(200)}{% else %}welcome{% endif %}`,
]) {
  const head = createElement(Head, null, createElement("title", null, "Sale"));
  const made = renderToStaticMarkup(createElement(Html, null, head, createElement(Preview, null, text), createElement(Body)));
  const titles = [...made.matchAll(/<title>([^<]*)/g)].map((match) => short(match[1]));
  const hidden = made.match(/display:none[^>]*>([^<]*)/)[1];
  console.log(`${titles.join(" | ")} | ${hidden.length}: ${short(hidden)}`);
}
END
node look.mjs > seen
cat seen
diff expected seen

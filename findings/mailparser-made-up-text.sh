#!/usr/bin/env bash
# Subject: mailparser 3.14.2 beside postal-mime 4.0.0 (npm).
# Guess: `text` is the mail's text part, so a mail without one has no `text`; `html` is the HTML part
#   as it was sent.
# Seen: mailparser makes a `text` out of the HTML, with headings in capitals, and nothing in the
#   result says so (`skipHtmlToText` leaves it empty); postal-mime leaves it undefined. In `html`
#   mailparser puts the pictures themselves in the place of their `cid:` links.
# Cost: a test on the received mail, "there is a text part, and it greets Anna", passes for a campaign
#   that has none; the size of `html` is not the size that a client cuts at.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund mailparser@3.14.2 postal-mime@4.0.0 || exit 2
cat > expected <<'END'
HTML only, mailparser: text "SALE\n\nHello Anna" html "<h1>Sale</h1><p>Hello Anna</p>"
HTML only, postal-mime: text undefined html "<h1>Sale</h1><p>Hello Anna</p>"
logo, mailparser: text undefined html "<img src=\"data:image/gif;base64,R0lGODlh\">"
logo, postal-mime: text undefined html "<img src=\"cid:logo\">"
HTML only, mailparser, skipHtmlToText: text ""
END
cat > look.mjs <<'END'
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";

const head = "From: shop@shop.example\r\nTo: anna@reader.example\r\nSubject: Sale\r\nMIME-Version: 1.0\r\n";
const plain = `${head}Content-Type: text/html; charset=utf-8\r\n\r\n<h1>Sale</h1><p>Hello Anna</p>\r\n`;
const logo = [
  `${head}Content-Type: multipart/related; boundary=part\r\n`,
  "--part\r\nContent-Type: text/html\r\n\r\n<img src=\"cid:logo\">",
  "--part\r\nContent-Type: image/gif\r\nContent-ID: <logo>\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlh",
  "--part--\r\n",
].join("\r\n");
const show = ({ text, html }) => `text ${JSON.stringify(text)} html ${JSON.stringify(html.trim())}`;
for (const [name, mail] of [["HTML only", plain], ["logo", logo]]) {
  console.log(`${name}, mailparser: ${show(await simpleParser(mail))}`);
  console.log(`${name}, postal-mime: ${show(await PostalMime.parse(mail))}`);
}
const skipped = await simpleParser(plain, { skipHtmlToText: true });
console.log(`HTML only, mailparser, skipHtmlToText: text ${JSON.stringify(skipped.text)}`);
END
node look.mjs > seen
cat seen
diff expected seen

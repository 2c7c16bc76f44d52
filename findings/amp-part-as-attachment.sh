#!/usr/bin/env bash
# Subject: mailparser 3.14.2 and postal-mime 4.0.0 (npm), which read a mail with an AMP part.
# Guess: an alternative that a reader does not know is passed over, as RFC 2046 asks of readers, or is
#   there as one more text of the mail; attachments are what was attached.
# Seen: both list the part text/x-amp-html of multipart/alternative among the attachments, without a
#   name and without a disposition. A calendar part in its place is an attachment for mailparser and
#   for postal-mime, too.
# Cost: whoever counts, scans or stores attachments counts one in every mail that has an AMP part, and
#   a rule such as "no attachments in newsletters" stops them all.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund --omit=optional mailparser@3.14.2 postal-mime@4.0.0 || exit 2
cat > expected <<'END'
text/x-amp-html: mailparser ["text/x-amp-html"], postal-mime ["text/x-amp-html"]
text/calendar; method=REQUEST: mailparser ["text/calendar"], postal-mime ["text/calendar"]
text/enriched: mailparser ["text/enriched"], postal-mime ["text/enriched"]
END
cat > look.js <<'END'
const { simpleParser } = require("mailparser");
const loaded = require("postal-mime");
const PostalMime = loaded.default || loaded;
const part = (type, text) => ["--b", `Content-Type: ${type}`, "", text];
const mail = (type) => [
  "From: shop@example.com", "To: ann@example.com", "Subject: Hi", "MIME-Version: 1.0",
  "Content-Type: multipart/alternative; boundary=b", "",
  ...part("text/plain; charset=utf-8", "Hi"), ...part(type, "Hi"), ...part("text/html; charset=utf-8", "<p>Hi</p>"),
  "--b--", "",
].join("\r\n");
(async () => {
  for (const type of ["text/x-amp-html", "text/calendar; method=REQUEST", "text/enriched"]) {
    const first = (await simpleParser(mail(type))).attachments.map((one) => one.contentType);
    const second = (await PostalMime.parse(mail(type))).attachments.map((one) => one.mimeType);
    console.log(`${type}: mailparser ${JSON.stringify(first)}, postal-mime ${JSON.stringify(second)}`);
  }
})();
END
node look.js > seen
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: letterparser 0.1.8 (npm), beside postal-mime 4.0.0.
# Guess: of a bounce (RFC 3464) the returned newsletter is an attachment, as is the part for
#   machines that says which address failed.
# Seen: the newsletter's text and HTML become the bounce's own, and the part for machines is nowhere:
#   neither text nor attachment.
# Cost: a bounce counts as a reply that says "Buy now", and the dead address stays on the list.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund letterparser@0.1.8 postal-mime@4.0.0 || exit 2
cat > expected <<'END'
letterparser {"text":"The mailbox is full.\nBuy now.","html":"<p>Buy now.</p>","parts":[]}
postal-mime {"text":"The mailbox is full.","parts":["message/delivery-status","message/rfc822"]}
END
node - > seen <<'END'
const { extract } = require("letterparser");
const { default: PostalMime } = require("postal-mime");
const sent = [
  "From: news@example.com", "To: ann@example.org", "Subject: Sale", "MIME-Version: 1.0",
  "Content-Type: multipart/alternative; boundary=B", "", "--B", "Content-Type: text/plain", "", "Buy now.",
  "--B", "Content-Type: text/html", "", "<p>Buy now.</p>", "--B--",
];
const bounce = [
  "From: mailer@mx.example.net", "To: bounces@example.com", "Subject: Undelivered", "MIME-Version: 1.0",
  "Content-Type: multipart/report; report-type=delivery-status; boundary=A", "",
  "--A", "Content-Type: text/plain", "", "The mailbox is full.",
  "--A", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example.net", "",
  "Final-Recipient: rfc822; ann@example.org", "Action: failed", "Status: 5.2.2", "",
  "--A", "Content-Type: message/rfc822", "", ...sent, "--A--", "",
].join("\r\n");
const show = (name, { text, html, attachments }, kind) =>
  console.log(name, JSON.stringify({ text: text.trim(), html, parts: attachments.map(kind) }));
show("letterparser", extract(bounce), (part) => part.contentType.type);
PostalMime.parse(bounce).then((made) => show("postal-mime", made, (part) => part.mimeType));
END
cat seen
diff expected seen

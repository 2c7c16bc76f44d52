#!/usr/bin/env bash
# Subject: mailparser 3.14.2 beside nodemailer 10.6.1 (npm; one author).
# Guess: what nodemailer writes as List-Unsubscribe, mailparser gives back in `headers.get("list")`
#   as `url` and `mail`.
# Seen: with a comment behind the address (RFC 2369 allows it, nodemailer has a field for it) there
#   is no `url`: the address stands under `id`. Of two addresses of one kind only the last is left,
#   though the first is the one to prefer.
# Cost: a seed-list test that reads `list.unsubscribe.url` says that a good mail has no link, and
#   code that unsubscribes by it does nothing.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund nodemailer@10.6.1 mailparser@3.14.2 || exit 2
cat > expected <<'END'
<https://example.com/u> => {"url":"https://example.com/u"}
<https://example.com/u> (Stop) => {"name":"Stop","id":"https://example.com/u"}
<https://example.com/u>, <mailto:u@example.com> => {"url":"https://example.com/u","mail":"u@example.com"}
<https://example.com/u>, <https://example.com/v> => {"url":"https://example.com/v"}
END
node - > seen <<'END'
const nodemailer = require("nodemailer");
const { simpleParser } = require("mailparser");
const transport = nodemailer.createTransport({ streamTransport: true, buffer: true });
const values = [
  "https://example.com/u",
  { url: "https://example.com/u", comment: "Stop" },
  [["https://example.com/u", "u@example.com"]],
  [["https://example.com/u", "https://example.com/v"]],
];
(async () => {
  for (const unsubscribe of values) {
    const mail = { from: "a@example.com", to: "b@example.com", text: "x", list: { unsubscribe } };
    const { message } = await transport.sendMail(mail);
    const written = message.toString().match(/List-Unsubscribe: ((?:.|\r\n )*)/)[1].replace(/\r\n/g, "");
    console.log(`${written} => ${JSON.stringify((await simpleParser(message)).headers.get("list").unsubscribe)}`);
  }
})();
END
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: nodemailer 10.6.1 (npm).
# Guess: `list`, which writes List-Unsubscribe and its sisters, writes List-Unsubscribe-Post too.
# Seen: each value is taken for an address: the constant `List-Unsubscribe=One-Click` (RFC 8058)
#   comes out as `<http://List-Unsubscribe=One-Click>`. Written under `headers` it stays what it is.
# Cost: a provider that asks for one-click unsubscribing finds none, and nothing was told.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund nodemailer@10.6.1 || exit 2
cat > expected <<'END'
list: List-Unsubscribe-Post: <http://List-Unsubscribe=One-Click>
list: List-Unsubscribe: <https://example.com/u>
headers: List-Unsubscribe-Post: List-Unsubscribe=One-Click
headers: List-Unsubscribe: <https://example.com/u>
END
node - > seen <<'END'
const nodemailer = require("nodemailer");
const transport = nodemailer.createTransport({ streamTransport: true, buffer: true });
const unsubscribe = "https://example.com/u";
const ONE_CLICK = "List-Unsubscribe=One-Click";
const ways = {
  list: { list: { unsubscribe, "unsubscribe-post": ONE_CLICK } },
  headers: { list: { unsubscribe }, headers: { "List-Unsubscribe-Post": ONE_CLICK } },
};
(async () => {
  for (const [name, way] of Object.entries(ways)) {
    const sent = await transport.sendMail({ from: "a@example.com", to: "b@example.com", text: "x", ...way });
    const lines = sent.message.toString().split("\r\n").filter((line) => line.startsWith("List-Unsubscribe"));
    for (const line of lines.sort()) console.log(`${name}: ${line}`);
  }
})();
END
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: mailparser 3.14.2 (npm), its map of headers.
# Guess: `parsed.headers` holds decoded text: `subject` is, and so are the names in `from` and `to`.
# Seen: encoded words stay as they are in every header that it has no rule for: `Comments`, which RFC
#   5322 calls unstructured, `Thread-Topic`, and each header of one's own. The package libmime, which
#   it is built on, decodes them when it is asked.
# Cost: a value such as a town or a campaign's name that was sent in a header comes back as
#   `=?utf-8?q?..?=` once it holds a letter beyond ASCII, and as itself before: tests with English
#   data never show it.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund --omit=optional mailparser@3.14.2 || exit 2
cat > expected <<'END'
subject: Zürich
comments: =?utf-8?q?Z=C3=BCrich?= (libmime: Zürich)
thread-topic: =?utf-8?q?Z=C3=BCrich?= (libmime: Zürich)
x-town: =?utf-8?q?Z=C3=BCrich?= (libmime: Zürich)
x-plain: Zurich
END
cat > look.js <<'END'
const { simpleParser } = require("mailparser");
const libmime = require("libmime");
const town = "=?utf-8?q?Z=C3=BCrich?=";
const mail = [
  "From: shop@example.com", `Subject: ${town}`, `Comments: ${town}`, `Thread-Topic: ${town}`, `X-Town: ${town}`,
  "X-Plain: Zurich", "", "Hi", "",
].join("\r\n");
simpleParser(mail).then(({ headers }) => {
  for (const name of ["subject", "comments", "thread-topic", "x-town", "x-plain"]) {
    const text = headers.get(name), read = libmime.decodeWords(text);
    console.log(`${name}: ${text}${read === text ? "" : ` (libmime: ${read})`}`);
  }
});
END
node look.js > seen
cat seen
diff expected seen

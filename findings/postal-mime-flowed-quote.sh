#!/usr/bin/env bash
# Subject: postal-mime 4.0.0 (npm).
# Guess: a flowed paragraph that is quoted is joined as RFC 3676 (4.5) says: the quote mark of
#   each line is taken off first, so that one mark is left.
# Seen: the mark of the second line lands inside the sentence; mailparser 3.14.2 reads the same
#   mail as one quoted line.
# Cost: replies that are taken apart by quote marks keep a piece of the quoted mail.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund postal-mime@4.0.0 mailparser@3.14.2 || exit 2
cat > "$work/expected" <<'END'
postal-mime "> one > two"
mailparser "> one two"
END
node - > "$work/seen" <<'END'
const { default: PostalMime } = require("postal-mime");
const { simpleParser } = require("mailparser");
const mail = [
  "From: a@example.com", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8; format=flowed", "",
  "> one ", "> two", "",
].join("\r\n");
(async () => {
  console.log("postal-mime", JSON.stringify((await PostalMime.parse(mail)).text.trim()));
  console.log("mailparser", JSON.stringify((await simpleParser(mail)).text.trim()));
})();
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

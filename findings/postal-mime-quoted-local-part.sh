#!/usr/bin/env bash
# Subject: postal-mime 4.0.0 (npm).
# Guess: an address is read alike with and without angle brackets.
# Seen: a quoted local part keeps its quotes inside brackets and loses them without, where the
#   result is no address any more.
# Cost: the answer goes to an address that is none.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund postal-mime@4.0.0 || exit 2
cat > "$work/expected" <<'END'
<"a b"@example.com> -> "a b"@example.com
"a b"@example.com -> a b@example.com
END
node - > "$work/seen" <<'END'
const { default: PostalMime } = require("postal-mime");
(async () => {
  for (const from of ['<"a b"@example.com>', '"a b"@example.com']) {
    const mail = await PostalMime.parse(`From: ${from}\r\n\r\nhello\r\n`);
    console.log(from, "->", mail.from.address);
  }
})();
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

#!/usr/bin/env bash
# Subject: validator 13.15.35 (npm), `normalizeEmail`, which express-validator calls as well.
# Guess: a normalised address reaches the same person: what follows a plus is cut off, and Gmail's
#   dots, where the provider does so itself.
# Seen: at Yahoo the last hyphen and all behind it are cut off, whatever stands there: half of a first
#   name, or the end of a disposable address, which Yahoo builds on a base name that is no mailbox of
#   its own. A plus at Yahoo stays. `yandex.com` becomes `yandex.ru`.
# Cost: anna-maria's mail goes to anna, a stranger, and both are one customer; who signed up with a
#   disposable address bounces, though it was right as typed.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund validator@13.15.35 || exit 2
cat > expected <<'END'
anna-maria@yahoo.com -> anna@yahoo.com
anna-maria-shop@ymail.com -> anna-maria@ymail.com
anna-maria@outlook.com -> anna-maria@outlook.com
anna+shop@outlook.com -> anna@outlook.com
anna+shop@yahoo.com -> anna+shop@yahoo.com
anna@yandex.com -> anna@yandex.ru
END
node -e '
const { normalizeEmail } = require("validator");
for (const name of ["anna-maria@yahoo.com", "anna-maria-shop@ymail.com", "anna-maria@outlook.com", "anna+shop@outlook.com", "anna+shop@yahoo.com", "anna@yandex.com"])
  console.log(`${name} -> ${normalizeEmail(name)}`);' > seen
cat seen
diff expected seen

#!/usr/bin/env bash
# Subject: mailcheck 1.1.1 and @zootools/email-spell-checker 1.12.0 (npm).
# Guess: a well-known provider's own domain is no typing mistake, and a suggestion mends the part
#   that is wrong.
# Seen: Yahoo India is "corrected" to Israel, Libero and Proton to other countries' domains, Apple's
#   mac.com to mail.com by the second, GMX to Cox. The ending is replaced where its letters first
#   stand in the name: company.co becomes commpany.co.
# Cost: who taps the suggestion signs up a stranger; the double opt-in mail goes to them.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo '{}' > package.json
npm install --silent --no-audit --no-fund mailcheck@1.1.1 @zootools/email-spell-checker@1.12.0 || exit 2
cat > expected <<'END'
gmial.com -> gmail.com, gmail.com
yahoo.co.in -> yahoo.co.il, yahoo.co.il
libero.it -> live.it, live.it
proton.me -> proton.de, -
mac.com -> -, mail.com
gmx.net -> -, cox.net
company.co -> commpany.co, -
END
node - > seen <<'END'
const checks = [require("mailcheck"), require("@zootools/email-spell-checker")];
for (const domain of ["gmial.com", "yahoo.co.in", "libero.it", "proton.me", "mac.com", "gmx.net", "company.co"]) {
  const said = checks.map((check) => (check.default ?? check).run({ email: `ann@${domain}` })?.domain ?? "-");
  console.log(`${domain} -> ${said.join(", ")}`);
}
END
cat seen
diff expected seen

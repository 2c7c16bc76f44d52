#!/usr/bin/env bash
# Subject: email-validator 2.4.0 (Python).
# Guess: `normalized` writes letters of full width, which some keyboards type, as plain ones everywhere, or refuses them.
# Seen: behind the @ they become plain letters, before it they stay, and the address has no ASCII form any more.
# Cost: the same person typed on such a keyboard is another address, which only servers with SMTPUTF8 can reach.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check email-validator==2.4.0 dnspython==2.9.2 idna==3.20 || exit 2
cat > "$work/expected" <<'END'
'ann@\uff45xample.com' -> 'ann@example.com', ASCII: ann@example.com
'\uff41nn@example.com' -> '\uff41nn@example.com', ASCII: None
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from email_validator import validate_email

for address in ("ann@\uff45xample.com", "\uff41nn@example.com"):
    found = validate_email(address, check_deliverability=False)
    print(f"{address!a} -> {found.normalized!a}, ASCII: {found.ascii_email}")
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

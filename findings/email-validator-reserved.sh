#!/usr/bin/env bash
# Subject: email-validator 2.4.0 (Python).
# Guess: the check for reserved names refuses all of RFC 2606's and ICANN's names alike.
# Seen: `.test` is refused; `.example` (RFC 2606) and `.internal` (reserved by ICANN in 2024)
#   pass, as long as DNS is not asked.
# Cost: test data with `.example` gets into a real list and bounces from there.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check email-validator==2.4.0 dnspython==2.9.2 idna==3.20 || exit 2
cat > "$work/expected" <<'END'
a@shop.test refused
a@shop.example accepted
a@shop.internal accepted
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from email_validator import EmailNotValidError, validate_email

for address in ("a@shop.test", "a@shop.example", "a@shop.internal"):
    try:
        validate_email(address, check_deliverability=False)
        print(address, "accepted")
    except EmailNotValidError:
        print(address, "refused")
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

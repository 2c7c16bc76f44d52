#!/usr/bin/env bash
# Subject: dkimpy 1.1.8 (Python).
# Guess: the headers that are signed unless one says otherwise cover one-click unsubscribing,
#   where RFC 8058 asks that both of its headers be signed.
# Seen: List-Unsubscribe is among them, List-Unsubscribe-Post is not.
# Cost: providers that want one-click unsubscribing signed treat the mail as if it had none.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check dkimpy==1.1.8 dnspython==2.9.2 || exit 2
cat > "$work/expected" <<'END'
from True
list-unsubscribe True
list-unsubscribe-post False
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import dkim

message = (
    b"From: a@example.com\r\nList-Unsubscribe: <https://example.com/u>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nhello\r\n"
)
signed = {name.lower().decode() for name in dkim.DKIM(message).default_sign_headers()}
for name in ("from", "list-unsubscribe", "list-unsubscribe-post"):
    print(name, name in signed)
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

#!/usr/bin/env bash
# Subject: w3lib 2.5.0, furl 2.1.4, yarl 1.25.1 (Python) with `mailto:` links.
# Guess: what knows URLs of any scheme writes a `mailto:` link back as it was, or refuses it.
# Seen: all three take it, and write the blanks of its subject as `+`. In `mailto:` a plus is a plus
#   (RFC 6068, section 5): forms of the web are the only place where it is a blank.
# Cost: a "write to us" link that passes through the same link rewriting as the others opens a mail
#   with the subject "Order+7+is+late".
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check w3lib==2.5.0 furl==2.1.4 yarl==1.25.1 || exit 2
cat > "$work/expected" <<'END'
w3lib mailto:help@shop.example?subject=Order+7+is+late
furl mailto:help@shop.example?subject=Order+7+is+late
yarl mailto:help@shop.example?subject=Order+7+is+late&cc=a@shop.example
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from furl import furl
from w3lib.url import canonicalize_url
from yarl import URL

link = "mailto:help@shop.example?subject=Order%207%20is%20late"
print("w3lib", canonicalize_url(link))
print("furl", furl(link).url)
print("yarl", URL(link).update_query({"cc": "a@shop.example"}))
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

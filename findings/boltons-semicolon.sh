#!/usr/bin/env bash
# Subject: boltons 26.2.0 (Python), `urlutils.URL` beside hyperlink 21.0.0.
# Guess: a URL that is read and written again is the same link.
# Seen: a semicolon separates parameters, as W3C advised in 1999, and is written as `&`: one
#   parameter `sizes=38;40` becomes `sizes=38` and a flag `40`. `to_text()` also takes percent signs
#   away (a blank stands in the link as it is); only `full_quote=True` keeps those, not the semicolon.
# Cost: a link with a list in it leads to the first item alone, on every mail that was rewritten.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check boltons==26.2.0 hyperlink==21.0.0 || exit 2
cat > "$work/expected" <<'END'
plain https://shop.example/s?name=Ann Lee&sizes=38&40
quoted https://shop.example/s?name=Ann%20Lee&sizes=38&40
hyperlink https://shop.example/s?name=Ann%20Lee&sizes=38;40
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import hyperlink
from boltons.urlutils import URL

link = "https://shop.example/s?name=Ann%20Lee&sizes=38;40"
print("plain", URL(link).to_text())
print("quoted", URL(link).to_text(full_quote=True))
print("hyperlink", hyperlink.URL.from_text(link).to_text())
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

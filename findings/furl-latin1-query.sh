#!/usr/bin/env bash
# Subject: furl 2.1.4, yarl 1.25.1 beside w3lib 2.5.0 and hyperlink 21.0.0 (Python).
# Guess: adding a parameter to a URL leaves the parameters that are there as they are.
# Seen: furl and yarl decode the query as UTF-8 and write it anew, furl the path as well: `%E4`, a
#   Latin-1 letter as older shops have it, becomes `%EF%BF%BD`, the sign for "unreadable". w3lib and
#   hyperlink leave both alone.
# Cost: links that get `utm_source` this way search for nothing; the old value cannot be had back.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check furl==2.1.4 yarl==1.25.1 w3lib==2.5.0 hyperlink==21.0.0 || exit 2
cat > "$work/expected" <<'END'
furl https://shop.example/t%EF%BF%BD?q=%EF%BF%BD&utm_source=n
yarl https://shop.example/t%E4?q=%EF%BF%BD&utm_source=n
w3lib https://shop.example/t%E4?q=%E4&utm_source=n
hyperlink https://shop.example/t%E4?q=%E4&utm_source=n
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import hyperlink
from furl import furl
from w3lib.url import add_or_replace_parameter
from yarl import URL

link = "https://shop.example/t%E4?q=%E4"
print("furl", furl(link).add({"utm_source": "n"}).url)
print("yarl", URL(link).update_query({"utm_source": "n"}))
print("w3lib", add_or_replace_parameter(link, "utm_source", "n"))
print("hyperlink", hyperlink.URL.from_text(link).add("utm_source", "n").to_text())
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

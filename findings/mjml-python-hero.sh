#!/usr/bin/env bash
# Subject: mjml 0.12.0 (PyPI, a port of MJML to Python).
# Guess: a hero without a background picture compiles, since everything about its background is optional.
# Seen: TypeError, until `background-width` and `background-height` are given.
# Cost: a template that npm's MJML takes ends the rendering, with a traceback that names neither component nor line.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check mjml==0.12.0 || exit 2
cat > "$work/expected" <<'END'
without: TypeError
with: compiled
END
cat > "$work/read.py" <<'END'
from mjml import mjml_to_html

for name, size in (("without", ""), ("with", ' background-width="600px" background-height="400px"')):
    page = f"<mjml><mj-body><mj-hero{size}><mj-text>hello</mj-text></mj-hero></mj-body></mjml>"
    try:
        mjml_to_html(page)
        print(f"{name}: compiled")
    except Exception as error:
        print(f"{name}: {type(error).__name__}")
END
"$work/venv/bin/python" "$work/read.py" > "$work/seen"
cat "$work/seen"
diff "$work/expected" "$work/seen"

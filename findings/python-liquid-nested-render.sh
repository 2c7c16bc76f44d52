#!/usr/bin/env bash
# Subject: python-liquid 2.3.6 (Python).
# Guess: `render` isolates: a partial sees what is handed to it by name and nothing of its
#   caller.
# Seen: that holds for variables the caller assigned, but a partial inside a partial sees the
#   parameters that the outer one was given.
# Cost: a partial tested alone prints one thing, and inside another partial a second.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check python-liquid==2.3.6 || exit 2
cat > "$work/expected" <<'END'
[1|]
[|]
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from liquid import DictLoader, Environment

partials = {"outer": "{% assign own = 2 %}{% render 'inner' %}", "inner": "[{{ given }}|{{ own }}]"}
environment = Environment(loader=DictLoader(partials))
print(environment.from_string("{% render 'outer', given: 1 %}").render())
print(environment.from_string("{% assign given = 1 %}{% render 'outer' %}").render())
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

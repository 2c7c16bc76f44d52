#!/usr/bin/env bash
# Subject: liquidpy 0.10.0 (Python), beside python-liquid 2.3.6.
# Guess: liquidpy, "a port of liquid", adds up a cart with `assign` in a loop, and takes 0 for true
#   as Liquid does.
# Seen: it renders with Jinja's rules of scope and truth: what a loop assigns is lost behind it, so
#   the total is 0, and an `if` takes 0 and the empty text for false; in its modes standard and
#   shopify alike.
# Cost: a basket reminder that totals 0; who has 0 points is asked to join the programme.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for name in liquidpy==0.10.0 python-liquid==2.3.6; do
  python3 -m venv "$work/${name%%==*}"
  "$work/${name%%==*}/bin/pip" install --quiet --disable-pip-version-check "$name" || exit 2
done
cat > "$work/expected" <<'END'
liquidpy standard: total 0, join
liquidpy shopify: total 0, join
python-liquid: total 30, points
END
cat > "$work/look.py" <<'END'
import liquid

TOTAL = "{% assign t = 0 %}{% for price in cart %}{% assign t = t | plus: price %}{% endfor %}total {{ t }}"
POINTS = "{% if points %}points{% else %}join{% endif %}"
DATA = {"cart": [10, 20], "points": 0}
if hasattr(liquid, "Liquid"):
    for mode in ("standard", "shopify"):
        made = [liquid.Liquid(text, from_file=False, mode=mode).render(**DATA) for text in (TOTAL, POINTS)]
        print(f"liquidpy {mode}:", ", ".join(made))
else:
    print("python-liquid:", ", ".join(liquid.Environment().from_string(text).render(DATA) for text in (TOTAL, POINTS)))
END
for name in liquidpy python-liquid; do "$work/$name/bin/python" "$work/look.py"; done > "$work/seen"
cat "$work/seen"
diff "$work/expected" "$work/seen"

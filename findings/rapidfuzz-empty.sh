#!/usr/bin/env bash
# Subject: RapidFuzz 3.14.6 (Python).
# Guess: two empty texts are as alike in one of its scores as in another.
# Seen: `ratio`, `token_sort_ratio`, `partial_ratio` and Jaro-Winkler say all alike, `token_set_ratio`, `WRatio` and
#   `QRatio` say nothing alike.
# Cost: two rows whose name is missing are one person or two, by which score was chosen; a threshold merges strangers.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check rapidfuzz==3.14.6 || exit 2
cat > "$work/expected" <<'END'
ratio 100
token_sort_ratio 100
partial_ratio 100
token_set_ratio 0
WRatio 0
QRatio 0
JaroWinkler 100
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

for name in ("ratio", "token_sort_ratio", "partial_ratio", "token_set_ratio", "WRatio", "QRatio"):
    print(name, round(getattr(fuzz, name)("", "")))
print("JaroWinkler", round(100 * JaroWinkler.similarity("", "")))
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

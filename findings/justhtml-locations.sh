#!/usr/bin/env bash
# Subject: justhtml 3.16.0 (Python).
# Guess: `track_node_locations=True` adds a line and a column to each node and leaves the tree
#   as it is.
# Seen: a bogus comment and a processing instruction, which are nodes of their own without it,
#   become text of the paragraph and are written out escaped.
# Cost: a tool that asks for line numbers, to report better, shows readers the markup it should
#   hide.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check justhtml==3.16.0 || exit 2
cat > "$work/expected" <<'END'
False ['#text', '#comment', '#text', '#processing-instruction', '#text']
<p>a<!--foo-->b<?x ?>c</p>
True ['#text']
<p>a&lt;!foo&gt;b&lt;?x ?&gt;c</p>
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from justhtml import JustHTML

for track in (False, True):
    page = JustHTML("<p>a<!foo>b<?x ?>c</p>", sanitize=False, track_node_locations=track)
    print(track, [child.name for child in page.query("p")[0].children])
    print(page.query("p")[0].to_html(pretty=False))
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

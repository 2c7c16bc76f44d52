#!/usr/bin/env bash
# Subject: Babel 2.18.0 (Python), `read_po` and `write_po`.
# Guess: what was read is written again: a fuzzy entry's previous text, `#| msgid`, by which a
#   translator sees what was changed, stays one (`write_po` has `include_previous` for it).
# Seen: it is read as a comment of the translator and written as `# | msgid`, so that no editor and
#   none of gettext's tools knows it any more; `previous_id` is empty.
# Cost: merged once, every changed sentence has to be compared by eye.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.18.0 || exit 2
cat > "$work/expected" <<'END'
previous [] comments ['| msgid "Old price"']
# | msgid "Old price"
#, fuzzy
msgid "New price"
msgstr "Alter Preis"
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import io

from babel.messages.pofile import read_po, write_po

TEXT = '''msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#, fuzzy
#| msgid "Old price"
msgid "New price"
msgstr "Alter Preis"
'''
catalog = read_po(io.StringIO(TEXT), locale="de")
entry = catalog["New price"]
print("previous", list(entry.previous_id), "comments", list(entry.user_comments))
written = io.BytesIO()
write_po(written, catalog, omit_header=True, include_previous=True)
print(written.getvalue().decode().strip())
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

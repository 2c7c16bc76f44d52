#!/usr/bin/env bash
# Subject: Babel 2.18.0 (Python), `read_po`.
# Guess: it reads a template as gettext's own `xgettext` writes it; the words INTEGER and EXPRESSION
#   in `Plural-Forms` are there for `msginit` to fill in, and a template has no plural rule.
# Seen: ValueError for the number, and not the PoFileError that files of gettext are refused with;
#   without the line the same template is read. A rule that cannot be read (`plural=n%`) is taken.
# Cost: a shop whose templates come from `xgettext` cannot merge them as soon as one text has a plural.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check Babel==2.18.0 || exit 2
cat > "$work/expected" <<'END'
as xgettext has it: ValueError
without the line: 1 text
a rule that is none: 1 text
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
import io

from babel.messages.pofile import PoFileError, read_po

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
ENTRY = '\nmsgid "%d order"\nmsgid_plural "%d orders"\nmsgstr[0] ""\nmsgstr[1] ""\n'
for name, line in {
    "as xgettext has it": '"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n',
    "without the line": "",
    "a rule that is none": '"Plural-Forms: nplurals=2; plural=n%;\\n"\n',
}.items():
    try:
        print(f"{name}: {len(read_po(io.StringIO(HEAD + line + ENTRY)))} text")
    except PoFileError:
        print(f"{name}: PoFileError")
    except ValueError:
        print(f"{name}: ValueError")
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

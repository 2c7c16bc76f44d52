#!/usr/bin/env bash
# Subject: markdown-it-py 4.3.0 beside Markdown 3.11.3 (Python), on text with placeholders that a
#   template engine or the sending service fills in afterwards.
# Guess: to Markdown `{{ name }}` is plain text, so it can be bold and be a link's address.
# Seen: by CommonMark's rules, which markdown-it follows, `**{{ name }}**` is bold where a blank or a
#   stop follows and keeps its asterisks where a letter does, as in Japanese, since `}` is
#   punctuation. A link to `{{ url }}` is no link but text, for the blanks; `{{url}}` is one, to
#   `%7B%7Burl%7D%7D`. Markdown, the older library, does what one guessed in each of the three.
# Cost: `**花子**様` with its asterisks in every Japanese mail, while English, with a comma there, is
#   right; a button whose address nobody fills in any more.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check markdown-it-py==4.3.0 Markdown==3.11.3 || exit 2
cat > "$work/expected" <<'END'
markdown-it-py: Dear <strong>{{ name }}</strong>, hello
Markdown: Dear <strong>{{ name }}</strong>, hello
markdown-it-py: **{{ name }}**様
Markdown: <strong>{{ name }}</strong>様
markdown-it-py: **{{ points }}**pt
Markdown: <strong>{{ points }}</strong>pt
markdown-it-py: [Buy]({{ url }})
Markdown: <a href="{{ url }}">Buy</a>
markdown-it-py: <a href="%7B%7Burl%7D%7D">Buy</a>
Markdown: <a href="{{url}}">Buy</a>
markdown-it-py: <strong>花子</strong>様
Markdown: <strong>花子</strong>様
END
"$work/venv/bin/python" - > "$work/seen" <<'END'
from markdown import markdown
from markdown_it import MarkdownIt

for text in (
    "Dear **{{ name }}**, hello",
    "**{{ name }}**様",
    "**{{ points }}**pt",
    "[Buy]({{ url }})",
    "[Buy]({{url}})",
    "**花子**様",
):
    for name, made in ("markdown-it-py", MarkdownIt().render(text)), ("Markdown", markdown(text)):
        print(f"{name}: {made.strip().removeprefix('<p>').removesuffix('</p>')}")
END
cat "$work/seen"
diff "$work/expected" "$work/seen"

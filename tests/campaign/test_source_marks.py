"""A preview's mail is the one that is sent, but for marks; and each mark names the line of what stands behind it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT

from mailweave.campaign import Campaign
from mailweave.campaign.compiler import compile_folder
from mailweave.campaign.drafts import Draft
from mailweave.campaign.saved_recipients import saved_recipient
from mailweave.campaign.source_marks import SourceMarks, Written, landmarks
from mailweave.content.catalog import Catalog
from mailweave.liquid import Template
from mailweave.message import Email
from mailweave.source import Source

TWINS = ROOT / "fixtures" / "preview" / "twins"
CAMPAIGNS = [TWINS, *sorted(path.parent for path in (ROOT / "examples").glob("*/campaign.toml"))]
DATA = {"x": "X", "list": [1, 2], "block": {"heading": "H"}}
WHITE_SPACE = [
    "a {{- x -}} b",
    "a\n  {{- x }}\n  b",
    "a {{ x -}}\n\n b",
    "{{ x -}} {{ x }}",
    "{{ x -}} {{- x }}",
    "{{ x }} {{- x }}",
    "<p>\n{{- x -}}\n</p>",
    "{% for n in list %} {{ n }} {%- endfor %} b",
    "{%- for n in list -%} {{ n }} {%- endfor -%} b",
    "{% if x %}  {% endif %}b",
    "{% if x %} {% assign y = 1 %} {% endif %}b",
    "{% capture y %} <b>{{ x }}</b> {% endcapture %}{{ y | size }}",
    "{% capture y %}{% capture z %}a{% endcapture %}b{% endcapture %}<img alt='{{ y }}'>",
    "<pre>\nkept\n  as it is {{ x }}</pre>",
    "{% raw %} {{ x }} {% endraw %}",
    "{% comment %} <p> {% endcomment %}<p>",
    "<textarea>{{ x }}</textarea><title>{{ x }}</title><!-- {{ x }} <p> -->",
    "<noscript><p>x</p></noscript><p>{{ x }} &lt; 3 && y</p>",
    "<!--[if mso]><table><tr><td>{{ x }}<![endif]--><p>{{ x }}</p>",
    "{% cycle 'a', 'b' %}{% echo x %}{% increment n %}",
    "<p {% if x %}class='a'{% endif %} title='{{ x }}'>{{ x }}</p>",
    "{% case x %}{% when 'X' %}<p>{% else %}<b>{% endcase %}",
]


def people(campaign: Campaign, folder: Path) -> list[Any]:
    found = sorted((folder / "recipients").glob("*.json"))
    read = [(path.name, json.loads(path.read_text(encoding="utf-8"))) for path in found]
    return [saved_recipient(campaign, value, name) for name, value in read]


@pytest.mark.parametrize("folder", CAMPAIGNS, ids=lambda path: path.name)
def test_what_is_sent_and_said_is_the_same_without_marks(folder: Path) -> None:
    draft = Draft()
    fresh, said = compile_folder(folder)
    kept, told = compile_folder(folder, draft=draft)
    assert fresh is not None
    assert kept is not None
    assert told == said
    assert kept.digest == fresh.digest
    for one in people(fresh, folder):
        given: dict[str, Any] = {"events": one.events, "now": one.moment(), "context": one.context}
        sent, shown = (each.render(one.profile, **given) for each in (fresh, kept))
        if not (isinstance(sent, Email) and isinstance(shown, Email)):
            assert sent == shown
            continue
        assert draft.marks.unmarked(shown.html) == sent.html
        assert draft.marks.word not in f"{shown.text}{shown.amp}{shown.subject}"
        assert sum(isinstance(part, Written) for part in draft.marks.split(shown.html)) > 20


@pytest.mark.parametrize("text", WHITE_SPACE)
def test_a_mark_changes_nothing_else(text: str) -> None:
    marks = SourceMarks()
    marked = marks.marked(text, Source("a.html", text))
    plain, shown = (Template.from_string(each, escape="html").render(DATA) for each in (text, marked))
    assert marks.unmarked(marked) == text
    assert marks.unmarked(shown) == plain


def test_every_stock_template_is_marked_line_by_line() -> None:
    """Each mark stands before what its line in the author's file says."""
    catalog = Catalog()
    sources = [block.html for name in catalog.names() if (block := catalog.block(name)[0]) is not None]
    sources += [layout.html for layout in catalog.all_layouts()]
    for source in sources:
        wanted = len(landmarks(source.text))
        marks = SourceMarks()
        parts = list(marks.split(marks.marked(source.text, source)))
        assert len(parts) == 2 * wanted + 1
        for mark, text in zip(parts[1::2], parts[2::2], strict=True):
            assert isinstance(mark, Written)
            assert isinstance(text, str)
            first = re.split(r"\n|(?<=>)", text.lstrip(), maxsplit=1)[0]
            assert first[:20] in source.line(mark.line), f"{source.name}: {first}"


def test_data_and_authors_know_no_mark() -> None:
    word = SourceMarks().word
    assert word != SourceMarks().word
    assert len(word) > 20

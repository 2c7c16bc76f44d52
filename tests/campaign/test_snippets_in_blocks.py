"""Snippets and what blocks pass them: texts with signs of HTML, and rich inputs with marks."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mailweave import Email, Environment, lint

ROOT = Path(__file__).resolve().parents[2]
BLOCK = """title = "Mine"
doc = "A block of its own."
[inputs.heading]
type = "text"
doc = "It."
[inputs.note]
type = "rich"
doc = "A note."
default = "Some **bold** words and [a link](https://example.com/a)."
"""


def campaign(folder: Path, html: str, **snippets: str) -> Path:
    shutil.copytree(ROOT / "fixtures" / "campaigns" / "smallest", folder)
    (folder / "blocks" / "hero").mkdir(parents=True)
    (folder / "blocks" / "hero" / "block.toml").write_text(BLOCK, "utf-8")
    (folder / "blocks" / "hero" / "block.html").write_text(html, "utf-8")
    (folder / "snippets").mkdir()
    for name, text in snippets.items():
        (folder / "snippets" / name.replace("_", ".")).write_text(text, "utf-8")
    return folder


def told(folder: Path) -> set[str]:
    return {d.code for d in lint.check(folder) if d.severity.value != "note"}


def mail(folder: Path) -> Email:
    ann = {"id": "7", "email": "ann@example.com", "consent": {"marketing": True}}
    made = Environment().compile(folder).render(ann)
    assert isinstance(made, Email)
    return made


@pytest.mark.parametrize(
    "html",
    [
        "<p>{{ block.note }}</p>{% render 'word', label: 'See <b>' %}",
        "<p>{{ block.note }}</p><p>{{ 'See <b>' }}</p>",
        "<p>{{ block.note }}</p>{% assign x = 'See <b>' %}<p>{{ x }}</p>",
    ],
)
def test_words_that_look_like_html_are_words(html: str, tmp_path: Path) -> None:
    """A campaign escapes literals like all values: no rule can match them, and CSS is inlined once."""
    folder = campaign(tmp_path / "it", html, word_html="<p>{{ label }}</p>\n")
    assert not {"MW520", "MW521"} & told(folder)
    assert "<p>See &lt;b&gt;</p>" in mail(folder).html


@pytest.mark.parametrize("call", ["text: block.note", "with block.note as text"])
def test_a_rich_input_may_be_shown_by_a_snippet(call: str, tmp_path: Path) -> None:
    call = call if call.startswith("with") else f", {call}"
    folder = campaign(tmp_path / "it", f"{{% render 'note' {call} %}}", note_html="<div>{{ text }}</div>\n")
    assert "MW625" not in told(folder)
    made = mail(folder)
    assert "<strong>bold</strong>" in made.html
    assert 'href="https://example.com/a"' in made.html
    assert "Some bold words and a link <https://example.com/a>." in made.text


def test_marks_that_a_snippet_changes_are_told(tmp_path: Path) -> None:
    folder = campaign(
        tmp_path / "it", "{% render 'note', text: block.note %}", note_html="<p>{{ text | upcase }}</p>\n"
    )
    assert "MW625" in told(folder)

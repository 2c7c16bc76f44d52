"""Tokens tile the text, and Liquid is opaque in every position."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.markup.shield import Shield
from mailweave.markup.tokens import Attribute, Comment, LiquidToken, RawText, StartTag, tokenize
from mailweave.markup.tree import lost, page, parse
from mailweave.source import Source

_SCRAPS = st.sampled_from(
    "<p> </p> <a·href=' \" ' > {{·x·}} {%·if·v·%} {%·endif·%} {{ }} {% %} <!-- --> <style> </style> < &#123; lqz0z · x"
    " = / {%·raw·%} <!doctype·x>".split()
).map(lambda scrap: scrap.replace("·", " "))


@settings(deadline=None)
@given(st.lists(_SCRAPS, max_size=30).map("".join))
def test_tokens_tile_any_text(text: str) -> None:
    tokens = tokenize(text)
    assert "".join(text[t.span.start : t.span.stop] for t in tokens) == text
    assert all(token.span.stop > token.span.start for token in tokens)


@settings(deadline=None)
@given(st.lists(_SCRAPS, max_size=30).map("".join))
def test_a_shield_puts_back_what_it_hid(text: str) -> None:
    shield = Shield(text)
    hidden = shield.cover(text)
    assert shield.restore(hidden) == text
    assert shield.restore(shield.cover_css(text)) == text


def test_all_real_templates_tile_and_lose_nothing(shared_data: Path) -> None:
    for path in sorted((shared_data / "emails").rglob("*.html")):
        source = Source(path.name, path.read_text(encoding="utf-8", errors="replace"))
        one = page(source)
        assert "".join(one.text(token.span) for token in one.tokens) == source.text
        assert lost(one, parse(one)) == ()


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("<a href=https://x.example/>", False),
        ("<br/>", True),
        ("<br class=a />", True),
        ('<br class="a"/>', True),
    ],
)
def test_a_slash_of_a_value_closes_nothing(text: str, closes: bool) -> None:
    (tag,) = tokenize(text)
    assert isinstance(tag, StartTag)
    assert tag.self_closing is closes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{{ a < b }}", LiquidToken),
        ("{% raw %}<b>{{ x }}</b>{% endraw %}", LiquidToken),
        ("{% comment %}<b>{% endcomment %}", LiquidToken),
        ("<!--[if mso]><td width='{{ n }}'><![endif]-->", Comment),
        ('<a href="{{ "x" | f: "<" }}" {% if v %}class="a"{% endif %} {{ more }}>', StartTag),
    ],
)
def test_one_token(text: str, kind: type) -> None:
    (token,) = tokenize(text)
    assert isinstance(token, kind)


def test_parts_of_a_start_tag() -> None:
    (tag,) = tokenize(
        "<a {% if v %}class='x'{% endif %} href={{ u }}/y data-{{ k }}=\"1\" checked {{ all }}>"
    )
    assert isinstance(tag, StartTag)
    assert [(a.name, a.value) for a in tag.attributes] == [
        ("class", "x"),
        ("href", "{{ u }}/y"),
        ("data-{{ k }}", "1"),
        ("checked", None),
    ]
    assert [piece.text for piece in tag.pieces] == ["{% if v %}", "{% endif %}", "{{ all }}"]
    assert all(isinstance(part, Attribute) or part in tag.pieces for part in tag.parts)


def test_raw_text_is_not_parsed() -> None:
    tokens = tokenize("<style>a<b{{ c }}</style><title>{{ t }} < </title>")
    assert [t.element for t in tokens if isinstance(t, RawText)] == ["style", "title"]


@pytest.mark.parametrize(
    "text",
    [
        "<table><tr><td>a</td></tr></table>",
        "a {{ x }} b",
        "<p>a<p>b",
        "<ul><li>a<li>b</ul>",
        "x</body>{{ y }}",
    ],
)
def test_nothing_is_lost(text: str) -> None:
    one = page(Source("x", text))
    assert lost(one, parse(one)) == ()

"""Tags are found where html5lib finds them, which shares nothing with the code under test."""

from __future__ import annotations

import re
from typing import Any

import pytest
from html5lib._tokenizer import HTMLTokenizer
from html5lib.constants import tokenTypes
from hypothesis import given
from hypothesis import strategies as st

from mailweave.delivery.links.tags import decoded, tags

RAW = {"style": "rawtext", "xmp": "rawtext", "iframe": "rawtext", "title": "rcdata", "textarea": "rcdata"}
TAGS = "<a <A </a <b <title </title <style </style <textarea </textarea < > / <!-- --> --!> - <! <? </ !"
VALUES = "\" ' = href HREF= x &amp; &lt &copy &copy= &notit; &#65 &#x41; https://a.example/?b=1 é"
PIECES = st.lists(st.sampled_from([*TAGS.split(), *VALUES.split(), " ", "\n", "\t"]), max_size=30).map(
    "".join
)
LONG = ("<a ", "<!--[if ", "<style>", '<a href="', "&a", "<!--[if x]><a href=b>", "<a b='")


def judged(page: str) -> list[tuple[str, str | None]]:
    """Name and href of each start tag, as html5lib's tokenizer reads the page."""
    tokenizer: Any = HTMLTokenizer(page)
    found: list[tuple[str, str | None]] = []
    for token in tokenizer:
        if token["type"] in (tokenTypes["StartTag"], tokenTypes["EmptyTag"]):
            pairs = token["data"]
            found.append((token["name"], pairs.get("href")))
            state = RAW.get(token["name"])
            if state:
                tokenizer.state = getattr(tokenizer, f"{state}State")
    return found


def ours(page: str) -> list[tuple[str, str | None]]:
    found = []
    for tag in tags(page, re.compile(".*", re.DOTALL)):
        href = tag.attributes.get("href")
        if not tag.is_end:
            found.append((tag.name, None if href is None else decoded(href.value)))
    return found


@given(PIECES)
def test_tags_are_those_of_html5lib(page: str) -> None:
    assert ours(page) == judged(page)


@given(PIECES)
def test_values_stand_where_they_are_said_to(page: str) -> None:
    for tag in tags(page, re.compile(".*", re.DOTALL)):
        assert all(page[each.start : each.stop] == each.value for each in tag.attributes.values())


@given(
    st.lists(
        st.sampled_from(["&", "#", "x", "1", "41", "amp", "not", "in", ";", "=", "copy", "E", "lt", " "])
    )
)
def test_references_are_those_of_html5lib(parts: list[str]) -> None:
    value = "".join(parts)
    assert [("a", decoded(value))] == judged(f'<a href="{value}">')


@pytest.mark.parametrize("part", LONG)
def test_no_page_takes_long(part: str) -> None:
    """Each would take hours if its time grew with the square of its length."""
    page = part * 200_000
    assert len(list(tags(page, re.compile("a")))) <= len(page)
    assert decoded(page)

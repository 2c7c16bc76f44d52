"""HTML5 parsing held against html5lib: the same elements, nested the same way, with the same text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.message.amp.html_nodes import Node
from mailweave.message.amp.html_parser import parse
from mailweave.message.amp.html_tokens import Places

Outline = list[tuple[Any, ...]]


def ours(node: Node, depth: int = 0) -> Outline:
    rows: Outline = []
    for child in node.children:
        if child.tag == "#text":
            rows.append((depth, "#text", child.text))
        elif child.is_element:
            rows.append((depth, child.tag))
            rows += ours(child, depth + 1)
    return rows


def theirs(node: Any, depth: int = 0) -> Outline:
    rows: Outline = []
    for child in node.childNodes:
        if child.nodeType == child.TEXT_NODE:
            rows.append((depth, "#text", child.data))
        elif child.nodeType == child.ELEMENT_NODE:
            rows.append((depth, child.tagName))
            rows += theirs(child, depth + 1)
    return rows


def joined(rows: Outline) -> Outline:
    """Neighbouring texts as one: where a comment stood between them is no matter."""
    out: Outline = []
    for row in rows:
        if len(row) == 3 and out and len(out[-1]) == 3 and out[-1][0] == row[0]:
            out[-1] = (row[0], "#text", out[-1][2] + row[2])
        else:
            out.append(row)
    return out


def agree(html: str) -> bool:
    return joined(ours(parse(html)[0])) == joined(theirs(html5lib.parse(html, "dom")))


def test_real_emails_and_amp_documents(shared_data: Path) -> None:
    paths = [*sorted((shared_data / "emails").rglob("*.html"))[::3]]
    paths += sorted((shared_data / "amp/verdicts").glob("*.html"))[::10]
    for path in paths:
        assert agree(path.read_text(encoding="utf-8", errors="replace")), path.name


@pytest.mark.parametrize(
    "html",
    [
        "<b><p>x</b>y</p>",
        "<a>1<a>2</a>3",
        "<table><b><tr><td>x</td></tr></b>y</table>",
        "<ul><li>a<li>b<ul><li>c</ul></ul>",
        "<p>a<div>b</p>c",
        "<svg><title>x</title><p>y</svg>z",
        "<h1>a<h2>b</h1>c",
        "<form><form></form></form>",
        "<script><!-- <script></script> --></script>x",
        "<textarea>\n<p></textarea>",
        "<dl><dt>a<dd>b<dt>c</dl>",
        "<nobr>a<nobr>b</nobr>c",
        "</p></br>x",
    ],
)
def test_what_authors_leave_out_or_misnest(html: str) -> None:
    assert agree(html)


# a cell comes with its table: what stands loose in a table html5lib puts elsewhere than browsers do
# no <select>: HTML let other tags into it in 2025, html5lib is older; the official validator judges it
PIECES = (
    "<p> </p> <b> </b> <i> </i> <a> </a> <div> </div> <table><tr><td> </td></tr></table> <td> <ul> <li> "
    "</li> </ul> <h1> </h1> <h2> <span> </span> <br> <center> </center> <font> </font> <option> "
    "<button> </button> x & &amp; &lt <!--c--> <dl> <dt> <dd> <em> </em> <img> <hr> </p>"
).split()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_any_soup_of_an_emails_tags(pieces: list[str]) -> None:
    assert agree("<!doctype html>" + "".join(pieces))


@given(st.text(alphabet="ab\n\r", max_size=30), st.integers(0, 30))
def test_places(text: str, offset: int) -> None:
    at = min(offset, len(text))
    before = text[:at].replace("\r\n", "\n")
    lines = before.replace("\r", "\n").split("\n")
    if not (text[:at].endswith("\r") and text[at:].startswith("\n")):
        assert Places(text).at(at)[0] == len(lines)
        assert Places(text).at(at)[1] == len(lines[-1])

"""Plain text by what a browser shows: fixtures/plaintext/shown.toml."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.content import inline_once
from mailweave.liquid import Template
from mailweave.message.navigation import content_first, is_marked, unmarked
from mailweave.message.plaintext import text_template, wrap

FILE = Path(__file__).parents[2] / "fixtures" / "plaintext" / "shown.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]


def text_of(case: dict[str, Any]) -> str:
    derived = text_template(inline_once(case["html"]).source, fragment=False)
    assert derived.diagnostics == ()
    if "data" not in case:
        return derived.source
    return wrap(Template.from_string(derived.source, escape="text").render(json.loads(case["data"])))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    text = text_of(case)
    assert [piece for piece in case.get("holds", ()) if piece not in text] == []
    assert [piece for piece in case.get("lacks", ()) if piece in text] == []
    assert re.search(case.get("matches", ""), text, re.M)
    lines = iter(text.split("\n"))
    assert [line for line in case.get("lines", ()) if line not in lines] == []


PAGE = (Path(__file__).parents[2] / "docs" / "plaintext.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([^|]*)` \| `([^|]*)` \|$", PAGE, re.M)


@pytest.mark.parametrize(("html", "text"), ROWS)
def test_row_of_the_docs(html: str, text: str) -> None:
    assert unmarked(text_template(html, fragment=True).source) == text


def test_the_rows_of_the_docs_are_found() -> None:
    assert len(ROWS) > 7


def test_navigation_of_a_layout_stands_behind_what_its_slots_hold() -> None:
    """A slot is content, but for that of the preheader, which nobody sees."""
    nav = '<nav><a href="https://shop.example/a">A</a> <a href="https://shop.example/b">B</a></nav>'
    page = f'<body>{{% slot "preheader" %}}{nav}{{% slot "main" %}}<p>Foot</p></body>'
    lines = text_template(page, fragment=False).source.split()
    assert lines.index("A") > lines.index('"main"')


NAV = '<div><a href="https://a.example/t">Tea</a> | <a href="https://a.example/m">Milk</a></div>'
LOGO = '<a href="https://a.example/"><img src="l.png" alt="Acme"></a>'
MOVED = "Acme <https://a.example/>\n\nTea <https://a.example/t>\nMilk <https://a.example/m>\n"
CHOICE = "{% if url %}<b>Brand</b>{% else %}" + LOGO + "{% endif %}"


def mail_of(layout: str, **blocks: str) -> str:
    """A whole mail: each block stands in the slot of its name."""
    said = {
        name: [Template.from_string(text_template(html, fragment=True).source, escape="text").render({})]
        for name, html in blocks.items()
    }
    frame = Template.from_string(
        text_template(layout, fragment=False).source, escape="text", slots=tuple(blocks)
    )
    return wrap(frame.render({"slots": said}))


SLOTS = '{% slot "header" %}{% slot "main" %}'


@pytest.mark.parametrize(
    ("layout", "header", "main", "right"),
    [
        (SLOTS, LOGO + NAV, "<h1>Sale</h1>", "# Sale\n\n" + MOVED),
        (SLOTS, CHOICE + NAV, "<h1>Sale</h1>", "# Sale\n\n" + MOVED),
        (SLOTS, f"{{% if true %}}{LOGO}{NAV}{{% endif %}}", "<p>Hi</p>", "Hi\n\n" + MOVED),
        (SLOTS, LOGO, NAV + "<p>Hi</p>", "Hi\n\n" + MOVED),
        (SLOTS + "<p>Foot</p>", LOGO + NAV, "<p>Hi</p>", "Hi\n\nFoot\n\n" + MOVED),
        ('{% slot "header" %}' + NAV + '{% slot "main" %}', LOGO + NAV, "<p>Hi</p>", "Hi\n\n" + MOVED),
        (SLOTS, "<p>News</p>", LOGO + NAV + "<p>Hi</p>", "News\n\n" + MOVED.replace("\n\n", "\n") + "\nHi\n"),
        (
            SLOTS,
            LOGO + "{% for l in links %}" + NAV + "{% endfor %}",
            "<p>Hi</p>",
            "Acme <https://a.example/>\n\nHi\n",
        ),
        (SLOTS, "", LOGO + NAV, MOVED),
    ],
)
def test_navigation_of_a_block_stands_behind_the_whole_mail(
    layout: str, header: str, main: str, right: str
) -> None:
    text = mail_of(layout, header=header, main=main)
    if layout.count("<div>"):  # of the layout, too
        right += "\nTea <https://a.example/t>\nMilk <https://a.example/m>\n"
    assert text == right


def test_no_value_makes_a_sign_of_navigation() -> None:
    source = text_template("<p>{{ v }}</p>", fragment=True).source
    assert not is_marked(Template.from_string(source, escape="text").render({"v": "\x0ea\x0f"}))
    page = "<p>\x0ea&#14;b\x0f<img alt='\x0ec&#15;'></p>"
    assert not is_marked(text_template(page, fragment=True).source)


def test_distances_around_navigation_that_stays_are_those_without_signs() -> None:
    assert content_first("Hi\n\x0e\n\nTea\x0f\n\nBye") == "Hi\n\nTea\n\nBye"
    assert content_first("Hi \x0e\x0f Bye") == "Hi Bye"

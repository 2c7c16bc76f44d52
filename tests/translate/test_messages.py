"""The texts of templates: what a translator is given, and what is put in its place."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.content.messages import of_html, of_line, problem, rebuilt

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "translate"
CASES = tomllib.loads((FIXTURES / "messages.toml").read_text(encoding="utf-8"))["case"]
TEXT = "See <1>our <2>new</2> shop</1>, {{ name }}.<3/>Bye"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_translator_is_given_the_texts(case: dict[str, Any]) -> None:
    assert [one.text for one in of_html(case["html"])] == case["texts"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_text_that_is_put_back_is_the_same_text(case: dict[str, Any]) -> None:
    page = case["html"]
    for message in reversed(of_html(page)):
        assert problem(message, message.text) == ""
        made = rebuilt(message, message.text, is_html=True)
        page = page[: message.span.start] + made + page[message.span.stop :]
    assert [one.text for one in of_html(page)] == case["texts"]


@pytest.mark.parametrize(
    ("translation", "why"),
    [
        ("{{ name }}, seht <1>den <2>neuen</2> Laden</1><3/>", ""),
        ("{{ name }}, {{name}}: <2>neu</2> <1>Laden</1> <3/>", ""),
        ("<1>den <2>neuen Laden</1>, {{ name }}<3/>", "</2> is missing"),
        ("<1>den <2>neuen</1> Laden</2>, {{ name }}<3/>", "its tags are not nested"),
        ("<1>a</1> <2>b</2><3/>", "{{ name }} is missing"),
        ("<1>a</1> <2>b</2><3/> {{ name }} {{ email }}", "{{ email }} is not in the text"),
        ("<1>a</1> <2>b</2><3/> {{ name }} <4>", "<4> is not in the text"),
        ("<1>a</1> <2>b</2><3/> {{ name }} {% raw %}", "it holds signs of Liquid"),
    ],
)
def test_placeholders_are_counted(translation: str, why: str) -> None:
    (message,) = of_html('<p>See <a href="/">our <b>new</b> shop</a>, {{ name }}.<br>Bye</p>')
    assert message.text == TEXT
    assert problem(message, translation) == why


def test_words_of_a_translation_are_no_markup() -> None:
    (message,) = of_html('<p>See <b class="x">it</b></p>')
    said = rebuilt(message, "<script> & <1>so</1>", is_html=True)
    assert said == '&lt;script&gt; &amp; <b class="x">so</b>'


COUNTED = '{{ n | plural: one: "# order", other: "# orders" }}, {{ name }}'
POLISH = '{{ name }}: {{ n | plural: one: "# plik", few: "# pliki", many: "# plików", other: "# pliku" }}'


@pytest.mark.parametrize(
    ("translation", "why"),
    [
        (POLISH, ""),
        ("{{ name }}: {{ n | plural: other: '#件' }}", ""),
        ("{{ n | plural: one: \"#\", other: '#' | upcase }} {{ name }}", "not in the text"),
        ('{{ m | plural: other: "#" }} {{ name }}', "not in the text"),
        ("{{ n | plural: other: profile.email }} {{ name }}", "not in the text"),
        ('{{ n | plural: other: "#", locale: "de" }} {{ name }}', "not in the text"),
        ('{{ n | ordinal: other: "#" }} {{ name }}', "not in the text"),
        ('{{ n | plural: other: "{% raw %}" }} {{ name }}', "not in the text"),
        ('{{ n | plural: one: "# plik" }} {{ name }}', "has no form `other`"),
        ("{{ name }}", "is missing"),
    ],
)
def test_a_translation_has_plural_forms_of_its_own(translation: str, why: str) -> None:
    (message,) = of_html(f"<p>{COUNTED}</p>")
    assert problem(message, translation).endswith(why)
    assert bool(problem(message, translation)) == bool(why)


def test_plural_forms_alone_are_a_text() -> None:
    forms = '{{ n | plural: one: "# order", other: "# orders" }}'
    assert [one.text for one in of_html(f"<td>{forms}</td><td>{{{{ n | plus: 1 }}}}</td>")] == [forms]
    assert of_line(forms) is not None


def test_the_forms_of_a_translation_are_written_as_they_stand() -> None:
    (message,) = of_html(f"<p>{COUNTED}</p>")
    assert rebuilt(message, POLISH, is_html=True) == POLISH

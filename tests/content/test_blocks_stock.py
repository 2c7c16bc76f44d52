"""The stock blocks: each keeps the block contract, and renders whatever its inputs are."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.content import inline_once
from mailweave.content.block import Block
from mailweave.content.catalog import Catalog, Layout
from mailweave.content.input_types import holds_liquid
from mailweave.content.inputs import BoundInputs, FieldSpec, InputSpec
from mailweave.content.preview import BlockPreview, Setting, show
from mailweave.content.theme import Theme, themed
from mailweave.source import Source

CATALOG = Catalog()
NAMES = CATALOG.names()


@cache
def block(name: str) -> Block:
    found, wrong = CATALOG.block(name)
    assert found is not None, wrong
    assert wrong == ()
    return found


@cache
def layout(name: str = "newsletter") -> Layout:
    found, wrong = CATALOG.layout(name)
    assert found is not None, wrong
    return found


@cache
def showcase(name: str) -> BlockPreview:
    return BlockPreview(layout(), {"main": block(name)})


def shown(name: str, inputs: BoundInputs | None = None) -> str:
    specimen = showcase(name).render({"main": inputs} if inputs is not None else None)
    assert specimen.exact, specimen.diagnostics
    assert not specimen.diagnostics
    return specimen.html


def skeleton(html: str) -> list[Any]:
    """Elements with the names of their attributes, as a browser's parser sees them."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    return [
        (element.tag if isinstance(element.tag, str) else "comment", sorted(element.attrib))
        for element in parser.parse(html).iter()
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_block_explains_itself(name: str) -> None:
    spec = block(name).spec
    assert spec.title
    assert spec.doc.endswith(".")
    for key, declared in spec.inputs.items():
        assert declared.doc.endswith("."), key
        assert declared.max is not None or declared.type not in ("text", "list"), key
        assert all(field.doc.endswith(".") for field in declared.fields.values())
    assert spec.sample.inputs or not spec.inputs


@pytest.mark.parametrize("name", NAMES)
def test_a_block_keeps_the_contract(name: str) -> None:
    html = block(name).html.text
    assert "<style" not in html
    assert "| safe" not in html
    assert not block(name).spec.trusted
    without = re.sub(r"<!--.*?-->|\{[{%].*?[}%]\}", "", html, flags=re.S)
    quoted = re.sub(r"\"[^\"]*\"", '""', without)
    assert not re.search(r"=\s*[^\s\"]", quoted), "an attribute without quotes"
    for table in re.findall(r"<table\b[^>]*>", without):
        assert 'role="presentation"' in table or "mw-data" in table
    for image in re.findall(r"<img\b[^>]*>", without):
        assert " alt=" in image
        assert " width=" in image


@pytest.mark.parametrize("name", NAMES)
def test_a_block_renders_with_its_sample_and_with_its_defaults(name: str) -> None:
    html = shown(name)
    assert shown(name) == html
    assert "{{" not in html
    assert "{%" not in html
    assert "var(--mw" not in html
    skeleton(shown(name, block(name).defaults()))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", CATALOG.layouts())
def test_a_block_is_exact_in_every_layout(name: str, place: str) -> None:
    frame = layout(place)
    assert all(show(frame, {slot: block(name)}).exact for slot in frame.slots)


@pytest.mark.parametrize("name", NAMES)
def test_a_block_is_exact_alone(name: str) -> None:
    css, _ = themed(layout().css, Theme())
    html, _ = themed(block(name).html, Theme())
    inlined = inline_once(Source(block(name).html.name, html), css)
    assert inlined.exact, inlined.diagnostics


def test_the_newsletter_is_light() -> None:
    slots = {
        "preheader": "preheader",
        "header": "header",
        "hero": "hero",
        "main": "text",
        "offers": "offer",
        "products": "product_grid",
        "extra": "recommendations",
        "footer": "footer",
    }
    html = show(layout(), {slot: block(name) for slot, name in slots.items()}).html
    assert len(html.encode()) < 30_000


NASTY = [
    '"><script>alert(1)</script>',
    "</td></table>",
    "' onload=x",
    "{{x",
    "<!--",
    "-->",
    "]]>",
    "&lt;",
    "\u202e",
]


def values(spec: InputSpec | FieldSpec) -> st.SearchStrategy[Any]:
    """What an input may be given: from nothing to the longest."""
    if isinstance(spec, InputSpec) and spec.type == "list":
        record = st.fixed_dictionaries({}, optional={k: values(f) for k, f in spec.fields.items()})
        return st.lists(record, max_size=int(spec.max or 3))
    size = int(spec.max or 80)
    text = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=min(size, 60))
    kinds = {
        "rich": st.text("aé 漢'\"{}%:;,/=?!", max_size=60)
        | st.just("W" * size),  # marks are read: test_rich_text.py
        "text": st.one_of(text, st.sampled_from([n[:size] for n in NASTY]), st.just("W" * size)),
        "money": st.decimals(0, 10**9, places=2).map(str) | st.just(""),
        "date": st.dates().map(str) | st.just(""),
        "url": st.sampled_from(
            ["", "https://example.com/?a=1&b=%22", 'https://example.com/"><b>', "tel:+1555"]
        ),
        "image": st.sampled_from(["", "https://cdn.example.com/a.png", 'https://cdn.example.com/"><b>.png']),
        "int": st.integers(int(spec.min or 0), size),
        "bool": st.booleans(),
        "name": st.sampled_from(["", "for_you", "note"]),
        "enum": st.sampled_from(spec.values or ("",)),
        "color": st.sampled_from(["", "#204060"]),
    }
    return kinds[spec.type].filter(lambda value: not holds_liquid(value))


def plain(spec: InputSpec, value: Any) -> Any:
    """The same input with a harmless text: what is there stays there, what is empty stays empty."""
    if spec.type == "list":
        kinds = spec.fields
        return [{k: _plain(kinds[k].type, v) for k, v in record.items()} for record in value]
    return _plain(spec.type, value)


def _plain(kind: str, value: Any) -> Any:
    replaced = {"text": "x", "rich": "x", "url": "https://example.com/", "image": "https://example.com/x.png"}
    return replaced.get(kind, value) if value else value


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_no_value_changes_the_structure(name: str, data: st.DataObject) -> None:
    specs = block(name).spec.inputs
    inputs = data.draw(st.fixed_dictionaries({}, optional={k: values(s) for k, s in specs.items()}))
    bound, found = block(name).bind(inputs)
    assert not found
    calm, found = block(name).bind({key: plain(specs[key], value) for key, value in inputs.items()})
    assert not found
    assert skeleton(shown(name, bound)) == skeleton(shown(name, calm))


@pytest.mark.parametrize(
    ("locale", "currency", "said"),
    [
        ("en", "USD", ("Ends December 24, 2026", "$11.50", "Was")),
        ("de", "EUR", ("Gültig bis 24. Dezember 2026", "11,50\u00a0€", "Vorher")),
        ("fr", "EUR", ("Jusqu’au 24 décembre 2026", "11,50\u00a0€", "Avant")),
        ("ja", "JPY", ("2026年12月24日まで", "12", "通常価格")),
        ("ar", "EGP", ("ينتهي في 24 ديسمبر 2026", "كان")),
    ],
)
def test_dates_amounts_and_words_follow_the_locale(locale: str, currency: str, said: tuple[str, ...]) -> None:
    setting = Setting(locale=locale, currency=currency)
    html = show(layout(), {"main": block("offer"), "extra": block("product_card")}, setting=setting).html
    direction = "rtl" if locale == "ar" else "ltr"
    assert f'lang="{locale}" dir="{direction}"' in html
    for words in said:
        assert words in html.replace("&nbsp;", "\u00a0")


def items(count: int) -> list[dict[str, Any]]:
    return [{"title": f"Record {at}", "qty": 1, "price": "9.90"} for at in range(count)]


def with_profile(name: str, **profile: Any) -> str:
    made = block(name)
    sample = made.spec.sample.model_copy(update={"profile": {**made.spec.sample.profile, **profile}})
    spec = made.spec.model_copy(update={"sample": sample})
    shown = Block(made.name, spec, made.settings, made.html, made.text, made.amp, made.origin)
    return show(layout(), {"main": shown}).html


def test_a_receipt_shows_every_item() -> None:
    html = with_profile("order_summary", order_items=items(130))
    assert [html.count(f"Record {at}<") for at in range(130)] == [1] * 130


@pytest.mark.parametrize(("count", "rest"), [(5, None), (6, "and 1 more"), (12, "and 7 more")])
def test_a_cart_says_how_many_more_there_are(count: int, rest: str | None) -> None:
    html = with_profile("cart_reminder", cart=items(count))
    assert html.count("Record ") == min(count, 5)
    assert (rest in html) if rest else ("more<" not in html)


@pytest.mark.parametrize("place", CATALOG.layouts())
def test_words_have_a_language_where_webmail_takes_the_document_away(place: str) -> None:
    frame = layout(place)
    html = show(frame, {frame.slots[0]: block("preheader")}, setting=Setting(locale="ar_EG")).html
    body = html[html.index("<body") :]
    assert re.match(r'<body[^>]*>\s*<div lang="ar-EG" dir="rtl">\s*<div[^>]*class="mw-preheader"', body)
    assert "<title>A word from Larkspur &amp; Vale</title>" in html


@pytest.mark.parametrize("name", NAMES)
def test_no_block_draws_its_button_as_a_shape(name: str) -> None:
    html = block(name).html.text
    assert "v:roundrect" not in html
    assert html.count('class="mw-button"') == html.count("block.url }}") if "mw-button" in html else True

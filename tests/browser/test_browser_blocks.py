"""Every block and layout, looked at: nothing overflows, everything can be read, touched and named."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mailweave.content.block import Block
from mailweave.content.catalog import Catalog, Layout
from mailweave.content.inputs import BoundInputs, FieldSpec, InputSpec
from mailweave.content.preview import BlockPreview, Setting, show
from mailweave.content.theme import Theme

MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")
CATALOG = Catalog()
FULL = {
    "newsletter": {
        "preheader": "preheader",
        "header": "header",
        "hero": "hero",
        "main": "text",
        "offers": "offer",
        "products": "product_grid",
        "extra": "testimonial",
        "footer": "footer",
    },
    "transactional": {
        "preheader": "preheader",
        "header": "header",
        "main": "text",
        "purchase": "order_summary",
        "extra": "product_card",
        "footer": "footer",
    },
    "letter": {"preheader": "preheader", "main": "text", "extra": "button", "footer": "footer"},
}


def block(name: str) -> Block:
    found, wrong = CATALOG.block(name)
    assert found is not None, wrong
    return found


def layout(name: str) -> Layout:
    found, wrong = CATALOG.layout(name)
    assert found is not None, wrong
    return found


@cache
def alone(name: str, setting: Setting | None = None) -> str:
    return show(layout("newsletter"), {"main": block(name)}, setting=setting).html


@cache
def full(name: str, locale: str = "en", currency: str = "USD") -> str:
    blocks = {slot: block(block_name) for slot, block_name in FULL[name].items()}
    return show(layout(name), blocks, setting=Setting(locale=locale, currency=currency)).html


VIEWS = [(600, False, True), (600, True, True), (375, False, True), (375, True, True), (375, False, False)]


@pytest.mark.parametrize("name", CATALOG.names())
def test_a_block_can_be_read_and_touched(viewer: Any, name: str) -> None:
    for width, dark, images in VIEWS:
        complaints = viewer.look(alone(name), MEASURES, width=width, dark=dark, images=images)
        assert complaints == [], (width, dark, images)


@pytest.mark.parametrize("name", FULL)
def test_a_layout_can_be_read_and_touched(viewer: Any, name: str) -> None:
    for width, dark, images in [*VIEWS, (300, False, True)]:  # 300: 600 at 200 % zoom
        complaints = viewer.look(full(name), MEASURES, width=width, dark=dark, images=images)
        assert complaints == [], (width, dark, images)


@pytest.mark.parametrize(("locale", "currency"), [("ar", "EGP"), ("de", "EUR"), ("ja", "JPY")])
def test_other_languages_fit(viewer: Any, locale: str, currency: str) -> None:
    html = full("newsletter", locale, currency)
    assert viewer.look(html, MEASURES, width=375) == []
    side = viewer.look(html, "getComputedStyle(document.querySelector('h1')).direction")
    assert side == ("rtl" if locale == "ar" else "ltr")


def longest(spec: InputSpec | FieldSpec) -> Any:
    """A value at the far end of what an input takes, in words that cannot be broken."""
    if isinstance(spec, InputSpec) and spec.type == "list":
        record = {name: longest(field) for name, field in spec.fields.items()}
        return [record] * int(spec.max or 3)
    size = int(spec.max or 80)
    values = {
        "rich": ("Wiederherstellungsgeschwindigkeitsbegrenzungen" * size)[:size],
        "text": ("Wiederherstellungsgeschwindigkeitsbegrenzungen" * size)[:size],
        "money": "99999999.99",
        "date": "2026-09-30",
        "url": "https://shop.example.com/" + "a" * 400,
        "image": "https://cdn.example.com/wide-1200x600.png",
        "bool": True,
        "int": size,
        "number": size,
        "color": "#204060",
        "enum": spec.values[-1] if spec.values else "",
    }
    return values.get(spec.type, spec.fallback if isinstance(spec, InputSpec) else "")


def stretched(of: Block) -> BoundInputs:
    given = {name: longest(spec) for name, spec in of.spec.inputs.items()}
    bound, found = of.bind(given)
    assert not found
    return bound


@pytest.mark.parametrize("name", CATALOG.names())
def test_the_longest_values_do_not_overflow(viewer: Any, name: str) -> None:
    showcase = BlockPreview(layout("newsletter"), {"main": block(name)})
    html = showcase.render({"main": stretched(block(name))}).html
    for width in (600, 375):
        assert viewer.look(html, MEASURES, width=width) == []


def test_the_measures_see_what_is_wrong(viewer: Any) -> None:
    html = (
        '<body style="margin:0"><p style="width:900px;color:#999">Grey and wide</p><img src="x">'
        '<a href="https://example.com/">short</a><a href="https://example.com/"></a>'
        "<table><tr><td>bare</td></tr></table>"
    )
    complaints = " ".join(viewer.look(html, MEASURES))
    for word in ("px wide", "overflow", "contrast 2.8", "no alt", "px tall", "without a name", "neither"):
        assert word in complaints


def themes() -> Iterator[Theme]:
    yield Theme(primary="#8a2f4b", accent="#8a2f4b", radius=0, spacing=48)
    yield Theme(font="Georgia, Times, serif", radius=24, spacing=16)


@pytest.mark.parametrize("theme", list(themes()))
def test_another_theme_holds(viewer: Any, theme: Theme) -> None:
    for name in ("hero", "offer", "product_grid"):
        html = show(layout("newsletter"), {"main": block(name)}, setting=Setting(theme=theme)).html
        assert viewer.look(html, MEASURES, width=375) == []

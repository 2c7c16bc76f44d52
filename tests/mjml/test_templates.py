"""Public templates through our compiler and through npm's MJML, both inlined by us: no pixel differs, or it is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mailweave.content import inline_once
from mailweave.mjml import Frame, block_of
from mailweave.mjml.engine import Uncompiled, to_html
from mailweave.mjml.vocabulary import DROPPED
from mailweave.source import Source
from tests.mjml.conftest import Camera
from tests.mjml.templates import CASES, ROOT, Template, compiled, name_of, reads, template

WIDTHS = (375, 600)
PAGE = ROOT / "docs" / "mjml.md"


def fetched(case: dict[str, Any]) -> Template:
    found = template(case)
    if found is None:
        pytest.skip("needs python3 tools/mjml_templates.py")
    return found


def looks_the_same(case: dict[str, Any], npm_html: Callable[[str], str], camera: Camera) -> None:
    one = fetched(case)
    made, codes = compiled(one.text, one.beside)
    if one.refused:
        assert made is None
        assert one.refused == codes
        return
    assert made is not None, codes
    ours = inline_once(made.html.text).source
    theirs = inline_once(npm_html(one.whole)).source
    same = [camera(ours, width) == camera(theirs, width) for width in WIDTHS]
    assert all(same) != bool(one.differs), same
    assert one.differs in PAGE.read_text(encoding="utf-8")


@pytest.mark.browser
@pytest.mark.parametrize("case", CASES[::10], ids=name_of)
def test_a_template_looks_as_npm_makes_it(
    case: dict[str, Any], npm_html: Callable[[str], str], camera: Camera
) -> None:
    looks_the_same(case, npm_html, camera)


@pytest.mark.deep
@pytest.mark.browser
@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_all_templates_look_as_npm_makes_them(
    case: dict[str, Any], npm_html: Callable[[str], str], camera: Camera
) -> None:
    looks_the_same(case, npm_html, camera)


@pytest.mark.browser
def test_a_pixel_that_differs_is_seen(npm_html: Callable[[str], str], camera: Camera) -> None:
    page = "<mjml><mj-body><mj-section><mj-column><mj-text>Hello</mj-text></mj-column></mj-section></mj-body></mjml>"
    made, _ = compiled(page)
    assert made is not None
    assert camera(made.html.text, 600) == camera(npm_html(page), 600)
    assert camera(made.html.text, 600) != camera(npm_html(page.replace("Hello", "Hallo")), 600)


def test_there_are_forty() -> None:
    assert len(CASES) >= 40
    assert len({name_of(case) for case in CASES}) == len(CASES)
    assert all(Path(case["file"]).suffix for case in CASES)


@pytest.mark.deep
@pytest.mark.browser
def test_the_page_says_how_the_compiler_alone_does(npm_html: Callable[[str], str], camera: Camera) -> None:
    alone = {"refused": 0, "differs": 0}
    for one in map(fetched, CASES):
        try:
            html = to_html(one.whole)
        except Uncompiled:
            alone["refused"] += 1
            continue
        alone["differs"] += any(camera(html, width) != camera(npm_html(one.whole), width) for width in WIDTHS)
    assert f"refuses {alone['refused']} and makes {alone['differs']} look different" in words()


def test_the_page_counts_the_templates() -> None:
    refused = sum("refused" in case for case in CASES)
    differs = sum("differs" in case for case in CASES)
    assert f"Of the same templates {len(CASES) - refused - differs} then look equal" in words()
    assert f"{refused} are refused, and {differs} look different" in words()
    assert f"of the {len(CASES)} public templates" in words()


def test_the_page_lists_what_does_not_come_out() -> None:
    for component, attributes in DROPPED.items():
        listed = ", ".join(f"`{name}`" for name in sorted(attributes))
        assert f"| `{component}` | {listed}" in PAGE.read_text(encoding="utf-8"), component


@pytest.mark.parametrize(
    "text", re.findall(r"```mjml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
)
def test_the_examples_of_the_page_compile(text: str) -> None:
    if text.startswith("<mjml"):
        made, codes = compiled(text, {"shared/footer.mjml": "<mj-section></mj-section>"})
    else:
        made, found = block_of(Source("block.mjml", text), "block.mjml", reads({}), Frame(), "hero")
        codes = tuple(one.code for one in found)
    assert made is not None
    assert codes == ()


def words() -> str:
    return " ".join(PAGE.read_text(encoding="utf-8").split())

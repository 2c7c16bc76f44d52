"""Public templates through our compiler and through npm's MJML, both inlined by us: no pixel differs, or it is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mailweave.content import inline_once
from tests.mjml.conftest import Camera
from tests.mjml.templates import CASES, ROOT, Template, compiled, name_of, template

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

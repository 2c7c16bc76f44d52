"""Every stock block and layout, photographed before and after inlining: not one pixel differs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from mailweave.content.preview import Setting
from mailweave.preview.placeholder_images import picture
from tests.inlining.corpora import CATALOG, FULL, Pair, alone, full
from tests.inlining.oracle import chromium_path

FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --font-render-hinting=none"
VIEWS = [(width, scheme) for width in (375, 600) for scheme in ("light", "dark")]
Camera = Callable[[str, int, str], bytes]


pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def camera(playwright: Any) -> Iterator[Camera]:
    """Takes a picture of a whole mail, its pictures drawn by stand-ins."""
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS.split())
    context = browser.new_context(viewport={"width": 600, "height": 900}, offline=True)
    page = context.new_page()

    def taken(html: str, width: int, scheme: str) -> bytes:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.set_content(pictured(html), wait_until="load")
        return bytes(page.screenshot(full_page=True, animations="disabled"))

    yield taken
    browser.close()


def pictured(html: str) -> str:
    """The mail with a drawing for each address, the same whatever attributes the picture has."""

    def drawn(match: re.Match[str]) -> str:
        return f' src="data:image/svg+xml,{quote(picture(match[1], 600, 300))}"'

    return re.sub(r"\ssrc=[\"'](https?://[^\"']*)[\"']", drawn, html)


def check(camera: Camera, pair: Pair) -> None:
    assert pair.before != pair.after
    for width, scheme in VIEWS:
        before, after = (camera(html, width, scheme) for html in (pair.before, pair.after))
        assert before == after, f"{pair.name} at {width} px, {scheme}"


@pytest.mark.parametrize("name", CATALOG.names())
def test_a_block_looks_the_same(camera: Camera, name: str) -> None:
    check(camera, alone(name))


@pytest.mark.parametrize("name", FULL)
def test_a_layout_looks_the_same(camera: Camera, name: str) -> None:
    check(camera, full(name))


@pytest.mark.deep
@pytest.mark.parametrize("locale", ["de", "ar"])
@pytest.mark.parametrize("name", FULL)
def test_a_layout_looks_the_same_in_another_language(camera: Camera, name: str, locale: str) -> None:
    check(camera, full(name, Setting(locale=locale)))


@pytest.mark.deep
@pytest.mark.parametrize("name", CATALOG.names())
def test_a_block_looks_the_same_from_right_to_left(camera: Camera, name: str) -> None:
    check(camera, alone(name, Setting(locale="ar")))


def test_the_camera_sees_one_pixel(camera: Camera) -> None:
    page = '<!doctype html><body style="margin:0"><p style="border:{}px solid #999;margin:0">x</p>'
    assert camera(page.format(1), 375, "light") != camera(page.format(2), 375, "light")
    assert camera(page.format(1), 375, "light") == camera(page.format(1), 375, "light")

"""A camera, and the MJML of npm; what needs them is skipped where they are missing."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from mailweave.preview.placeholder_images import picture
from tests.inlining.node import compiled, modules
from tests.inlining.oracle import chromium_path
from tests.inlining.test_screenshots import FLAGS, pictured

Camera = Callable[[str, int], bytes]
_GROUND = re.compile(r"url\((?:&quot;|[\"'])?(https?://[^)\"'&]*\.(?:png|jpe?g|gif))(?:&quot;|[\"'])?\)")


@pytest.fixture(scope="session")
def npm_html() -> Callable[[str], str]:
    """MJML of npm: the HTML of a page."""
    folder = modules()
    if folder is None or not (folder / "mjml").is_dir():
        pytest.skip("needs Node and MAILWEAVE_NPM=path/to/node_modules with mjml")
    return functools.lru_cache(lambda text: str(compiled(folder, [text])[0]["html"]))


def _drawn(ground: re.Match[str]) -> str:
    return f"url('data:image/svg+xml,{quote(picture(ground[1], 600, 300))}')"


@pytest.fixture(scope="module")
def camera(playwright: Any) -> Iterator[Camera]:
    """Takes a picture of a whole mail, its pictures drawn by stand-ins."""
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS.split())
    page = browser.new_context(viewport={"width": 600, "height": 600}, offline=True).new_page()

    def taken(html: str, width: int) -> bytes:
        page.set_viewport_size({"width": width, "height": 600})
        page.set_content(_GROUND.sub(_drawn, pictured(html)), wait_until="load")
        return bytes(page.screenshot(full_page=True, animations="disabled"))

    yield taken
    browser.close()

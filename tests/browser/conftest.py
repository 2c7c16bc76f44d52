"""A real browser to look at e-mails with: Chromium, driven by playwright, without a network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mailweave.preview.placeholder_images import stand_in_pictures

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync --no-first-run --disable-quic"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Viewer:
    """Shows HTML in Chromium and measures it; nothing is ever requested from anywhere."""

    browser: Any

    def look(
        self, html: str, script: str, *, width: int = 375, dark: bool = False, images: bool = True
    ) -> Any:
        """The value of a script in a page of that width."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=True,
        )
        try:
            page = context.new_page()
            page.route("**/*", lambda route: route.abort())
            page.set_content(stand_in_pictures(html) if images else html, wait_until="load")
            return page.evaluate(script)
        finally:
            context.close()


@pytest.fixture(scope="session")
def viewer(playwright: Any) -> Iterator[Viewer]:
    """Chromium for the whole session; the tests are skipped where it or playwright is absent."""
    chromium = os.environ.get("MAILWEAVE_CHROMIUM") or shutil.which("chromium")
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
    yield Viewer(browser)
    browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core; the tests are skipped where it is absent."""
    named = os.environ.get("MAILWEAVE_AXE")
    path = Path(named) if named else ROOT / ".cache" / "axe.min.js"
    if not path.is_file():
        pytest.skip("needs axe-core: MAILWEAVE_AXE=path/to/axe.min.js (npm pack axe-core)")
    return path.read_text(encoding="utf-8")

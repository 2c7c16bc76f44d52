"""Forty real mails look the same after conversion: not one pixel differs, at 375 and at 600 pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.inlining.oracle import chromium_path
from tests.inlining.test_screenshots import FLAGS, pictured
from tests.migrate.mails import PAGE, converted, folder, names

Camera = Callable[[str, int], bytes]
WIDTHS = (375, 600)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(folder() is None, reason="needs MAILWEAVE_EMAILS=path/to/data/emails"),
]


@pytest.fixture(scope="module")
def camera(playwright: Any) -> Iterator[Camera]:
    """Takes a picture of a whole mail, its pictures drawn by stand-ins."""
    browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS.split())
    page = browser.new_context(viewport={"width": 600, "height": 900}, offline=True).new_page()

    def taken(html: str, width: int) -> bytes:
        page.set_viewport_size({"width": width, "height": 900})
        page.set_content(pictured(html), wait_until="load")
        return bytes(page.screenshot(full_page=True, animations="disabled"))

    yield taken
    browser.close()


@pytest.mark.parametrize("name", names())
def test_a_mail_looks_the_same_and_stands_in_the_table(camera: Camera, name: str, tmp_path: Path) -> None:
    mail = converted(name, tmp_path)
    for width in WIDTHS:
        assert camera(mail.before, width) == camera(mail.after, width), f"at {width} px"
    assert mail.row in PAGE.read_text(encoding="utf-8")


def test_a_word_that_is_lost_is_seen(camera: Camera, tmp_path: Path) -> None:
    mail = converted(names()[0], tmp_path)
    assert camera(mail.before, 600) != camera(mail.after.replace("</td>", "x</td>", 1), 600)

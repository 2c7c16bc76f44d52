"""Chromium for judges, without a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from tests.browser.conftest import FLAGS, Viewer
from tests.inlining.oracle import chromium_path

from benchmarks.judge import NotJudged


def chromium() -> str:
    """Where it is. Raises NotJudged where it, or what drives it, is missing."""
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        raise NotJudged("Playwright is missing") from None
    found = chromium_path()
    if found is None:
        raise NotJudged("Chromium is missing")
    return found


@contextmanager
def viewer() -> Iterator[Viewer]:
    """A browser that shows HTML and measures it, closed at the end."""
    path = chromium()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=FLAGS.split())
        yield Viewer(browser)
        browser.close()

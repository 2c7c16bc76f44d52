"""The browser as judge: which computed styles differ between two documents.

Chromium shows both, at each width, in each colour scheme and in each state, and each element's computed values are
compared, pseudo-elements included. Nothing is fetched, scripts do not run, pictures stay away. An element that is
there in one and not in the other is a difference as well; what stands in the head, and `<style>`, is not looked at.

    with Judge.opened() as judge:
        judge.differences("<style>p{color:red}</style><p>x</p>", "<p style='color:red'>x</p>")  # []

States: `plain`; `hover` (every element is hovered); `active` (hovered, active and focused); `visited` (every link
was); `client` (what mail clients put around a mail: `#outlook`, `.ExternalClass`, `.gmail_quote`, `[data-ogsc]`, a
`<u>` before the body). Which of them are looked at follows from the style sheets.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = (Path(__file__).parent / "oracle.js").read_text(encoding="utf-8")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync"
    " --no-first-run --disable-quic --blink-settings=imagesEnabled=false"
)
WIDTHS = (375, 800)
BATCH = 16
_STATES = (
    ("hover", re.compile(r":hover")),
    ("active", re.compile(r":(active|focus)")),
    ("visited", re.compile(r":visited")),
    ("client", re.compile(r"u\s*\+|outlook|externalclass|gmail_quote|data-ogs")),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One computed value that differs: where, when, and both values."""

    path: str
    property: str
    width: int
    scheme: str
    state: str
    before: str
    after: str

    def __str__(self) -> str:
        when = f"{self.width} {self.scheme} {self.state}"
        return f"{self.path} {{{self.property}}} ({when}): {self.before!r} before, {self.after!r} after"


def states(*texts: str) -> list[str]:
    """The states that style sheets ask about."""
    text = "\n".join(texts).lower()
    return ["plain", *(name for name, sign in _STATES if sign.search(text))]


def schemes(*texts: str) -> list[str]:
    """The colour schemes that documents ask about; where none is named, dark looks like light."""
    return ["light", "dark"] if any("color-scheme" in text.lower() for text in texts) else ["light"]


def chromium_path() -> str | None:
    """Where Chromium is, or None."""
    return os.environ.get("MAILWEAVE_CHROMIUM") or shutil.which("chromium")


class Judge:
    """A page of Chromium that compares documents."""

    def __init__(self, browser: Any) -> None:
        self._context = browser.new_context(viewport={"width": 900, "height": 900}, offline=True)
        self._page = self._context.new_page()
        self._page.set_content("<!doctype html><body></body>")
        self._page.evaluate(SCRIPT)

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Judge]:
        """A judge with a browser of its own, closed at the end."""
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            browser = launched(playwright)
            yield cls(browser)
            browser.close()

    def differences(
        self, before: str, after: str, widths: Sequence[int] = WIDTHS, *, hooks: bool = True
    ) -> list[Difference]:
        """What differs between a document and the same document inlined, in order of the elements."""
        return self.compared([(before, after)], widths, hooks=hooks)[0][0]

    def compared(
        self, groups: Sequence[Sequence[str]], widths: Sequence[int] = WIDTHS, *, hooks: bool = True
    ) -> list[list[list[Difference]]]:
        """For each group the differences of its second, third .. document from its first.

        Without `hooks` the state `client` is left out.
        """
        found: list[list[list[Difference]]] = []
        for at in range(0, len(groups), BATCH):
            found += self._batch(groups[at : at + BATCH], widths, hooks)
        return [self._twice(one, seen, widths, hooks) for one, seen in zip(groups, found, strict=True)]

    def _twice(
        self, group: Sequence[str], seen: list[list[Difference]], widths: Sequence[int], hooks: bool
    ) -> list[list[Difference]]:
        """What a second look, in frames of their own, finds as well: on a loaded machine frames lag behind."""
        if not any(seen):
            return seen
        (again,) = self._batch([group], widths, hooks)
        return [[d for d in one if d in two] for one, two in zip(seen, again, strict=True)]

    def _batch(
        self, groups: Sequence[Sequence[str]], widths: Sequence[int], hooks: bool
    ) -> list[list[list[Difference]]]:
        self._page.evaluate("documents => judge.load(documents)", [list(group) for group in groups])
        asked = [[s for s in states(*group) if hooks or s != "client"] for group in groups]
        found: list[list[list[Difference]]] = [[[] for _ in group[1:]] for group in groups]
        for scheme in ("light", "dark"):
            looked = [
                one if scheme in schemes(*group) else [] for one, group in zip(asked, groups, strict=True)
            ]
            if not any(looked):
                continue
            self._page.emulate_media(color_scheme=scheme)
            self._page.evaluate("scheme => judge.settled(scheme)", scheme)
            for width in widths:
                result = self._page.evaluate("([w, s]) => judge.compare(w, s)", [width, looked])
                _gather(found, result, width, scheme)
        return found

    def computed(
        self,
        html: str,
        selector: str,
        name: str,
        *,
        width: int = 600,
        scheme: str = "light",
        media: str = "screen",
    ) -> str:
        """The computed value of a property of the first element that a selector finds."""
        page = self._context.new_page()
        try:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme, media=media)
            page.set_content(html)
            script = "([s, n]) => getComputedStyle(document.querySelector(s)).getPropertyValue(n)"
            return str(page.evaluate(script, [selector, name]))
        finally:
            page.close()

    def attribute(self, html: str, selector: str, name: str) -> str:
        """An attribute of the first element that a selector finds, empty where it is absent."""
        script = (
            "([h, s, n]) => new DOMParser().parseFromString(h, 'text/html').querySelector(s).getAttribute(n)"
        )
        return str(self._page.evaluate(script, [html, selector, name]) or "")


def launched(playwright: Any) -> Any:
    """Chromium as the judge needs it: no pictures, no network."""
    return playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS.split())


def _gather(found: list[list[list[Difference]]], result: Any, width: int, scheme: str) -> None:
    for group, others in zip(found, result, strict=True):
        for known, more in zip(group, others, strict=True):
            known += [
                Difference(d["path"], d["property"], width, scheme, d["state"], d["before"], d["after"])
                for d in more
            ]

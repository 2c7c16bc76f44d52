"""The sections of a mail: the rows, tables or boxes of its column, by how the page is built."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from mailweave.migrate.html.elements import Element, Page
from mailweave.rules.reserved import EMPTY, reserved

_AROUND: Final = frozenset("body center table tbody tr td div section main article".split())
_PARTS: Final = frozenset("tr table div section article header footer center".split())
_HEADINGS: Final = frozenset("h1 h2 h3 h4".split())
_MOST: Final = 0.9  # of a mail's words: who holds so many holds the column
PICTURES: Final = frozenset(["img", "mj-image"])
_LEAVING: Final = re.compile(
    r"unsubscribe|opt out|manage preferences|all rights reserved|©|&copy;", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a name for people and one for rules."""

    element: Element
    name: str
    title: str

    @property
    def place(self) -> str:
        """The slot that it stands in."""
        return f"{self.name}_place"


def sections(page: Page) -> list[Section]:
    """The sections of a page from top to bottom; none where its elements do not end."""
    body = next((each for each in page.all(page.root) if each.name == "body"), page.root)
    parts = sorted(_parts(page, body), key=lambda each: each.first)
    return named(page, parts)


def named(page: Page, parts: Sequence[Element]) -> list[Section]:
    """Those parts that show something, in order, each with its names."""
    parts = [each for each in parts if _shows(page, each)]
    made: list[Section] = []
    for n, element in enumerate(parts):
        title = _title(
            page, element, is_first=n == 0 and len(parts) > 1, is_last=n == len(parts) - 1 and n > 0
        )
        made.append(Section(element, _name(title, {each.name for each in made}), title))
    return made


def _name(title: str, taken: Collection[str]) -> str:
    """A name for rules by a title, unlike those taken."""
    word = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:30].strip("_") or "section"
    word = word if word[0].isalpha() and word not in reserved() | {EMPTY} else f"section_{word}"
    names = (f"{word}_{n}" if n > 1 else word for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _parts(page: Page, element: Element) -> Iterator[Element]:
    """What stands beside the column on the way down to it, and the sections of the column itself.

    The way leads to the innermost element that holds nearly all words of the mail.
    """
    all_words = len(page.words(element)) or 1
    while True:
        inside = [each for each in element.children if each.is_whole and each.name in _AROUND]
        whole = next((each for each in inside if len(page.words(each)) >= _MOST * all_words), None)
        if whole is None:
            yield from _of_column(page, element)
            return
        yield from (each for each in inside if each is not whole and each.name in _PARTS)
        element = whole


def _of_column(page: Page, column: Element) -> Iterator[Element]:
    """The sections of a column; a row of cells, or running text, is one itself."""
    parts = [each for each in column.children if each.is_whole and each.name in _PARTS]
    inside = sum(len(page.words(each)) for each in parts)
    if column.name != "tr" and len(parts) > 1 and inside >= _MOST * len(page.words(column)):
        yield from parts
    elif column.name in _PARTS and column.is_whole:
        yield column
    elif column.children and all(each.is_whole for each in column.children):
        yield Element("", column.first + 1, column.last - 1, True, column.children)  # what is in it


def _shows(page: Page, element: Element) -> bool:
    return bool(page.words(element).strip()) or any(each.name in PICTURES for each in page.all(element))


def _title(page: Page, element: Element, *, is_first: bool, is_last: bool) -> str:
    """What a section is called: by its heading, its place, or its first words."""
    words = page.words(element)
    heading = next((each for each in page.all(element) if each.name in _HEADINGS), None)
    said = re.sub(r"\{[{%].*?[}%]\}|&\w+;", " ", page.words(heading) if heading else words)
    if is_last and (heading is None or _LEAVING.search(words)):
        return "Footer"
    if is_first and heading is None and len(words) < 80:
        return "Header"
    return " ".join(said.split()[:4]) or ("Section" if words else "Picture")

"""Lists: what stands before each item.

>>> from bs4 import BeautifulSoup
>>> page = BeautifulSoup('<ol type="a" start="3"><li>Tea</li></ol>', "html.parser")
>>> list_of(page.ol, "", lambda node: False).marker(page.li)
'c. '
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bs4 import Comment, Tag
from bs4.element import PageElement

from mailweave.markup.stylesheet import parse_declarations

BULLET = "- "
FREE = "free"
"""An attribute of a list or item whose start tag holds conditions."""

_INTEGER = re.compile(r"\s*([+-]?[0-9]{1,9})")
_LISTS = frozenset({"ol", "ul", "menu", "dir"})
_TYPES = {"1": "decimal", "a": "lower-alpha", "A": "upper-alpha", "i": "lower-roman", "I": "upper-roman"}
_ROMAN = [
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
]
_MOST_ROMAN = 3999


@dataclass(frozen=True, slots=True)
class List:
    """An open list. An item has the number that a browser shows, where that is the same for every recipient."""

    indent: str
    kind: str
    numbers: Mapping[int, int]

    def marker(self, item: Tag) -> str:
        """What stands before an item: its number, a dash, or nothing where a browser shows nothing."""
        kind = _own_type(item) or self.kind
        if kind == "none" or not _is_counted(item):
            return ""
        if kind not in _WRITTEN or id(item) not in self.numbers:
            return BULLET
        return f"{_WRITTEN[kind](self.numbers[id(item)])}. "


def list_of(element: Tag, indent: str, varies: Callable[[PageElement], bool]) -> List:
    """A list as it is opened; `varies` tells the Liquid and the items on which later numbers depend."""
    kind = _own_type(element) or ("decimal" if element.name == "ol" else "disc")
    items: list[Tag] = []
    for node in _owned(element):
        if varies(node) or (isinstance(node, Tag) and "counter-" in str(node.get("style") or "")):
            return List(indent, kind, {})
        if isinstance(node, Tag) and node.name == "li" and not is_removed(node) and _is_counted(node):
            items.append(node)
    return List(indent, kind, dict(_numbered(element, items)))


def _owned(element: Tag) -> Iterator[PageElement]:
    """The list, its items that have a number, and what stands between them."""
    yield element
    waiting = list(reversed(element.contents))
    while waiting:
        node = waiting.pop()
        if isinstance(node, Comment | Tag):
            yield node
        if isinstance(node, Tag) and node.name not in _LISTS and node.name != "li" and not is_removed(node):
            waiting += reversed(node.contents)


def is_removed(element: Tag) -> bool:
    """Whether an element takes no place, nor a number: what is only invisible has one."""
    return element.has_attr("hidden") or _display(element) == "none"


def _is_counted(item: Tag) -> bool:
    """Whether an item is shown as one, with a number or a sign: not where `display` says otherwise."""
    return _display(item) in ("", "none", "list-item", "inherit", "initial", "unset", "revert")


def _display(element: Tag) -> str:
    style = str(element.get("style") or "")
    found = [one.value for one in parse_declarations(style) if one.name == "display"] if ":" in style else []
    return found[-1].lower().strip() if found else ""


def _numbered(element: Tag, items: list[Tag]) -> Iterator[tuple[int, int]]:
    step = -1 if element.has_attr("reversed") else 1
    number = _integer(element, "start")
    if number is None:
        number = len(items) if step < 0 else 1
    for item in items:
        own = _integer(item, "value")
        number = number if own is None else own
        yield id(item), number
        number += step


def _integer(element: Tag, name: str) -> int | None:
    found = _INTEGER.match(str(element.get(name) or ""))
    return int(found[1]) if found else None


def _own_type(element: Tag) -> str:
    """The kind of marker that an element asks for; its style is stronger than its attribute."""
    style = str(element.get("style") or "")
    found = _TYPES.get(str(element.get("type") or ""), str(element.get("type") or "").lower())
    for one in parse_declarations(style) if "list-style" in style else ():
        words = one.value.lower().split()
        if one.name == "list-style-type":
            found = " ".join(words)
        elif one.name == "list-style":
            found = next((word for word in words if word not in ("inside", "outside")), "")
            found = "disc" if "url(" in one.value.lower() else found
    return found


def _letters(number: int) -> str:
    """1 is a, 27 is aa; what has no letter is a number."""
    if number < 1:
        return str(number)
    out = ""
    while number:
        number, at = divmod(number - 1, 26)
        out = chr(ord("a") + at) + out
    return out


def _roman(number: int) -> str:
    if not 1 <= number <= _MOST_ROMAN:
        return str(number)
    out = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        out += letters * count
    return out


_WRITTEN: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimal-leading-zero": lambda number: f"{number:0{2 + (number < 0)}}",
    **dict.fromkeys(("lower-alpha", "lower-latin"), _letters),
    **dict.fromkeys(("upper-alpha", "upper-latin"), lambda number: _letters(number).upper()),
    "lower-roman": _roman,
    "upper-roman": lambda number: _roman(number).upper(),
}

"""Tables that hold data: which they are, and how their columns are aligned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bs4 import Comment, Tag

_WIDEST = 30
_GAP = "  "
_LAYOUT = ["table", "ul", "ol", "h1", "h2", "h3", "img", "hr", "div"]


def holds_data(table: Tag) -> bool:
    """Whether a table is one for its reader: it has headings, or short cells in even rows, and no layout."""
    if str(table.get("role", "")) in ("presentation", "none") or table.find("table") is not None:
        return False
    rows = [cells(row) for row in table.find_all("tr")]
    if table.find("th") is not None:
        return any(len(row) > 1 for row in rows)
    widths = {len(row) for row in rows}
    even = len(rows) > 1 and len(widths) == 1 and max(widths) > 1
    ruled = str(table.get("border", "0")) not in ("0", "")
    return even and ruled and all(cell.find(_LAYOUT) is None for row in rows for cell in row)


def cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)


@dataclass(slots=True)
class DataTable:
    """A table that is being written. `row` holds the cells and tags of the open row."""

    element: Tag
    row: list[str] | None = None
    _widths: list[int] = field(init=False)
    _column: int = 0

    def __post_init__(self) -> None:
        self._widths = _column_widths(self.element)

    def cell(self, text: str, hides: Callable[[str], bool]) -> None:
        """Adds a cell, as wide as its column where its text is known."""
        assert self.row is not None
        text = " ".join(text.split())
        width = self._widths[self._column] if self._column < len(self._widths) else 0
        self.row.append((text if hides(text) else text.ljust(width)) + _GAP)
        self._column += 1

    def line(self) -> str:
        """The row as a line."""
        assert self.row is not None
        self._column = 0
        return "".join(self.row).strip()


def _column_widths(table: Tag) -> list[int]:
    """The width of each column: that of its longest text among those that are known."""
    widths: list[int] = []
    for row in table.find_all("tr"):
        for at, cell in enumerate(cells(row)):
            widths += [0] * (at + 1 - len(widths))
            text = " ".join(cell.get_text(" ").split())
            known = cell.find(string=lambda node: isinstance(node, Comment)) is None
            if known and len(text) <= _WIDEST:
                widths[at] = max(widths[at], len(text))
    return widths

"""Tables that hold data: which they are, and how their rows are written.

>>> from bs4 import BeautifulSoup
>>> page = BeautifulSoup('<table><tr><td colspan="2">Total</td><td>18</td></tr></table>', "html.parser")
>>> holds_data(page.table), [span(cell, "colspan") for cell in cells(page.tr)]
(False, [2, 1])
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bs4 import Tag

_COUNT = re.compile(r"\s*(\d{1,4})")
_WIDEST = 100
_LAYOUT = ["table", "ul", "ol", "h1", "h2", "h3", "img", "hr", "div"]


def holds_data(table: Tag) -> bool:
    """Whether a table is one for its reader: it has headings, or short cells in even rows, and no layout."""
    if str(table.get("role", "")) in ("presentation", "none") or table.find("table") is not None:
        return False
    rows = [cells(row) for row in table.find_all("tr")]
    if table.find("th") is not None:
        return any(len(row) > 1 for row in rows)
    widths = {sum(span(cell, "colspan") for cell in row) for row in rows}
    even = len(rows) > 1 and len(widths) == 1 and max(widths) > 1
    ruled = str(table.get("border", "0")) not in ("0", "")
    return even and ruled and all(cell.find(_LAYOUT) is None for row in rows for cell in row)


def cells(row: Tag) -> list[Tag]:
    return row.find_all(["td", "th"], recursive=False)


def span(cell: Tag, name: str) -> int:
    """Over how many columns or rows a cell reaches; one, where that is not said in figures."""
    found = _COUNT.match(str(cell.get(name) or ""))
    return min(int(found[1]), _WIDEST) or 1 if found else 1


@dataclass(slots=True)
class DataTable:
    """A table that is being written. `row` holds the cells and tags of the open row.

    A cell ends with a tab: columns are aligned when all their texts are known, by `wrap`. A cell over several columns
    ends with as many. One over several rows leaves its column empty in those below, if the `rows` are the same for all.
    """

    element: Tag
    fixed: bool = False
    row: list[str] | None = None
    column: int = 0
    _below: dict[int, int] = field(default_factory=dict)  # by column, how many rows a cell still reaches down

    def begin(self) -> None:
        """Opens a row."""
        self.row, self.column = [], 0

    def cell(self, text: str, element: Tag) -> None:
        """Adds a cell to the open row."""
        assert self.row is not None
        self._pass()
        columns = span(element, "colspan")
        self.row.append(" ".join(text.split()) + "\t" * columns)
        down = span(element, "rowspan")
        if self.fixed and down > 1:
            self._below |= dict.fromkeys(range(self.column, self.column + columns), down)
        self.column += columns

    def _pass(self) -> None:
        """Goes on to the first column that no cell of a row above reaches into."""
        while self._below.get(self.column, 0) > 0:
            assert self.row is not None
            self.row.append("\t")
            self.column += 1

    def line(self) -> str:
        """The open row as a line; empty, if nothing stands in it."""
        assert self.row is not None
        line = "".join(self.row)
        self._below = {at: left - 1 for at, left in self._below.items() if left > 1}
        return line if line.strip() else ""

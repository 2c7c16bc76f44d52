"""Tables that hold data: which they are, and how their rows are written."""

from __future__ import annotations

from dataclasses import dataclass

from bs4 import Tag

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
    """A table that is being written. `row` holds the cells and tags of the open row.

    A cell ends with a tab: columns are aligned when all their texts are known, by `wrap`.
    """

    element: Tag
    row: list[str] | None = None

    def cell(self, text: str) -> None:
        """Adds a cell to the open row."""
        assert self.row is not None
        self.row.append(" ".join(text.split()) + "\t")

    def line(self) -> str:
        """The open row as a line; empty, if nothing stands in it."""
        assert self.row is not None
        line = "".join(self.row)
        return line if line.strip() else ""

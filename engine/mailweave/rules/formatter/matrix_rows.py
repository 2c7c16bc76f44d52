"""The rows of a matrix, its columns under each other."""

from __future__ import annotations

from mailweave.rules import nodes as n
from mailweave.rules.formatter.expressions import expression


def matrix_rows(node: n.Matrix) -> list[str]:
    """The rows of a matrix, its head first: names padded, numbers right under each other.

    Rows may be longer or shorter than the head: the checker refuses them, but nothing gets lost.
    """
    labels = ["", *((row.segment.id if row.segment else "otherwise") for row in node.rows)]
    rows = [[label] for label in labels]
    for at in range(max(len(node.columns), *(len(row.cells) for row in node.rows))):
        having = [row for row in node.rows if at < len(row.cells)]
        written = iter(_cells([row.cells[at] for row in having]))
        if at < len(node.columns):
            rows[0].append(_head(node.columns[at]))
        for row, into in zip(node.rows, rows[1:], strict=True):
            if at < len(row.cells):
                into.append(next(written))
    widths = [max(len(row[at]) for row in rows if at < len(row)) for at in range(max(map(len, rows)))]
    return [" | ".join(cell.ljust(widths[at]) for at, cell in enumerate(row)) + " |" for row in rows]


def _head(node: n.MatrixColumn) -> str:
    return node.slot.id if node.policy is None else f"{node.slot.id} ({node.policy.name})"


def _cells(cells: list[n.Cell]) -> list[str]:
    ranked = [cell for cell in cells if cell.block is not None and _rank(cell)]
    names_width = max((len(cell.block.id) for cell in ranked if cell.block is not None), default=0)
    numbers = max((len(cell.number.text) for cell in ranked if cell.number is not None), default=0)
    found = []
    for cell in cells:
        name = "-" if cell.block is None else cell.block.id
        rank = _rank(cell).rjust(numbers if cell.number is not None else 0)
        found.append(f"{name.ljust(names_width)} {rank}".rstrip() if rank.strip() else name)
    return found


def _rank(cell: n.Cell) -> str:
    if cell.number is not None:
        return cell.number.text
    return "" if cell.score is None else f"({expression(cell.score)})"

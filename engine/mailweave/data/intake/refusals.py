"""Why a cell is not read: in a word that is counted, and in words; never the value itself."""

from __future__ import annotations

from typing import NamedTuple


class CellRefused(ValueError):
    """A cell that is not read. `kind`: the word that is counted, `why`: what is wrong and what would be right."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(f"{kind}: {why}")
        self.kind = kind
        self.why = why


class Reason(NamedTuple):
    """Why a row is refused: the column of the export, the attribute that it was for, and what is wrong."""

    column: str
    attribute: str
    kind: str
    why: str

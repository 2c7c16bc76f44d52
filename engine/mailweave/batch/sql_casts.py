"""Rows of a staged list as SQL reads them: lines of JSON, cells of text, or columns with types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from mailweave.batch.list_import import RAW, Form, quoted
from mailweave.batch.sql_cells import Cells
from mailweave.batch.sql_columns import Columns
from mailweave.batch.sql_lines import Lines
from mailweave.batch.sql_values import Reading
from mailweave.schema.types import Type


class Rows(Protocol):
    """Rows of one form. `read`: the datum at a path of columns and members, by a type."""

    def read(self, path: tuple[str, ...], type: Type) -> Reading: ...

    def is_record(self, path: tuple[str, ...]) -> str:
        """Whether what stands under a path is a record, or nothing."""
        ...

    @property
    def sure(self) -> str:
        """What must hold of a whole row."""
        ...


def rows_of(form: Form, columns: Mapping[str, Any], alias: str) -> Rows:
    """The rows of a table with this alias, which has these columns."""
    if form == "lines":
        # a line that is no JSON was staged as an empty text
        return Lines(f"nullif({alias}.{quoted(RAW)}, '')")
    if form == "cells":
        return Cells(alias, frozenset(columns))
    return Columns(alias, columns)

"""A list as it is written: JSON lines, or Parquet with a column of the declared type for each attribute."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Protocol

from mailweave.data.files import end, private, unusable
from mailweave.data.intake.reading_plan import ReadingPlan
from mailweave.schema import types as t

SUFFIXES: Final = (".jsonl", ".ndjson", ".parquet")
_AT_ONCE: Final = 5_000


class ListFile(Protocol):
    """A list that is being written."""

    def add(self, record: dict[str, Any]) -> None:
        """Writes one row."""

    def close(self) -> None:
        """Ends the file, which then holds all rows."""


def as_line(record: Any) -> bytes:
    """A row of JSON lines. Halves of characters are escaped, which no UTF-8 holds."""
    try:
        return (json.dumps(record, ensure_ascii=False, default=str) + "\n").encode()
    except UnicodeEncodeError:
        return (json.dumps(record, default=str) + "\n").encode()


class Lines:
    """JSON lines."""

    def __init__(self, path: Path) -> None:
        self._file = private(path)

    def add(self, record: dict[str, Any]) -> None:
        self._file.write(as_line(record))

    def close(self) -> None:
        end(self._file)


class ParquetRows:
    """Parquet, in row groups of a few thousand rows."""

    def __init__(self, path: Path, plan: ReadingPlan) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._schema = _arrow_schema(plan)
        self._casts = {one.name: _cast(one.declared.type) for one in plan.attributes if not one.parent}
        self._rows: list[dict[str, Any]] = []
        self._open = ExitStack()
        file = self._open.enter_context(private(path))
        self._table: Callable[[list[Any]], Any] = lambda rows: pa.Table.from_pylist(rows, schema=self._schema)
        self._writer = self._open.enter_context(pq.ParquetWriter(file, self._schema))

    def add(self, record: dict[str, Any]) -> None:
        self._rows.append({name: self._casts.get(name, _same)(value) for name, value in record.items()})
        if len(self._rows) >= _AT_ONCE:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._open.close()

    def _flush(self) -> None:
        if self._rows:
            self._writer.write_table(self._table(self._rows))
        self._rows = []


def list_file(path: Path, kind: str, plan: ReadingPlan) -> ListFile:
    """The file of a list, by the ending of its name. Raises MailweaveError (MW833)."""
    if kind == ".parquet":
        return ParquetRows(path, plan)
    if kind in SUFFIXES:
        return Lines(path)
    what = f"a list is written as {', '.join(SUFFIXES)}"
    raise unusable(path, what)


def _same(value: Any) -> Any:
    return value


def _cast(type: t.Type) -> Callable[[Any], Any]:
    match type:
        case t.Money():
            return Decimal
        case t.Date():
            return date.fromisoformat
        case t.Instant():
            return datetime.fromisoformat
        case _:  # as JSON has it
            return _same


def _arrow_schema(plan: ReadingPlan) -> Any:
    import pyarrow as pa

    own = [pa.field(one.name, _arrow(one.declared.type)) for one in plan.attributes if not one.parent]
    consents = [pa.field(one.name, pa.bool_()) for one in plan.attributes if one.parent]
    typed = [pa.field("type", pa.string())] if plan.event else []
    return pa.schema([*typed, *own, *([pa.field("consent", pa.struct(consents))] if consents else [])])


def _arrow(type: t.Type) -> Any:
    import pyarrow as pa

    match type:
        case t.Bool():
            return pa.bool_()
        case t.Int():
            return pa.int64()
        case t.Number() | t.Ratio():
            return pa.float64()
        case t.Money():
            return pa.decimal128(18, 4)
        case t.Date():
            return pa.date32()
        case t.Instant():
            return pa.timestamp("us", tz="UTC")
        case t.SetOf(item=item):
            return pa.list_(_arrow(item))
        case t.ListOf() | t.Text() | t.Key() | t.Duration() | t.Zone() | t.Enum():
            return pa.string()


def refuse_lists_of_records(plan: ReadingPlan, kind: str, out: Path) -> None:
    """Raises MailweaveError (MW833): records in columns of Parquet are not written."""
    nested = [one.name for one in plan.attributes if isinstance(one.declared.type, t.ListOf) and one.read]
    if kind == ".parquet" and nested:
        what = f"`{nested[0]}` holds records, which are written as .jsonl alone"
        raise unusable(out, what)

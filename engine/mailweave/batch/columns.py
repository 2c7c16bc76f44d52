"""Rows of Arrow batches as plain Python, absent where a column has NULL.

Several times faster than asking Arrow for rows: each column is turned into a list at once, instants by
arithmetic, records and lists by their children.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TO_MICROSECONDS = {"s": 1_000_000, "ms": 1_000, "us": 1}


def rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    """Each row of a batch as a mapping without NULLs, at any depth of records."""
    names = batch.schema.names
    columns = [values(column) for column in batch.columns]
    for row in zip(*columns, strict=True):
        yield _without_nulls(names, row)


def _without_nulls(names: Sequence[str], row: tuple[Any, ...]) -> dict[str, Any]:
    made = dict(zip(names, row, strict=True))
    return made if None not in row else {name: value for name, value in made.items() if value is not None}


def values(column: pa.Array) -> list[Any]:
    """One column as Python values, None for NULL."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return _instants(column)
    if pa.types.is_struct(kind):
        return _records(column)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _lists(column)
    try:
        return column.to_pylist()  # type: ignore[no-any-return]  # pyarrow ships no types
    except (ValueError, OverflowError):
        return [_item(item) for item in column]


def _instants(column: pa.Array) -> list[Any]:
    import pyarrow as pa

    if column.type.unit == "ns":
        column = column.cast(pa.timestamp("us", tz=column.type.tz), safe=False)
    factor = _TO_MICROSECONDS[column.type.unit]
    ticks = column.cast(pa.int64()).to_pylist()
    try:
        return [None if n is None else _EPOCH + timedelta(microseconds=n * factor) for n in ticks]
    except OverflowError:
        return [_instant(n, factor) for n in ticks]


def _instant(ticks: int | None, factor: int) -> Any:
    """An instant; one outside the years that Python counts stays a number, which admission refuses by name."""
    try:
        return None if ticks is None else _EPOCH + timedelta(microseconds=ticks * factor)
    except OverflowError:
        return ticks


def _item(item: pa.Scalar) -> Any:
    """One value; a date that Python does not have stays what Arrow counts."""
    try:
        return item.as_py()
    except (ValueError, OverflowError):
        return item.value


def _records(column: pa.Array) -> list[dict[str, Any] | None]:
    names = [field.name for field in column.type]
    children = [values(child) for child in column.flatten()]
    valid = column.is_valid().to_pylist()
    rows = zip(*children, strict=True)
    return [_without_nulls(names, row) if there else None for row, there in zip(rows, valid, strict=True)]


def _lists(column: pa.Array) -> list[list[Any] | None]:
    items = values(column.values)
    offsets, valid = column.offsets.to_pylist(), column.is_valid().to_pylist()
    pairs = zip(offsets, offsets[1:], valid, strict=False)
    return [items[start:stop] if there else None for start, stop, there in pairs]

"""Moments that Spark writes as INT96: instants in UTC by definition, which readers take for ones without a zone.

The physical type stands in the files alone, so it is looked up there, and SQL is made that gives such columns their zone
back, at any depth of records and lists. A timestamp that is written without a zone stays one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mailweave.batch.ledger import BatchError
from mailweave.diagnostics import diagnose

_INT96: Final = "INT96"
_ITEM: Final = "item"


def instants(paths: Sequence[Path]) -> frozenset[tuple[str, ...]]:
    """The paths of columns that are INT96; items of a list are under `item`.

    Raises BatchError where another file says of the same column that it has no zone.
    """
    import pyarrow.parquet as pq

    found: set[tuple[str, ...]] = set()
    naive: dict[tuple[str, ...], Path] = {}
    for path in paths:
        try:
            file = pq.ParquetFile(path)
        except Exception:  # noqa: BLE001 - what cannot be read is told by the reader of the list
            continue
        with file:
            for name, is_int96 in _moments(file):
                if is_int96:
                    found.add(name)
                else:
                    naive[name] = path
    for name in sorted(found & set(naive)):
        what = f"`{'.'.join(name)}` has a zone in one file and none in another"
        raise BatchError([diagnose("MW805", place=str(naive[name]), what=what)])
    return frozenset(found)


def _moments(file: Any) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Columns that Arrow reads as moments without a zone, and whether each is INT96."""
    import pyarrow as pa

    leaves = iter(range(len(file.schema)))

    def walk(name: tuple[str, ...], kind: Any) -> Iterator[tuple[tuple[str, ...], bool]]:
        if pa.types.is_struct(kind):
            for field in kind:
                yield from walk((*name, field.name), field.type)
        elif pa.types.is_map(kind):
            yield from walk((*name, "key"), kind.key_type)
            yield from walk((*name, "value"), kind.item_type)
        elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
            yield from walk((*name, _ITEM), kind.value_type)
        else:
            leaf = file.schema.column(next(leaves))
            if pa.types.is_timestamp(kind) and kind.tz is None:
                yield name, leaf.physical_type == _INT96

    for field in file.schema_arrow:
        yield from walk((field.name,), field.type)


def with_zones(
    columns: Mapping[str, Any], found: frozenset[tuple[str, ...]], quoted: Callable[[str], str]
) -> str:
    """SQL for `SELECT *` in which columns that are INT96 have their zone. `columns`: names and types in DuckDB."""
    made = {
        name: _zoned(quoted(name), kind, (name,), found, quoted)
        for name, kind in columns.items()
        if any(path[0] == name for path in found)
    }
    replaced = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in made.items())
    return f"* REPLACE ({replaced})" if made else "*"


def _zoned(
    datum: str,
    kind: Any,
    path: tuple[str, ...],
    found: frozenset[tuple[str, ...]],
    quoted: Callable[[str], str],
) -> str:
    if path in found:
        return f"make_timestamptz(epoch_us({datum}))"
    if not any(one[: len(path)] == path for one in found):
        return datum
    if kind.id == "struct":
        members = (
            f"{quoted(name)} := {_zoned(f'{datum}.{quoted(name)}', inner, (*path, name), found, quoted)}"
            for name, inner in kind.children
        )
        return f"CASE WHEN {datum} IS NOT NULL THEN struct_pack({', '.join(members)}) END"
    if kind.id == "list":
        item = f"mw_item{len(path)}"
        inner = dict(kind.children)["child"]
        return f"list_transform({datum}, lambda {item}: {_zoned(item, inner, (*path, _ITEM), found, quoted)})"
    return datum

"""The names that a staged list has, counted in DuckDB."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from mailweave.batch.list_import import RAW, json_path, quoted
from mailweave.batch.row_decoding import ROOTS
from mailweave.batch.stage_writer import Shape
from mailweave.batch.undeclared import Undeclared, compare, declared_names, declared_properties
from mailweave.schema.model import Schema

if TYPE_CHECKING:
    import duckdb

_MOST: Final = 500  # columns that are looked at


def undeclared(connection: duckdb.DuckDBPyConnection, shape: Shape, schema: Schema, key: str) -> Undeclared:
    """What the list has that no rule declares, and the other way round."""
    known = declared_names(schema)
    columns = _names(connection, "people", shape.profiles == "lines", ROOTS, known)
    if not _has_rows(connection, "happened"):
        return compare(schema, key, columns)
    types = dict(
        connection.execute(
            "SELECT mw_type, count(*) FROM happened WHERE mw_type IS NOT NULL GROUP BY ALL"
        ).fetchall()
    )
    properties = _names(connection, "happened", shape.events == "lines", (), declared_properties(schema))
    return compare(schema, key, columns, types, properties)


def _has_rows(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall())


def _names(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    is_lines: bool,
    roots: tuple[str, ...],
    known: Collection[str],
) -> dict[str, int]:
    """Names with how many rows have a value under each; those that are `known` need not be counted."""
    if is_lines:
        document = f"nullif({RAW}, '')"
        found = _keys(connection, table, document, "")
        for root in roots:
            if root in found:
                path = json_path(root).replace("'", "''")
                found |= _keys(connection, table, f"json_extract({document}, '{path}')", f"{root}.")
        return found
    given = connection.sql(f"SELECT * FROM {table}")
    kinds = {n: k for n, k in zip(given.columns, given.types, strict=True) if not n.startswith("mw_")}
    others = [name for name in kinds if name not in known and name not in ROOTS][:_MOST]
    found = dict.fromkeys(kinds, 0) | _counted(connection, table, {name: quoted(name) for name in others})
    for root in roots:
        if root in kinds:
            found |= _inside(connection, table, root, kinds[root])
    return found


def _inside(connection: duckdb.DuckDBPyConnection, table: str, root: str, kind: Any) -> dict[str, int]:
    if kind.id == "struct":
        members = {f"{root}.{name}": f"{quoted(root)}.{quoted(name)}" for name, _ in kind.children}
        return _counted(connection, table, members)
    if kind.id == "varchar":
        name = quoted(root)
        return _keys(connection, table, f"CASE WHEN json_valid({name}) THEN {name} END", f"{root}.")
    return {}


def _counted(
    connection: duckdb.DuckDBPyConnection, table: str, expressions: dict[str, str]
) -> dict[str, int]:
    if not expressions:
        return {}
    counts = ", ".join(f"count({expression})" for expression in expressions.values())
    (found,) = connection.execute(f"SELECT {counts} FROM {table}").fetchall()
    return dict(zip(expressions, found, strict=True))


def _keys(connection: duckdb.DuckDBPyConnection, table: str, document: str, before: str) -> dict[str, int]:
    """The members of JSON objects."""
    names = f"json_keys(CASE WHEN json_type({document}) = 'OBJECT' THEN {document} END)"
    found = connection.execute(
        f"SELECT name, count(*) FROM (SELECT unnest({names}) AS name FROM {table}) GROUP BY name LIMIT {_MOST * 10}"
    )
    return {f"{before}{name}": n for name, n in found.fetchall()}

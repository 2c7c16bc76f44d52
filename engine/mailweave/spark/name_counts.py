"""The names that a list in Spark has, counted, as `mailweave.batch.name_counts` does at home."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from mailweave.batch.batches import KEY
from mailweave.batch.list_import import RAW
from mailweave.batch.row_decoding import ROOTS
from mailweave.batch.undeclared import Undeclared, compare, declared_names, declared_properties
from mailweave.schema.model import Schema
from mailweave.spark.names import datum, quoted

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_MOST: Final = 500  # columns that are looked at


def undeclared(people: DataFrame, events: DataFrame | None, schema: Schema, key: str) -> Undeclared:
    """What the list has that no rule declares, and the other way round. Both with KEY."""
    columns = _names(people, ROOTS, declared_names(schema))
    if events is None:
        return compare(schema, key, columns)
    from pyspark.sql import functions as f

    mine = events.join(people.select(KEY), KEY, "left_semi")
    type_ = datum(events, "type", "events", "the name of the event").alias("type")
    counted = mine.select(type_).where(f.col("type").isNotNull()).groupBy("type").count()
    types = {row["type"]: row["count"] for row in counted.collect()}
    if not types:
        return compare(schema, key, columns)
    return compare(schema, key, columns, types, _names(mine, (), declared_properties(schema)))


def _names(rows: DataFrame, roots: tuple[str, ...], known: Collection[str]) -> dict[str, int]:
    """Names with how many rows have a value under each; those that are `known` need not be counted."""
    from pyspark.sql import functions as f

    if RAW in rows.columns:
        found = _keys(rows, f.col(RAW), "")
        for root in roots:
            if root in found:
                found |= _keys(rows, f.get_json_object(RAW, f"$.{root}"), f"{root}.")
        return found
    kinds = {field.name: field.dataType for field in rows.schema if not field.name.startswith("mw_")}
    found = dict.fromkeys(kinds, 0)
    wanted = {n: f.col(quoted(n)) for n in list(kinds)[:_MOST] if n not in known and n not in roots}
    for root in (root for root in roots if root in kinds):
        inside = [field.name for field in kinds[root]] if kinds[root].typeName() == "struct" else []  # type: ignore[attr-defined]  # a struct
        wanted |= {f"{root}.{name}": f.col(quoted(root)).getField(name) for name in inside}
        if kinds[root].typeName() == "string":
            found |= _keys(rows, f.col(quoted(root)), f"{root}.")
    return found | _counted(rows, wanted)


def _counted(rows: DataFrame, wanted: dict[str, Column]) -> dict[str, int]:
    from pyspark.sql import functions as f

    if not wanted:
        return {}
    counts = [f.count(column).alias(f"n{at}") for at, column in enumerate(wanted.values())]
    found: Any = rows.agg(*counts).first()
    return dict(zip(wanted, found, strict=True))


def _keys(rows: DataFrame, document: Column, before: str) -> dict[str, int]:
    """The members of JSON objects."""
    from pyspark.sql import functions as f

    whole = f.when(f.try_parse_json(document).isNotNull(), document)
    names = rows.select(f.explode(f.json_object_keys(whole)).alias("name"))
    counted = names.groupBy("name").count().limit(_MOST * 10).collect()
    return {f"{before}{row['name']}": row["count"] for row in counted}

"""Recipients of a random rule text as Spark's DataFrames, each value in the type of its column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import pyarrow as pa
from hypothesis import strategies as st

from mailweave.rules import CheckedDocument
from mailweave.schema import types as t
from mailweave.schema.model import Schema
from tests.properties.rule_worlds import Draw, Recipient, recipients
from tests.properties.sql_worlds import SOURCE

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

INSTANT = pa.timestamp("us", tz="UTC")


@st.composite
def crowds(draw: Draw, document: CheckedDocument) -> list[Recipient]:
    """Recipients of one moment, with one snapshot: many, since a query of Spark costs what it costs."""
    first = draw(recipients(document))
    others = [draw(recipients(document)) for _ in range(11)]
    return [first, *(replace(one, now=first.now, context=first.context) for one in others)]


def frames(spark: SparkSession, schema: Schema, people: list[Recipient]) -> tuple[DataFrame, DataFrame]:
    """Profiles and events."""
    profiles, events = tables(schema, people)
    return spark.createDataFrame(profiles), spark.createDataFrame(events)


def tables(schema: Schema, people: list[Recipient]) -> tuple[pa.Table, pa.Table]:
    columns = {field.column or name: field.type for name, field in schema.profile.items()}
    kinds = [(SOURCE, pa.string()), *((name, arrow(type_)) for name, type_ in columns.items())]
    kinds += [("consent", pa.struct([(name, pa.bool_()) for name in (*schema.consents, "no_such")]))]
    scores = [(n, pa.struct([("value", arrow(s.type)), ("at", INSTANT)])) for n, s in schema.scores.items()]
    kinds += [("scores", pa.struct(scores or [("no_such", pa.bool_())]))]
    rows = [
        {
            SOURCE: f"k{at}",
            **{name: value(person.profile.get(name), type_) for name, type_ in columns.items()},
            "consent": dict(person.profile["consent"]),
            "scores": {n: dated(person.profile["scores"].get(n), s.type) for n, s in schema.scores.items()},
        }
        for at, person in enumerate(people)
    ]
    fields = {n: f.type for event in schema.events.values() for n, f in event.fields.items()}
    happened = [("profile", pa.string()), ("type", pa.string()), ("at", INSTANT)]
    happened += [(name, arrow(type_)) for name, type_ in fields.items()]
    events = [
        {
            "profile": f"k{at}",
            "type": event["type"],
            "at": value(event["at"], t.Instant()),
            **{name: value(event.get(name), type_) for name, type_ in fields.items()},
        }
        for at, person in enumerate(people)
        for event in person.events
    ]
    return pa.Table.from_pylist(rows, pa.schema(kinds)), pa.Table.from_pylist(events, pa.schema(happened))


def arrow(type_: t.Type) -> pa.DataType:
    match type_:
        case t.Bool():
            return pa.bool_()
        case t.Int() | t.Duration():
            return pa.int64()
        case t.Number() | t.Ratio():
            return pa.float64()
        case t.Money():
            return pa.decimal128(18, 4)
        case t.Date():
            return pa.date32()
        case t.Instant():
            return INSTANT
        case t.SetOf(item=item):
            return pa.list_(arrow(item))
        case t.ListOf(fields=fields):
            return pa.list_(pa.struct([(field.name, arrow(field.type)) for field in fields]))
        case _:
            return pa.string()


def value(given: Any, type_: t.Type) -> Any:
    if given is None:
        return None
    match type_:
        case t.Instant():
            at = datetime.fromisoformat(given) if isinstance(given, str) else given
            return at.astimezone(UTC)
        case t.Date():
            return date.fromisoformat(given) if isinstance(given, str) else given
        case t.Duration():
            return given // timedelta(microseconds=1)
        case t.Money():
            return Decimal(str(given)).quantize(Decimal("0.0001"))
        case t.Number() | t.Ratio():
            return float(given)
        case t.SetOf(item=item):
            return [value(one, item) for one in given]
        case t.ListOf(fields=fields):
            return [{f.name: value(one.get(f.name), f.type) for f in fields} for one in given]
        case t.Bool() | t.Int():
            return given
        case _:
            return normalize("NFC", str(given))


def dated(given: Mapping[str, Any] | None, type_: t.Type) -> dict[str, Any] | None:
    if given is None:
        return None
    return {"value": value(given.get("value"), type_), "at": value(given.get("at"), t.Instant())}

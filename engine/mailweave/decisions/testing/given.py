"""The data that a `test` block lists, as callers give it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mailweave.rules.checked import Test, TestEvent
from mailweave.schema.model import CatalogType, Schema
from mailweave.schema.types import (
    Bool,
    Date,
    Duration,
    Enum,
    Field,
    Instant,
    Int,
    ListOf,
    Money,
    Number,
    Ratio,
    SetOf,
    Type,
    Zone,
)
from mailweave.values.instants import iso

Data = dict[str, Any]


def profile_of(test: Test, schema: Schema) -> Data:
    """The profile under the names of the data, with consents, scores and lists beside the attributes."""
    columns = {name: field.column or name for name, field in schema.profile.items()}
    attributes = {columns[name]: value for name, value in test.profile.items()}
    scores = {name: {"value": s.value, "at": iso(test.now - s.age)} for name, s in test.scores.items()}
    consent = dict.fromkeys(test.consents, True)
    lists = {
        name: _items(schema.catalogs[schema.lists[name].catalog], (k for k in keys if isinstance(k, str)))
        for name, keys in test.lists.items()
    }
    return {**attributes, "consent": consent, "scores": scores, "lists": lists}


def events_of(test: Test) -> list[Data]:
    """The events, each so long before the test's `now` as it says."""
    return [_event(event, test.now) for event in test.events]


def context_of(test: Test) -> Data:
    """Lookups. No catalogue: lists have whole items, and those of everybody are empty unless the test fills them."""
    return {"lookups": {name: dict(table) for name, table in test.lookups.items()}}


def _event(event: TestEvent, now: int) -> Data:
    return {**event.fields, "type": event.type, "at": iso(now - event.ago)}


def _items(catalog: CatalogType, keys: Iterable[str]) -> list[Data]:
    """Items that say nothing but their key: what else their type demands is a stand-in."""
    rest = {field.column or name: _stand_in(field) for name, field in catalog.fields.items()}
    column = catalog.fields[catalog.key].column or catalog.key
    return [{**rest, column: key} for key in dict.fromkeys(keys)]


def _stand_in(field: Field) -> Any:
    return None if field.optional or field.default is not None else _of_type(field.type)


def _of_type(type: Type) -> Any:
    if isinstance(type, Enum):
        return type.members[0]
    if isinstance(type, SetOf | ListOf):
        return []
    return _PLAIN.get(type.__class__, "")


_PLAIN: Mapping[type, Any] = {
    Bool: False,
    Int: 0,
    Number: 0,
    Ratio: 0,
    Money: 0,
    Duration: "0 days",
    Date: "1970-01-01",
    Instant: "1970-01-01T00:00Z",
    Zone: "UTC",
}

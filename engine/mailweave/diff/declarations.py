"""Declared data that was added, taken out or declared otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mailweave.diff.changes import Declaration
from mailweave.rules.wording import constant, window
from mailweave.schema.model import EventType, LookupType, RecommendedList, Rfm, Schema, ScoreType
from mailweave.schema.types import Field
from mailweave.values.durations import DAY, spoken


def declaration_changes(old: Schema, new: Schema) -> tuple[Declaration, ...]:
    """Every declaration that is not as it was."""
    before, after = dict(_said(old)), dict(_said(new))
    found = []
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            status = "added" if name not in before else "removed" if name not in after else "changed"
            found.append(Declaration(name, status, before.get(name, ""), after.get(name, "")))  # type: ignore[arg-type]
    return tuple(found)


def _said(schema: Schema) -> Iterator[tuple[str, str]]:
    """Name and declaration, as a reader would write them."""
    yield from _fields("", schema.profile)
    for event in schema.events.values():
        yield f"event {event.name}", _kept(event)
        yield from _fields(f"event {event.name}.", event.fields)
    yield from ((f"consent {name}", "declared") for name in schema.consents)
    yield from ((f"score {score.name}", _score(score)) for score in schema.scores.values())
    yield from ((f"lookup {lookup.name}", _lookup(lookup)) for lookup in schema.lookups.values())
    for catalog in schema.catalogs.values():
        yield f"catalog {catalog.name}", f"key {catalog.key}"
        yield from _fields(f"catalog {catalog.name}.", catalog.fields)
    yield from ((f"list {each.name}", _list(each)) for each in schema.lists.values())
    zone = schema.timezone
    yield "timezone", zone.zone if zone.attribute is None else f"{zone.attribute} else {zone.zone}"


def _fields(before: str, fields: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    for field in fields.values():
        yield f"{before}{field.name}", _field(field)


def _field(field: Field) -> str:
    parts = [f"{field.type}{'?' if field.optional else ''}", *(["pii"] if field.pii else [])]
    parts += ["sensitive"] if field.sensitive else []
    parts += [] if field.needs is None else [f"needs consent.{field.needs}"]
    for word, value in (("=", field.default), ("min", field.minimum), ("max", field.maximum)):
        parts += [] if value is None else [f"{word} {constant(value, field.type)}"]
    return " ".join([*parts, *([] if field.column is None else [f'from "{field.column}"'])])


def _kept(event: EventType) -> str:
    parts = ["keep forever" if event.keep is None else f"keep {_length(event.keep)}"]
    if event.shown is not None:
        parts += ["shows last", *(["pii"] if event.shown.pii else [])]
        parts += [] if event.shown.needs is None else [f"needs consent.{event.shown.needs}"]
    return " ".join(parts)


def _length(length: int) -> str:
    days, rest = divmod(length, DAY)
    return spoken(length) if rest else f"{days} day{'' if days == 1 else 's'}"


def _score(score: ScoreType) -> str:
    computed, other = score.computed, _else(score.otherwise, score.type)
    how = "" if computed is None else f" by {_ranking(computed)}"
    return f"{score.type}{how} ttl {_length(score.ttl)} else {other}"


def _ranking(computed: Rfm) -> str:
    over = computed.event if computed.field is None else f"{computed.event}.{computed.field}"
    return f"{computed.by}({over}{_window(computed.window)})"


def _else(value: Any, type_: Any) -> str:
    return "unknown" if value is None else constant(value, type_)


def _window(found: Any) -> str:
    if found is None:
        return ""
    return f" in last {_length(found)}" if isinstance(found, int) else f" in {window(found)}"


def _lookup(lookup: LookupType) -> str:
    other = constant(lookup.otherwise, lookup.type)
    return f"by {lookup.key}: {lookup.type} ttl {_length(lookup.ttl)} else {other}"


def _list(each: RecommendedList) -> str:
    otherwise = f'"{each.otherwise}"' if each.everybody is None else f"catalog {each.everybody}"
    return f'of {each.catalog} by "{each.by}" max {each.max} else {otherwise}'

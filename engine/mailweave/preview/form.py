"""The form in which a recipient is edited, made from what the rules declare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mailweave.campaign import Campaign
from mailweave.schema.types import (
    Bool,
    Date,
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
)

_NUMBERS = (Int, Number, Ratio)
_WRITTEN = {Date: "2026-11-22", Instant: "2026-11-22T09:00:00Z", Money: "12.50"}


def form(campaign: Campaign) -> dict[str, Any]:
    """What a browser shows: attributes, consents, scores, lists, and experiments with their arms."""
    schema, plan = campaign.schema, campaign.decisions.plan
    return {
        "fields": [dict(_field(field)) for field in schema.profile.values()],
        "consents": list(schema.consents),
        "scores": {name: str(score.type) for name, score in schema.scores.items()},
        "lists": list(schema.lists),
        "events": list(schema.events),
        "experiments": {e.name: [arm.name for arm in e.arms] for e in plan.all_experiments},
    }


def _field(field: Field) -> Iterator[tuple[str, Any]]:
    yield from (("name", field.column or field.name), ("type", str(field.type)), ("kind", _kind(field.type)))
    yield from (("optional", field.optional), ("pii", field.pii))
    if isinstance(field.type, Enum):
        yield "members", list(field.type.members)
    if type(field.type) in _WRITTEN:
        yield "example", _WRITTEN[type(field.type)]


def _kind(type_: Type) -> str:
    """How a value of a type is edited; what is neither text nor figure nor choice is JSON."""
    if isinstance(type_, Enum):
        return "choice"
    if isinstance(type_, Bool):
        return "switch"
    if isinstance(type_, _NUMBERS):
        return "number"
    return "json" if isinstance(type_, SetOf | ListOf) else "text"

"""Two declarations of data as one that admits the recipients of both, as far as they mean the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from mailweave.rules import typed as x
from mailweave.rules.prover.questions import AllOf, Holds, Question
from mailweave.schema import types as t
from mailweave.schema.model import EventType, Schema
from mailweave.schema.types import Field
from mailweave.source import Span

_NOWHERE = Span(0, 0)
_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class CommonSchema:
    """`schema` holds what either declares; `apart` says of what both declare why it cannot be compared.

    The keys of `apart` are as `reads` of `tainted` names them: `attribute x`, `event e`, `field e.f`, `score s`,
    `lookup l`, `list l`, `calendar`.
    """

    schema: Schema
    apart: Mapping[str, str]


def common(old: Schema, new: Schema) -> CommonSchema:
    """One schema for the recipients of both."""
    apart: dict[str, str] = {}
    profile = _joined(old.profile, new.profile, lambda one, other: _attribute(one, other, apart))
    events = _joined(old.events, new.events, lambda one, other: _event(one, other, apart))
    if old.timezone != new.timezone:
        apart["calendar"] = "the time zone of calendar days changed"
    joined = Schema(
        profile,
        events,
        tuple(dict.fromkeys((*old.consents, *new.consents))),
        _same(old.scores, new.scores, "score", apart),
        _same(old.lookups, new.lookups, "lookup", apart),
        {**old.catalogs, **new.catalogs},
        _same(old.lists, new.lists, "list", apart),
        new.timezone,
    )
    return CommonSchema(joined, apart)


def _joined(old: Mapping[str, _V], new: Mapping[str, _V], both: Any) -> dict[str, _V]:
    names = dict.fromkeys((*old, *new))
    return {
        name: both(old[name], new[name]) if name in old and name in new else old.get(name) or new[name]
        for name in names
    }


def _same(old: Mapping[str, _V], new: Mapping[str, _V], kind: str, apart: dict[str, str]) -> dict[str, _V]:
    """What has to be declared alike to mean the same."""
    for name in old:
        if name in new and old[name] != new[name]:
            apart[f"{kind} {name}"] = f"the declaration of the {kind} `{name}` changed"
    return {**old, **new}


def _event(old: EventType, new: EventType, apart: dict[str, str]) -> EventType:
    for name in [name for name in old.fields if new.fields.get(name, old.fields[name]) != old.fields[name]]:
        apart[f"field {old.name}.{name}"] = f"the declaration of `{old.name}.{name}` changed"
    fields = {**old.fields, **new.fields}
    keep = None if old.keep is None or new.keep is None else max(old.keep, new.keep)
    return EventType(old.name, fields, keep, new.shown)


def _attribute(old: Field, new: Field, apart: dict[str, str]) -> Field:
    found = _field(old, new)
    if isinstance(found, Field):
        return found
    apart[f"attribute {old.name}"] = f"`{old.name}` {found}"
    return new


def _field(old: Field, new: Field) -> Field | str:
    """A field that holds the values of both, or why there is none."""
    type_ = _type(old.type, new.type)
    if type_ is None:
        return f"was {old.type} and is {new.type}"
    if (old.column, old.needs) != (new.column, new.needs):
        return "is read from another column, or needs another consent"
    if old.default != new.default:
        return "counts as something else where it is missing"
    low = None if None in (old.minimum, new.minimum) else min(_any(old.minimum), _any(new.minimum))
    high = None if None in (old.maximum, new.maximum) else max(_any(old.maximum), _any(new.maximum))
    if isinstance(type_, t.Enum) and (old.minimum, old.maximum) != (new.minimum, new.maximum):
        return "has other bounds"
    optional, pii = old.optional or new.optional, old.pii or new.pii
    return replace(new, type=type_, optional=optional, pii=pii, minimum=low, maximum=high)


def _any(value: object) -> Any:
    return value


def _type(old: t.Type, new: t.Type) -> t.Type | None:
    if old == new:
        return new
    if not isinstance(old, t.Enum) or not isinstance(new, t.Enum) or old.ordered != new.ordered:
        return None
    if not new.ordered:
        return t.Enum(tuple(dict.fromkeys((*new.members, *old.members))))
    small, large = sorted((old, new), key=lambda each: len(each.members))
    kept = tuple(member for member in large.members if member in small.members)
    return large if kept == small.members else None


# ---- whom one of the two admits


def admits(own: Schema, whole: CommonSchema) -> Question:
    """That one side reads a recipient of the common schema without refusing the profile."""
    parts = [Holds(each) for name in own.profile for each in _admits(own.profile[name], whole)]
    return AllOf(tuple(parts))


def _admits(own: Field, whole: CommonSchema) -> Iterator[x.Expr]:
    wide = whole.schema.profile[own.name]
    if f"attribute {own.name}" in whole.apart or wide == own:
        return
    value = x.Attribute(_NOWHERE, wide.type, True, own.name)
    if wide.optional and not own.optional and own.default is None:
        yield _known(value)
    tests: list[x.Expr] = []
    if isinstance(own.type, t.Enum) and wide.type != own.type:
        items = tuple(x.Const(_NOWHERE, wide.type, False, member) for member in own.type.members)
        tests.append(x.In(_NOWHERE, t.Bool(), True, value, items))
    for bound, wider, op in ((own.minimum, wide.minimum, ">="), (own.maximum, wide.maximum, "<=")):
        if bound != wider:
            end = x.Const(_NOWHERE, wide.type, False, _any(bound))
            tests.append(x.Compare(_NOWHERE, t.Bool(), True, value, op, end))  # type: ignore[arg-type]  # of two
    for test in tests:
        missing = x.Not(_NOWHERE, t.Bool(), False, _known(value))
        yield x.Or(_NOWHERE, t.Bool(), True, (missing, test))


def _known(value: x.Expr) -> x.Expr:
    return x.Known(_NOWHERE, t.Bool(), False, value)

"""Makes an example small and plain: every change is kept only if what was asked is still so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mailweave.rules.prover.default_values import normal, plain
from mailweave.rules.prover.recipients import Recipient
from mailweave.schema import types as t
from mailweave.schema.model import Schema
from mailweave.schema.types import Field
from mailweave.values.durations import DAY, HOUR, MINUTE
from mailweave.values.instants import iso, to_day, to_instant
from mailweave.values.money import to_decimal, to_units

_MOST_TRIES = 600
_ROUND = (0, 1, 2, 3, 4, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000, 5_000, 10_000)


@dataclass(slots=True)
class _Tries:
    """What may still be tried."""

    is_so: Callable[[Recipient], bool]
    left: int = _MOST_TRIES

    def better(self, now: Recipient, other: Recipient) -> Recipient:
        """The other recipient, if what was asked is so there too."""
        if self.left <= 0 or other == now:
            return now
        self.left -= 1
        try:
            return other if self.is_so(other) else now
        except (ArithmeticError, ValueError, TypeError, KeyError):  # data that no schema admits
            return now


def shrunk(schema: Schema, recipient: Recipient, is_so: Callable[[Recipient], bool]) -> Recipient:
    """A recipient for whom something is so still, with nothing that does not matter and round values."""
    tries, before = _Tries(is_so), None
    while recipient != before and tries.left > 0:
        before = recipient
        for step in (_fewer_events, _fewer_fields, _plain_fields, _plain_events, _plain_beside):
            recipient = step(schema, recipient, tries)
    return recipient


def _fewer_events(schema: Schema, found: Recipient, tries: _Tries) -> Recipient:
    found = tries.better(found, replace(found, events=()))
    for at in reversed(range(len(found.events))):
        fewer = (*found.events[:at], *found.events[at + 1 :])
        found = tries.better(found, replace(found, events=fewer))
    return found


def _fewer_fields(schema: Schema, found: Recipient, tries: _Tries) -> Recipient:
    needed = {
        f.column or f.name
        for f in schema.profile.values()
        if not f.optional and f.default is None and not isinstance(f.type, t.SetOf | t.ListOf)
    }
    for name in [name for name in found.profile if name not in needed]:
        found = tries.better(found, replace(found, profile=_without(found.profile, name)))
    for group in ("consent", "scores", "lists"):
        for name in found.profile.get(group, ()):
            fewer = _without(found.profile[group], name)
            profile = {**found.profile, group: fewer} if fewer else _without(found.profile, group)
            found = tries.better(found, replace(found, profile=profile))
    for name in found.arms:
        found = tries.better(found, replace(found, arms=_without(found.arms, name)))
    return tries.better(found, replace(found, context={}))


def _without(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != name}


def _plain_fields(schema: Schema, found: Recipient, tries: _Tries) -> Recipient:
    for field in schema.profile.values():
        name = field.column or field.name
        if name in found.profile:
            for value in plainer(field, found.profile[name], found.now):
                changed = replace(found, profile={**found.profile, name: value})
                after = tries.better(found, changed)
                if after is not found:
                    found = after
                    break
    return found


def _plain_events(schema: Schema, found: Recipient, tries: _Tries) -> Recipient:
    for at in range(len(found.events)):
        event = found.events[at]
        for moment in _moments(to_instant(event["at"]), found.now):
            if moment == event["at"]:
                break
            found = _first(found, at, {**event, "at": moment}, tries)
            if found.events[at] is not event:
                break
        for field in schema.events[event["type"]].fields.values():
            found = _plain_event_field(field, found, at, tries)
    return found


def _first(found: Recipient, at: int, event: Mapping[str, Any], tries: _Tries) -> Recipient:
    events = (*found.events[:at], event, *found.events[at + 1 :])
    return tries.better(found, replace(found, events=events))


def _plain_event_field(field: Field, found: Recipient, at: int, tries: _Tries) -> Recipient:
    name, event = field.column or field.name, found.events[at]
    if name not in event:
        return found
    if field.optional or field.default is not None:
        found = _first(found, at, _without(event, name), tries)
    for value in plainer(field, event[name], found.now) if name in found.events[at] else ():
        before, found = found, _first(found, at, {**event, name: value}, tries)
        if found is not before:
            break
    return found


def _plain_beside(schema: Schema, found: Recipient, tries: _Tries) -> Recipient:
    """Scores and lookups with round values."""
    for name, given in found.profile.get("scores", {}).items():
        for value in _numbers(given["value"]):
            if value == given["value"]:
                break
            scores = {**found.profile["scores"], name: {**given, "value": value}}
            before, found = (
                found,
                tries.better(found, replace(found, profile={**found.profile, "scores": scores})),
            )
            if found is not before:
                break
    for table, entries in found.context.get("lookups", {}).items():
        for key, given in entries.items():
            for value in _numbers(given):
                if value == given:
                    break
                lookups = {**found.context["lookups"], table: {**entries, key: value}}
                before, found = found, tries.better(found, replace(found, context={"lookups": lookups}))
                if found is not before:
                    break
    return found


# ---- plainer values, the plainest first; never the value itself or what is less plain


def plainer(field: Field, value: Any, now: int) -> Iterator[Any]:
    """Values of a field that are plainer than one, in JSON."""
    usual = plain(field.type, normal(field))
    seen = [usual, *_plainer(field.type, value, now)]
    for each in seen:
        if each == value and type(each) is type(value):
            return
        yield each


def _plainer(type_: t.Type, value: Any, now: int) -> Iterator[Any]:
    match type_:
        case t.Int() | t.Number() | t.Ratio():
            yield from _numbers(value)
        case t.Money(currency=currency):
            yield from (str(to_decimal(each)) for each in _amounts(to_units(value, currency)))
        case t.Date():
            yield from _days(to_day(value))
        case t.Instant():
            yield from _moments(to_instant(value), now)
        case t.SetOf() | t.ListOf() if isinstance(value, list):
            yield []
            yield from ([*value[:at], *value[at + 1 :]] for at in range(len(value)))
            if isinstance(type_, t.ListOf):
                yield from _records(type_, value, now)
        case t.Text() | t.Key():
            yield from ("Ann", "Ben", "a")
        case _:  # nothing is plainer than what it is
            return


def _records(type_: t.ListOf, value: list[Any], now: int) -> Iterator[Any]:
    for at, record in enumerate(value):
        for field in type_.fields:
            if field.name in record:
                for better in plainer(field, record[field.name], now):
                    yield [*value[:at], {**record, field.name: better}, *value[at + 1 :]]


def _numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    whole = [*_ROUND, *(-each for each in _ROUND[1:])]
    if isinstance(value, int):
        yield from whole
        return
    yield from (float(each) for each in whole)
    for places in range(1, 6):
        yield round(value, places)
        yield round(value + 10.0**-places, places)
        yield round(value - 10.0**-places, places)


def _amounts(units: int) -> Iterator[int]:
    for each in _ROUND:
        yield each * 10_000
        if units < 0:
            yield -each * 10_000
    for unit in (1_000_000, 100_000, 10_000, 100):
        low = units // unit * unit
        yield from (low, low + unit)


def _days(day: int) -> Iterator[str]:
    found = date.fromordinal(day)
    for year, month, number in (
        (found.year, 1, 1),
        (found.year, found.month, 1),
        (found.year, found.month, 15),
    ):
        yield date(year, month, number).isoformat()


def _moments(at: int, now: int) -> Iterator[str]:
    """Whole days, hours, minutes before `now` or after it, near a moment."""
    age = now - at
    if age >= 0:
        yield iso(now - DAY)
    for unit in (DAY, HOUR, MINUTE):
        whole = age // unit
        for each in (whole, whole + 1, whole - 1):
            if each >= 0 or age < 0:
                yield iso(now - each * unit)

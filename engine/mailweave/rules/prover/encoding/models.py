"""From a solution to a recipient: what z3 found, as plain data."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from datetime import date
from typing import Any

from mailweave.rules import typed as x
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.prover.default_values import BIRTHDAY, item, normal, plain
from mailweave.rules.prover.encoding.conditions import Encoder
from mailweave.rules.prover.encoding.histories import Class, Log
from mailweave.rules.prover.encoding.values import Term, plain_value
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.smt import smt
from mailweave.schema import types as t
from mailweave.schema.types import Field
from mailweave.values import calendar
from mailweave.values.instants import iso

_MOST_EVENTS = 2_000


class TooBig(Exception):
    """A solution with more events than anybody would read."""


def recipient(encoder: Encoder, model: Any) -> Recipient:
    """The recipient that a solution speaks of. Raises TooBig."""
    reader = _Reader(encoder, model)
    events, arms = tuple(reader.events()), reader.arms()
    return Recipient(reader.profile(), events, reader.now, reader.context(), arms)


class _Reader:
    """Reads one solution."""

    def __init__(self, encoder: Encoder, model: Any) -> None:
        self.encoder, self.model = encoder, model
        self.document: CheckedDocument = encoder.document
        self.now: int = self.number(encoder.clock.now)

    def number(self, term: Any) -> int:
        found: int = self.model.eval(term, model_completion=True).as_long()
        return found

    def true(self, term: Any) -> bool:
        return bool(smt().is_true(self.model.eval(term, model_completion=True)))

    # ---- the profile

    def profile(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for field in self.document.schema.profile.values():
            value = self._attribute(field)
            if value is not None:
                found[field.column or field.name] = value
        given = {name: True for name, term in self.encoder.variables.consents.items() if self.true(term)}
        return {**found, **({"consent": given} if given else {}), **self._scores(), **self._lists()}

    def _attribute(self, field: Field) -> Any:
        if isinstance(field.type, t.SetOf):
            return self._set(field)
        if isinstance(field.type, t.ListOf):
            return self._items(field, field.type)
        term = self.encoder.variables.attributes.get(field.name)
        if term is None:
            may_miss = field.optional or field.default is not None
            return None if may_miss else plain(field.type, normal(field))
        if field.optional and field.default is None and not self._is_here(field.name):
            return None
        return plain(field.type, self._day(field, self._value(term.value, field.type)))

    def _value(self, term: Any, type_: t.Type) -> Any:
        if isinstance(type_, t.Text | t.Key | t.Zone):
            return self.encoder.texts.told(self.model, term)
        return plain_value(self.model, term, type_)

    def _is_here(self, name: str) -> bool:
        return self.true(smt().Bool(f"{name} is given"))

    def _day(self, field: Field, value: Any) -> Any:
        """A date whose anniversary is asked for is one with that anniversary."""
        for (day, _), term in self.encoder.variables.anniversaries.items():
            if isinstance(day, x.Attribute) and day.name == field.name:
                return _born(self.number(term), value)
        return value

    def _set(self, field: Field) -> Any:
        asked = [
            (one, term) for (name, one), term in self.encoder.variables.members.items() if name == field.name
        ]
        inside = [plain(field.type.item, one) for one, term in asked if self.true(term)]  # type: ignore[union-attr]  # sets alone
        if field.optional and not self._is_here(field.name):
            return None
        return inside or ([] if field.optional and field.default is None else None)

    def _items(self, field: Field, type_: t.ListOf) -> Any:
        log = self.encoder.logs.get(f"list {field.name}")
        if log is None or (field.optional and not self._is_here(field.name)):
            return None
        found = [self._said(log, one, at) for one in log.classes for at in range(self._some(one))]
        return found or ([] if field.optional else None)

    def _scores(self) -> dict[str, Any]:
        found = {}
        for name, term in self.encoder.variables.scores.items():
            type_ = self.document.schema.scores[name].type
            if self.true(term.known):
                value = plain(type_, plain_value(self.model, term.value, type_))
                found[name] = {"value": value, "at": iso(self.now)}
        return {"scores": found} if found else {}

    def _lists(self) -> dict[str, Any]:
        found = {
            name: [self._sample(name)]
            for name, term in self.encoder.variables.lists.items()
            if self.true(term)
        }
        return {"lists": found} if found else {}

    def _sample(self, name: str) -> dict[str, Any]:
        schema = self.document.schema
        return item(schema.catalogs[schema.lists[name].catalog])

    def arms(self) -> dict[str, str]:
        declared = self.document.content.constants
        places = {name: self.number(term) for name, term in self.encoder.variables.arms.items()}
        return {name: declared[name].arms[at].name for name, at in places.items()}

    def context(self) -> dict[str, Any]:
        tables: dict[str, dict[str, Any]] = {}
        for (expr, _), term in self.encoder.variables.lookups.items():
            key = self._key(x.bare(expr.key))
            if key is not None:
                value = plain(expr.type, self._value(term, expr.type))
                tables.setdefault(expr.name, {})[str(key)] = value
        return {"lookups": tables} if tables else {}

    def _key(self, key: x.Expr) -> Any:
        if isinstance(key, x.Const):
            return plain(key.type, key.value)
        if isinstance(key, x.Attribute):
            return self._attribute(self.document.schema.profile[key.name])
        return None

    # ---- events

    def events(self) -> Iterator[dict[str, Any]]:
        found = []
        for name, log in self.encoder.logs.items():
            if not log.is_list:
                found += [each for one in log.classes for each in self._happened(name, log, one)]
        found.sort(key=lambda pair: pair[0])
        yield from (event for _, event in found)

    def _happened(self, name: str, log: Log, one: Class) -> Iterator[tuple[int, dict[str, Any]]]:
        number = self._some(one)
        if number:
            newest, oldest = self.number(one.newest), self.number(one.oldest)
        for at in range(number):
            age = oldest if at == number - 1 else newest
            yield -age, {"type": name, "at": iso(self.now - age), **self._said(log, one, at)}

    def _some(self, one: Class) -> int:
        number = self.number(one.number)
        if number > _MOST_EVENTS:
            raise TooBig
        return number

    def _said(self, log: Log, one: Class, at: int) -> dict[str, Any]:
        found = {}
        for field in log.fields.values():
            term = one.item.get(field.name)
            value = plain(field.type, normal(field)) if term is None else self._field(field, one, term, at)
            if field.name in log.distinct and value is not None:
                value = _varied(value, min(at, self.number(log.distinct[field.name]) - 1))
            if value is not None:
                found[field.column or field.name] = value
        return found

    def _field(self, field: Field, one: Class, term: Term, at: int) -> Any:
        """What an event says; the last of a class makes up its sum."""
        if not self.true(term.known):
            return None
        value, total, number = self._value(term.value, field.type), one.sums.get(field.name), 0
        if total is not None and at > 0:
            number = self.number(one.number)
        if number > 1 and at == number - 1:
            value = plain_value(self.model, total, field.type) - (number - 1) * value
        return plain(field.type, value)


def _varied(value: Any, at: int) -> Any:
    """Another value for each of several events whose values shall differ."""
    if at <= 0 or isinstance(value, bool):
        return value
    return value + at if isinstance(value, int | float) else f"{value}{at}"


def _born(anniversary: int, value: int) -> int:
    """A birthday with that anniversary, in the year of a date, or in that of a plain one."""
    if value > 0 and calendar.anniversary(value, anniversary) == anniversary:
        return value
    day, year = date.fromordinal(anniversary), date.fromordinal(max(1, value)).year
    year = year if 1900 <= year <= day.year else date.fromordinal(BIRTHDAY).year
    while (day.month, day.day) == (2, 29) and not isleap(year):
        year -= 1
    return day.replace(year=year).toordinal()

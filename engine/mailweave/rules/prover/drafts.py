"""A recipient put together from a box: a value from each cell, events for the counts. Guessed, then replayed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import product
from math import inf
from typing import Any

from mailweave.rules import typed as x
from mailweave.rules.prover.default_values import BIRTHDAY, normal, plain
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.reference_evaluator import RecipientValues
from mailweave.rules.regions.boxes import Box, Space
from mailweave.rules.regions.variables import Cell, Range
from mailweave.schema import types as t
from mailweave.schema.model import Schema
from mailweave.values.calendar import today
from mailweave.values.durations import DAY, HOUR
from mailweave.values.instants import iso

_FAR = 3_000


@dataclass(slots=True)
class Draft:
    """What is put together; attributes in their normal form."""

    schema: Schema
    now: int
    values: dict[str, Any] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    sets: dict[str, set[Any]] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    lookups: dict[str, dict[str, Any]] = field(default_factory=dict)
    counts: dict[str, list[tuple[x.EventAggregate, int]]] = field(default_factory=dict)
    arms: dict[str, str] = field(default_factory=dict)

    @property
    def today(self) -> int:
        return today(self.now, self.schema.timezone.zone)

    def recipient(self, person: RecipientValues) -> Recipient:
        """The recipient, with all that is required."""
        found: dict[str, Any] = {}
        for each in self.schema.profile.values():
            value = self._attribute(each)
            if value is not None:
                found[each.column or each.name] = plain(each.type, value)
        given = {name: True for name, there in self._consents().items() if there}
        scores = {name: {"value": value, "at": iso(self.now)} for name, value in self.scores.items()}
        beside = {"consent": given, "scores": scores}
        profile = {**found, **{name: value for name, value in beside.items() if value}}
        context = {"lookups": self.lookups} if self.lookups else {}
        return Recipient(profile, tuple(self._events(person)), self.now, context, self.arms)

    def _attribute(self, each: t.Field) -> Any:
        if each.name in self.sets:
            return frozenset(self.sets[each.name])
        if each.name in self.values:
            return self.values[each.name]
        needed = not each.optional and each.default is None and not isinstance(each.type, t.SetOf | t.ListOf)
        return normal(each) if needed and each.name not in self.absent else None

    def _consents(self) -> dict[str, bool]:
        """Those that are asked for, and those without which a value would not be seen."""
        found = dict(self.consents)
        for name in (*self.values, *self.sets):
            needs = self.schema.profile[name].needs
            if needs is not None:
                found.setdefault(needs, True)
        return found

    def _events(self, person: RecipientValues) -> Iterator[dict[str, Any]]:
        """The fewest events with these counts, the smallest window first."""
        for name, wanted in self.counts.items():
            made: list[tuple[int, bool]] = []
            wanted.sort(key=lambda pair: (_length(pair[0]), pair[0].where is None))
            before = 0
            for key, number in wanted:
                length = _length(key)
                age = _age(before, length)
                have = sum(some or key.where is None for at, some in made if at < length)
                fields = _fields(person, name, key.where)
                for _ in range(number - have if fields is not None else 0):
                    made.append((age, key.where is not None))
                    yield {"type": name, "at": iso(self.now - age), **(fields or {})}
                before = int(length) if length != inf else before


def _length(key: x.EventAggregate) -> float:
    if key.window is None:
        return inf
    return float(key.window.length) if isinstance(key.window, x.ExactWindow) else float(DAY // 2)


def _age(before: int, length: float) -> int:
    """An age within a window and outside the smaller ones: in whole days where there is one."""
    for unit in (DAY, HOUR, 1):
        age = (before // unit + 1) * unit if before % unit or not before else before
        if before <= age < length:
            return age
    return before


def _fields(person: RecipientValues, event: str, where: x.Expr | None) -> dict[str, Any] | None:
    """Fields with which an event fulfils a filter; with none, those of no filter that asks for more."""
    if where is None:
        return {}
    declared = person.schema.events[event].fields
    named = list(dict.fromkeys(e.name for e in x.walk(where) if isinstance(e, x.ItemField)))
    choices = [_candidates(declared[name].type, where) for name in named]
    for values in product(*choices):
        given = {
            name: plain(declared[name].type, value)
            for name, value in zip(named, values, strict=True)
            if value is not None
        }
        event_at = {"type": event, "at": iso(0), **given}
        if _fulfils(person, event, where, event_at):
            return given
    return None


def _fulfils(person: RecipientValues, event: str, where: x.Expr, given: dict[str, Any]) -> bool:
    from mailweave.rules.reference_values import read_event

    return person.ask(where, read_event(person.schema.events[event], given)) is True


def _candidates(type_: t.Type, where: x.Expr) -> list[Any]:
    if isinstance(type_, t.Bool):
        return [True, False]
    if isinstance(type_, t.Enum):
        return list(type_.members)
    known = [e.value for e in x.walk(where) if isinstance(e, x.Const) and type(e.type) is type(type_)]
    beside = [each + by for each in known for by in (1, -1) if not isinstance(each, str | bool)]
    return [*known, *beside, *(["other"] if isinstance(type_, t.Text) else [])] or [None]


# ---- from a box


def drafted(schema: Schema, space: Space, box: Box, now: int) -> Draft:
    """What the cells of a box ask for."""
    draft, least = Draft(schema, now), space.least(box)
    for at, variable in enumerate(space.variables):
        if box[at] == space.everything[at]:
            continue
        cells = [cell for place, cell in enumerate(space.cells[at]) if box[at] >> place & 1]
        cell = next((each for each in cells if not each.missing), cells[0])
        number = None if least is None else least[at]
        _put(draft, variable.key, cell, _number(cell.range, number, variable.whole))
    return draft


def _number(found: Range | None, least: float | None, whole: bool) -> Any:
    if found is None:
        return None
    low = least if least is not None and least != -inf else found.low
    if low == -inf and found.high == inf:
        return 0
    if low == -inf:
        value = found.high - 1 if found.high_open else found.high
    elif found.low_open and low == found.low:
        value = (low + found.high) / 2 if found.high != inf else low + 1
    else:
        value = low
    return int(value) if whole else float(value)


def _put(draft: Draft, key: x.Expr, cell: Cell, number: Any) -> None:
    """Puts one value where it belongs; what has no place is left to the replay."""
    value = cell.label if cell.range is None else number
    if isinstance(value, str) and value == "any other":
        value = "other"
    match key:
        case x.Attribute(name=name) if name in draft.schema.profile:
            if cell.missing:
                draft.absent.add(name)
            else:
                draft.values[name] = BIRTHDAY if _is_any_day(key, cell) else value
        case x.TimeSince(value=x.Attribute(name=name)) if not cell.missing:
            draft.values[name] = draft.now - number
        case x.EventAggregate(function="count", event=event):
            draft.counts.setdefault(event, []).append((key, int(number)))
        case x.ByArm(experiment=experiment):
            draft.arms[experiment] = str(value)
        case x.ConsentGiven(purpose=purpose):
            draft.consents[purpose] = bool(value)
        case x.ScoreValue(name=name) if not cell.missing:
            draft.scores[name] = plain(key.type, value)
        case x.LookupValue(name=name, key=x.Const(value=at)):
            draft.lookups.setdefault(name, {})[str(at)] = plain(key.type, value)
        case _ if not cell.missing:
            _flag(draft, key, bool(value))
        case _:  # what is missing in a draft needs no word
            return


def _is_any_day(key: x.Expr, cell: Cell) -> bool:
    """Whether any day will do: then a plain one does."""
    return isinstance(key.type, t.Date) and cell.range is not None and cell.range == Range()


def _flag(draft: Draft, key: x.Expr, true: bool) -> None:
    match key:
        case x.SetContains(value=held, item=x.Const(value=one)):
            _held(draft, held, (one,), true)
        case x.SetContainsMany(value=held, quantifier=quantifier, items=items):
            wanted = tuple(each.value for each in items)
            _held(draft, held, wanted if quantifier == "all" else wanted[:1], true)
        case x.TextContains(value=held, part=x.Const(value=part)) if true:
            _text(draft, held, str(part))
        case x.Matches(value=held, pattern=pattern) if true:
            _text(draft, held, pattern.replace("*", "").replace("?", "a"))
        case x.TextContains(value=held) | x.Matches(value=held):
            _text(draft, held, "")
        case x.InWindow(value=held):
            _in_window(draft, x.bare(held), 0 if true else _FAR)
        case _:  # a draft need not hold: the solver is asked then
            return


def _held(draft: Draft, held: x.Expr, wanted: tuple[Any, ...], true: bool) -> None:
    found = x.bare(held)
    if isinstance(found, x.Attribute):
        draft.sets.setdefault(found.name, set()).update(wanted if true else ())


def _text(draft: Draft, held: x.Expr, text: str) -> None:
    found = x.bare(held)
    if isinstance(found, x.Attribute):
        draft.values[found.name] = str(draft.values.get(found.name, "")) + text


def _in_window(draft: Draft, held: x.Expr, days: int) -> None:
    match held:
        case x.Attribute(name=name) if isinstance(held.type, t.Date):
            draft.values[name] = draft.today - days
        case x.Attribute(name=name):
            draft.values[name] = draft.now - days * DAY
        case x.Anniversary(value=inner):
            day = date.fromordinal(draft.today - days % 300)
            birthday = day.replace(year=date.fromordinal(BIRTHDAY).year, day=min(day.day, 28))
            owner = x.bare(inner)
            if isinstance(owner, x.Attribute):
                draft.values[owner.name] = birthday.toordinal()
        case _:  # as above
            return

"""The naive interpreter: what every construct means, in the plainest Python; the compiled program equals it.

It shares nothing with admission, the optimizer or the code generator. It reads the recipient as it comes
(valid data; the refusals of admission are not repeated), in Python's own types: Decimal, date, datetime,
timedelta. Unknown and missing are None everywhere. Events are gone through one by one, for each question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from mailweave.rules import typed
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.reference_values import (
    Natural,
    Record,
    aggregate,
    anniversary,
    calculate,
    calendar_days,
    compare,
    glob_matches,
    instant,
    kleene_and,
    kleene_not,
    known,
    natural,
    read,
    read_event,
    read_field,
    within_type,
)
from mailweave.schema.model import EventType
from mailweave.schema.types import ListOf, Type
from mailweave.values.bucket_ranges import bucket_ranges, choose_variation
from mailweave.values.calendar import CalendarWindow
from mailweave.values.hashing import bucket_after, fnv1a32, has_unit
from mailweave.values.zones import zone_named


@dataclass(frozen=True, slots=True)
class Answers:
    """What the interpreter says: the same as an Evaluation."""

    segments: frozenset[str]
    tiers: dict[str, str | None]
    skip: str | None


def interpret(
    checked: CheckedDocument,
    profile: Mapping[str, Any],
    events: Iterable[Mapping[str, Any]] = (),
    *,
    context: Mapping[str, Any] | None = None,
    now: datetime,
    arms: Mapping[str, str] | None = None,
) -> Answers:
    """Segments, tiers and the code of the skip of one recipient whose data is valid.

    `arms` of experiments on constants by hand, those it does not name switched off; without it the hash decides.
    """
    person = RecipientValues(checked, profile, list(events), context or {}, now, arms)
    return Answers(
        frozenset(name for name in checked.segments if person.is_in(name)),
        {name: person.tier(name) for name in checked.tiers},
        next((skip.name for skip in checked.skips if person.ask(skip.condition) is True), None),
    )


class RecipientValues:
    """One recipient at one moment, and the meaning of every expression for this recipient."""

    def __init__(
        self,
        checked: CheckedDocument,
        profile: Mapping[str, Any],
        events: Sequence[Mapping[str, Any]],
        context: Mapping[str, Any],
        now: datetime,
        arms: Mapping[str, str] | None = None,
    ) -> None:
        self.checked = checked
        self.schema = checked.schema
        self.profile = profile
        self.events = events
        self.context = context
        self.now = instant(now)
        self.arms = arms

    # ---- what is known

    def is_in(self, name: str) -> bool:
        segment = self.checked.segments[name]
        inside = segment.within is None or self.is_in(segment.within)
        return inside and self.ask(segment.condition) is True

    def tier(self, name: str) -> str | None:
        tier = self.checked.tiers[name]
        for member in tier.members:
            if self.ask(member.condition) is True:
                return member.name
        return tier.otherwise

    def consents(self, purpose: str) -> bool:
        return (self.profile.get("consent") or {}).get(purpose) is True

    def attribute(self, name: str) -> Natural:
        field = self.schema.profile[name]
        if field.needs is not None and not self.consents(field.needs):
            return None
        return read_field(field, self.profile.get(field.column or name))

    def score(self, name: str) -> Natural:
        score = self.schema.scores[name]
        otherwise = natural(score.type, score.otherwise)
        given = (self.profile.get("scores") or {}).get(name)
        return self.dated(given, score.type, score.ttl, otherwise, bare_is_fresh=False)

    def lookup(self, name: str, key: Natural) -> Natural:
        lookup = self.schema.lookups[name]
        otherwise = natural(lookup.type, lookup.otherwise)
        if key is None:
            return otherwise
        table = (self.context.get("lookups") or {}).get(name) or {}
        given = table.get(key, table.get(str(key)))
        return self.dated(given, lookup.type, lookup.ttl, otherwise, bare_is_fresh=True)

    def dated(self, given: Any, type: Type, ttl: int, otherwise: Natural, *, bare_is_fresh: bool) -> Natural:
        """A bare value, or {"value", "at"}: what it holds, unless that is absent, undated or too old."""
        whole = given if isinstance(given, Mapping) else {"value": given}
        if whole.get("value") is None:
            return otherwise
        if whole.get("at") is None:
            return read(type, whole["value"]) if bare_is_fresh else otherwise
        stale = self.now - instant(whole["at"]) > timedelta(microseconds=ttl)
        return otherwise if stale else read(type, whole["value"])

    def kept(self, name: str) -> list[Record]:
        """The events of a type that are seen: not after now, not older than is kept."""
        event = self.schema.events[name]
        records = [read_event(event, each) for each in self.events if each["type"] == name]
        return [each for each in records if self.is_kept(each["at"], event)]

    def is_kept(self, at: datetime, event: EventType) -> bool:
        if at > self.now:
            return False
        return event.keep is None or at > self.now - timedelta(microseconds=event.keep)

    def zone(self) -> tzinfo:
        zone = self.schema.timezone
        return zone_named((self.attribute(zone.attribute) if zone.attribute else None) or zone.zone)

    def today(self) -> date:
        return self.now.astimezone(self.zone()).date()

    # ---- windows

    def lies_in(self, when: datetime | date, window: typed.Window) -> bool:
        if isinstance(window, CalendarWindow):
            days = calendar_days(window, self.today())
            day = self.day_of(when) if isinstance(when, datetime) else when
            return days[0] <= day <= days[1]
        assert isinstance(when, datetime)
        length = timedelta(microseconds=window.length)
        return self.now - length < when <= self.now if window.last else self.now < when <= self.now + length

    def day_of(self, when: datetime) -> date:
        """The latest day that the clock has shown: where it goes back over midnight, a day stays begun."""
        zone, minute = self.zone(), timedelta(minutes=1)
        clock = [when.astimezone(zone)]
        if (when - 180 * minute).astimezone(zone).utcoffset() != clock[0].utcoffset():
            clock += [(when - n * minute).astimezone(zone) for n in range(180)]
        return max(each.date() for each in clock)

    # ---- experiments

    def arm(self, expr: typed.ByArm) -> int:
        """The place of the arm; that of the control for who is in none."""
        experiment = self.checked.content.constants[expr.experiment]
        names = [arm.name for arm in experiment.arms]
        if expr.only is not None and self.ask(expr.only) is not True:
            return 0
        if self.arms is not None:
            return names.index(self.arms[expr.experiment]) if expr.experiment in self.arms else 0
        unit = self.attribute(expr.unit.name)
        if not has_unit(unit):
            return 0
        shares = [float(arm.share) for arm in experiment.arms]
        ranges = bucket_ranges(len(shares), float(1 - experiment.holdout), shares)
        return max(0, choose_variation(bucket_after(fnv1a32(experiment.salt), str(unit)), ranges))

    # ---- the meaning of expressions

    def ask(self, expr: typed.Expr, item: Record | None = None) -> Natural:
        """The value of an expression, or the Kleene truth of a condition; `item` is the row at hand."""
        ask: Callable[[typed.Expr], Natural] = lambda below: self.ask(below, item)  # noqa: E731  # reads well
        match expr:
            case typed.Const(type=type, value=value):
                return natural(type, value)
            case typed.Attribute(name=name):
                return self.attribute(name)
            case typed.ItemField(name=name):
                assert item is not None
                return item[name]
            case typed.ConsentGiven(purpose=purpose):
                return self.consents(purpose)
            case typed.ScoreValue(name=name):
                return self.score(name)
            case typed.LookupValue(name=name, key=key):
                return self.lookup(name, ask(key))
            case typed.TierValue(name=name):
                return self.tier(name)
            case typed.InSegment(name=name):
                return self.is_in(name)
            case typed.Inlined(value=value):
                return ask(value)
            case typed.Not(term=term):
                return kleene_not(ask(term))
            case typed.And(terms=terms):
                return kleene_and(map(ask, terms))
            case typed.ByArm(conditions=conditions):
                return ask(conditions[self.arm(expr)])
            case typed.Or(terms=terms):
                return kleene_not(kleene_and(kleene_not(ask(term)) for term in terms))
            case typed.Known(value=value):
                return ask(value) is not None
            case typed.Between(value=value, low=low, high=high):
                found = ask(value)
                ends = (
                    compare(ask(low), "<=", found, value.type),
                    compare(found, "<=", ask(high), value.type),
                )
                return kleene_and(ends)
            case typed.Compare(left=left, op=op, right=right):
                return compare(ask(left), op, ask(right), left.type)
            case typed.Exists(event=event, window=window):
                return any(window is None or self.lies_in(e["at"], window) for e in self.kept(event))
            case typed.EventAggregate():
                return self.over_events(expr)
            case typed.ListAggregate():
                return self.over_list(expr)
            case typed.TimeSince(value=value):
                return known([ask(value)], lambda at: self.now - at)
            case typed.Anniversary(value=value):
                return known([ask(value)], lambda day: anniversary(day, self.today()))
            case typed.Negate(value=value):
                return known([ask(value)], lambda found: within_type(-found, expr.type))
            case typed.Arithmetic(left=left, op=op, right=right):
                return known([ask(left), ask(right)], lambda a, b: calculate(a, op, b, expr.type))
            case typed.In(value=value, items=items):
                return known([ask(value)], lambda found: any(found == ask(each) for each in items))
            case typed.InWindow(value=value, window=window):
                return known([ask(value)], lambda when: self.lies_in(when, window))
            case typed.TextContains(value=value, part=part):
                return known([ask(value), ask(part)], lambda text, sub: sub in text)
            case typed.SetContains(value=value, item=wanted):
                return known([ask(value), ask(wanted)], lambda items, one: one in items)
            case typed.SetContainsMany(value=value, quantifier=quantifier, items=wanted):
                every = all if quantifier == "all" else any
                return known([ask(value)], lambda items: every(ask(each) in items for each in wanted))
            case typed.Matches(value=value, pattern=pattern):
                return known([ask(value)], lambda text: glob_matches(pattern, text))

    # ---- aggregates

    def over_events(self, expr: typed.EventAggregate) -> Natural:
        rows = [
            row
            for row in self.kept(expr.event)
            if (expr.window is None or self.lies_in(row["at"], expr.window))
            and (expr.where is None or self.ask(expr.where, row) is True)
        ]
        if expr.field is None:
            moments = sorted(row["at"] for row in rows)
            if expr.function == "count":
                return len(moments)
            ends = {"first": 0, "min": 0, "last": -1, "max": -1}
            return moments[ends[expr.function]] if moments else None
        type = self.schema.events[expr.event].fields[expr.field].type
        have = [row for row in rows if row[expr.field] is not None]
        if expr.function in ("first", "last") and have:
            pick = min if expr.function == "first" else max
            at = pick(row["at"] for row in have)
            have = [row for row in have if row["at"] == at]
        return aggregate(expr.function, [row[expr.field] for row in have], type, expr.type)

    def over_list(self, expr: typed.ListAggregate) -> Natural:
        items = self.attribute(expr.list.name)
        if items is None:
            return None
        kept = [item for item in items if expr.where is None or self.ask(expr.where, item) is True]
        if expr.field is None:
            return len(kept)
        declared = expr.list.type
        assert isinstance(declared, ListOf)
        type = next(field.type for field in declared.fields if field.name == expr.field)
        values = [item[expr.field] for item in kept if item[expr.field] is not None]
        return aggregate(expr.function, values, type, expr.type)

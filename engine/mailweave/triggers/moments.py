"""When somebody may come into a segment or leave it, though nothing happens to them.

The answer of a condition over data that stays as it is changes only so long after (or before) what the data holds: an
event, an instant, the date of a score; or at midnight, where it asks for days of the calendar. These moments are more
than are needed, and never less: between two of them the answer stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailweave.rules import typed as x
from mailweave.rules.checked import CheckedDocument
from mailweave.schema import types as t
from mailweave.values.calendar import CalendarWindow


@dataclass(frozen=True, slots=True)
class Moments:
    """Where to look for changes of a segment.

    events: the types it asks about, each with the fields that hold instants. attributes: those that do. steps: lengths
    (microseconds) from these. daily: whether midnights count.
    """

    events: dict[str, tuple[str, ...]]
    attributes: tuple[str, ...]
    steps: tuple[int, ...]
    daily: bool

    def around(self, anchor: int) -> Iterator[int]:
        """The moments at which an instant of the data may change the answer."""
        return (anchor + step for step in self.steps)


def moments(document: CheckedDocument, segment: str) -> Moments:
    """What the condition of a segment, and of those it names, can change with."""
    found = list(_parts(document, segment))
    lengths = sorted({length for part in found for length in _lengths(document, part)})
    events = sorted({part.event for part in found if isinstance(part, x.EventAggregate | x.Exists)})
    names = {part.name for part in found if isinstance(part, x.Attribute)}
    profile = document.schema.profile
    return Moments(
        {event: _instants(document, event) for event in events},
        tuple(name for name in sorted(names) if isinstance(profile[name].type, t.Instant)),
        tuple(
            sorted({0, 1, *(sign * one + after for one in lengths for sign in (1, -1) for after in (0, 1))})
        ),
        any(map(_is_daily, found)),
    )


def _parts(document: CheckedDocument, segment: str) -> Iterator[x.Expr]:
    """Every expression that a segment is made of."""
    waiting, seen = [segment], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for condition in _conditions(document, name, waiting):
            for part in x.walk(condition):
                if isinstance(part, x.InSegment | x.TierValue):
                    waiting.append(part.name)
                yield part


def _conditions(document: CheckedDocument, name: str, waiting: list[str]) -> Iterator[x.Expr]:
    segment = document.segments.get(name)
    if segment is not None:
        waiting += [] if segment.within is None else [segment.within]
        yield segment.condition
    else:
        yield from (member.condition for member in document.tiers[name].members)


def _lengths(document: CheckedDocument, part: x.Expr) -> Iterator[int]:
    """The lengths of time that an expression speaks of."""
    match part:
        case x.Const(type=t.Duration(), value=value):
            yield int(value)
        case x.ScoreValue(name=name):
            yield document.schema.scores[name].ttl
        case x.EventAggregate(event=event) | x.Exists(event=event):
            keep = document.schema.events[event].keep
            yield from () if keep is None else (keep,)
            yield from (part.window.length,) if isinstance(part.window, x.ExactWindow) else ()
        case x.InWindow(window=x.ExactWindow(length=length)):
            yield length
        case x.LookupValue(name=name):
            yield document.schema.lookups[name].ttl
        case _:  # no other speaks of time
            pass


def _instants(document: CheckedDocument, event: str) -> tuple[str, ...]:
    fields = document.schema.events[event].fields.values()
    return tuple(field.column or field.name for field in fields if isinstance(field.type, t.Instant))


def _is_daily(part: x.Expr) -> bool:
    """Days of the calendar; and instants that are looked at once a day, because they stand in a list or come by a
    score or a lookup."""
    if isinstance(part, x.Anniversary | x.LookupValue):
        return True
    if isinstance(part, x.ScoreValue | x.ListAggregate):
        return isinstance(part.type, t.Instant)
    window = part.window if isinstance(part, x.EventAggregate | x.Exists | x.InWindow) else None
    return isinstance(window, CalendarWindow)

"""What becomes a cause of mails: events, yearly days, and segments that are entered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from mailweave.rules import checked as c
from mailweave.triggers.clocks import at_clock, day_of
from mailweave.triggers.judging import Judged
from mailweave.triggers.person import BEGIN, CAUSE, Event, Timer
from mailweave.triggers.plans import Plan, Start
from mailweave.values.calendar import anniversary, day_start
from mailweave.values.instants import iso, to_instant

_LOOK, _MIDNIGHT = "look", "midnight"
NEVER: Final = -(2**62)
"""A moment before all others."""
_LAST_DAY: Final = date.max.toordinal() - 1  # from here on a day is no moment in some zones


def started(event: Event, plan: Plan, behind: int) -> tuple[list[Timer], int]:
    """What an event starts: timers behind a moment that has passed; and how many mails it would have started before.

    Where a wait is drawn, that is no earlier than right behind that moment, though it counts from the event on.
    """
    timers, late = list[Timer](), 0
    for start in plan.by_event.get(event.type, ()):
        if event.at + start.longest <= behind:
            late += 1
            continue
        timer = begun(start, event.at, event.id)
        timers.append(timer._replace(due=max(timer.due, behind + 1)))
    for start in plan.looked_at.get(event.type, ()):
        first = max(event.at, behind + 1)
        timers += _looks(start, _instants(start, event), first)
        timers += (
            [Timer(first, start.place, CAUSE, _MIDNIGHT, 0)] if start.looks and start.looks.daily else []
        )
    return timers, late


def _instants(start: Start, event: Event) -> Iterator[int]:
    """The instants of an event that the answer of a segment may change with."""
    yield event.at
    assert start.looks is not None
    for name in start.looks.events[event.type]:
        given = event.fields.get(name)
        if given is not None:
            yield to_instant(given)


def _looks(start: Start, anchors: Iterator[int], first: int) -> list[Timer]:
    looks = start.looks
    assert looks is not None
    moments = {moment for anchor in anchors for moment in looks.around(anchor) if moment >= first}
    return [Timer(moment, start.place, CAUSE, _LOOK, 0) for moment in sorted(moments)]


def known(start: Start, judged: Judged, behind: int, awaited: int | None = None) -> Iterator[Timer]:
    """What starts for a person without an event, behind a moment: yearly days, and looks at a segment.

    awaited: the day (a number) that was waited for until now. The one before it has come, whatever clocks show.
    """
    cause = start.trigger.cause
    if isinstance(cause, c.OnDay):
        yield from _day(start, cause, judged, behind, awaited)
    elif isinstance(cause, c.OnEntering) and start.looks is not None:
        values = (judged.value(name) for name in start.looks.attributes)
        yield from _looks(start, (value for value in values if value is not None), behind + 1)
        yield Timer(behind + 1, start.place, CAUSE, _MIDNIGHT if start.looks.daily else _LOOK, 0)


def looked_back(start: Start, events: Iterable[Event], behind: int) -> Iterator[Timer]:
    """Where events that have happened may still bring somebody into the segment of a trigger, behind a moment."""
    for event in events:
        if start.looks is not None and event.type in start.looks.events:
            yield from _looks(start, _instants(start, event), behind + 1)


def _day(start: Start, cause: c.OnDay, judged: Judged, behind: int, awaited: int | None) -> Iterator[Timer]:
    """The first return of a date whose time lies behind a moment. 29 February returns on the 28th in other years."""
    born, zone = judged.value(cause.attribute), judged.zone(cause.zone)
    if born is None:
        return
    day = max(anniversary(born, day_of(behind, zone)), born)
    if day < _LAST_DAY and (_next(born, day) == awaited or at_clock(day, cause.minute, zone) <= behind):
        day = _next(born, day)
    if day < _LAST_DAY and (due := at_clock(day, cause.minute, zone)) > behind:
        yield Timer(due, start.place, CAUSE, str(day), 0)


def _next(born: int, day: int) -> int:
    return anniversary(born, min(day, _LAST_DAY) + 1)


def arrived(timer: Timer, start: Start, judged: Judged) -> Iterator[Timer]:
    """What follows when the moment of a possible cause has come: its first wait, and where to look next."""
    cause = start.trigger.cause
    if isinstance(cause, c.OnDay):
        yield begun(start, timer.due, iso(timer.due))
        born = judged.value(cause.attribute)
        awaited = None if born is None else _next(born, int(timer.cause))
        yield from _day(start, cause, judged, timer.due, awaited)
    elif isinstance(cause, c.OnEntering):
        if judged.is_in(cause.segment, timer.due) and not judged.is_in(cause.segment, timer.due - 1):
            yield entered(start, timer.due)
        if timer.cause == _MIDNIGHT:
            zone = judged.zone(None)
            midnight = day_start(day_of(timer.due, zone) + 1, zone)
            if midnight > timer.due:  # not behind the last day of calendars
                yield Timer(midnight, start.place, CAUSE, _MIDNIGHT, 0)


def entered(start: Start, at: int) -> Timer:
    """What starts for somebody who came into a segment."""
    return begun(start, at, iso(at))


def begun(start: Start, at: int, cause: str) -> Timer:
    """What a cause starts: its first mail, so long after it; where an experiment says how long, the draw."""
    if 0 in start.waits:
        return Timer(at, start.place, BEGIN, cause, at)
    return Timer(at + start.trigger.mails[0].after, start.place, 0, cause, at)

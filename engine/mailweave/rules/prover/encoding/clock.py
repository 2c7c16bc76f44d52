"""The moment of the decision and its calendar, as z3 terms."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from mailweave.rules import typed as x
from mailweave.rules.prover.encoding.values import literal
from mailweave.rules.prover.smt import smt
from mailweave.schema import types as t
from mailweave.schema.model import Timezone
from mailweave.values import calendar
from mailweave.values.calendar import CalendarWindow
from mailweave.values.durations import DAY, HOUR, MINUTE
from mailweave.values.instants import FIRST, LAST, to_day

_EPOCH_DAY = to_day("1970-01-01")
_FAR = 27 * HOUR  # no zone is farther from UTC than this, clocks put forward included
_UTC = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu"})
_WITHIN = {("day", "week"): 7, ("day", "month"): 28, ("day", "year"): 365, ("month", "year"): 12} | {
    (unit, unit): 1 for unit in ("day", "week", "month", "year")
}  # how many of the smaller units one of the larger holds at least
_LENGTHS = {"day": (1, 1), "week": (7, 7), "month": (28, 31), "year": (365, 366)}


class Clock:
    """`now`, the recipient's today, and the days and moments at which calendar windows begin and end."""

    def __init__(self, zone: Timezone) -> None:
        z3 = smt()
        self._far = 0 if zone.attribute is None and zone.zone in _UTC else _FAR
        self.now = z3.Int("now")
        self.today = z3.Int("today")
        self.axioms = [self.now >= FIRST + 400 * 366 * DAY, self.now <= LAST - 400 * 366 * DAY]
        near = self.now - (self.today - _EPOCH_DAY) * DAY
        self.axioms += [near >= -self._far, near < DAY + self._far]
        self._windows: dict[CalendarWindow, tuple[Any, Any, Any, Any]] = {}

    def nights(self, now: int, zone: str) -> list[int]:
        """Moments late on days of this year and zone that are longer or shorter than 24 hours."""
        if not self._windows:
            return []
        first = calendar.days(CalendarWindow(1, "year", True), now, zone)[0]
        starts = [calendar.day_start(first + at, zone) for at in range(366)]
        return [b - 10 * MINUTE for a, b in pairwise(starts) if b - a != DAY]

    def turns(self, now: int, zone: str) -> list[int]:
        """Moments on days of this year and zone at which windows begin and end apart from each other."""
        if not self._windows:
            return []
        found: list[int] = []
        for unit in ("month", "year"):
            first, last = calendar.days(CalendarWindow(1, unit, True), now, zone)
            found += [first + 14, last, first]
        return [calendar.day_start(day, zone) + 9 * HOUR for day in found]

    def near(self, now: int) -> list[Any]:
        """That it is a moment of the years around this one."""
        return [self.now >= now - 4 * 366 * DAY, self.now <= now + 4 * 366 * DAY]

    def chosen(self, model: Any, zone: str) -> list[int]:
        """The morning of the day of a solution, and its very moment."""
        now, today = (model.eval(each, model_completion=True).as_long() for each in (self.now, self.today))
        return [calendar.day_start(today, zone) + 9 * HOUR, now]

    def anchored(self, now: int, zone: str) -> list[Any]:
        """That it is this moment in this zone, with all that follows for the windows seen so far."""
        fixed = [self.now == now, self.today == calendar.today(now, zone)]
        for window, (first, last, start, end) in self._windows.items():
            days, moments = calendar.days(window, now, zone), calendar.bounds(window, now, zone)
            fixed += [first == days[0], last == days[1], start == moments[0], end == moments[1]]
        return fixed

    def holds_day(self, window: CalendarWindow, day: Any) -> Any:
        """That a day lies in a window."""
        first, last, _, _ = self._ends(window)
        return smt().And(day >= first, day <= last)

    def holds_moment(self, window: x.Window, at: Any) -> Any:
        """That a moment lies in a window."""
        z3 = smt()
        if isinstance(window, x.ExactWindow):
            length = literal(window.length, t.Duration())
            if window.last:
                return z3.And(self.now - length < at, at <= self.now)
            return z3.And(self.now < at, at <= self.now + length)
        _, _, start, end = self._ends(window)
        return z3.And(at >= start, at < end)

    def _ends(self, window: CalendarWindow) -> tuple[Any, Any, Any, Any]:
        """First day, last day, first moment, first moment behind; unbound within what every zone allows."""
        if window not in self._windows:
            z3, name = smt(), f"{window.count} {window.unit} {window.last}"
            first, last, start, end = (
                z3.Int(f"{what} of {name}") for what in ("first", "last", "start", "end")
            )
            self.axioms += [*self._days(window, first, last), first <= self.today, self.today <= last]
            self.axioms += self._moments(first, start) + self._moments(last + 1, end)
            self.axioms += [start <= self.now, self.now < end]
            for window_, other in self._windows.items():
                self.axioms += _in_step((first, start), (other[0], other[2]))
                self.axioms += _in_step((last, end), (other[1], other[3]))
                if _lies_in(window, window_):
                    self.axioms += [other[0] <= first, last <= other[1]]
                if _lies_in(window_, window):
                    self.axioms += [first <= other[0], other[1] <= last]
            self._windows[window] = (first, last, start, end)
        return self._windows[window]

    def _days(self, window: CalendarWindow, first: Any, last: Any) -> list[Any]:
        least, most = _LENGTHS[window.unit]
        length = last - first + 1
        found = [length >= least * window.count, length <= most * window.count]
        if window.unit == "day":
            return [*found, (last if window.last else first) == self.today]
        if window.unit == "week":
            found.append(first % 7 == 1)  # day 1 was a Monday
        near = last - self.today if window.last else self.today - first
        return [*found, near >= 0, near < most]

    def _moments(self, day: Any, moment: Any) -> list[Any]:
        far = moment - (day - _EPOCH_DAY) * DAY
        return [far >= -self._far, far <= self._far]


def _lies_in(small: CalendarWindow, large: CalendarWindow) -> bool:
    """Whether one window always lies in another."""
    least = _WITHIN.get((small.unit, large.unit))
    if least is None:
        return False
    if small.count == 1:
        return True
    return small.last == large.last and small.count - 1 <= least * (large.count - 1)


def _in_step(one: tuple[Any, Any], other: tuple[Any, Any]) -> list[Any]:
    """Days and the moments at which they begin come in the same order."""
    z3 = smt()
    return [
        z3.Implies(one[0] <= other[0], one[1] <= other[1]),
        z3.Implies(one[0] >= other[0], one[1] >= other[1]),
    ]

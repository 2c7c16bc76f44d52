"""The bounds of windows, computed in Python: literals, or columns of a small table with a row for each zone.

exact window       ->  two literals
calendar window    ->  two literals where every recipient has one zone, else two columns of `mw_zones`
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from mailweave.rules.sql.building import Sql, case, column, day_number, moment, number
from mailweave.rules.typed import Window
from mailweave.schema.model import Timezone
from mailweave.values.calendar import CalendarWindow, bounds, days, today
from mailweave.values.zones import zone_names

ZONES, ZONE = "mw_zones", "mw_zone"
_Measure = Callable[[str], int]


@dataclass(slots=True)
class Clock:
    """`now` in microseconds, and what the query needs to know of each zone; it gathers that as it is asked."""

    now: int
    timezone: Timezone
    zones: Iterable[str] | None = None
    _measures: dict[str, _Measure] = field(default_factory=dict)

    # ---- windows

    def limits(self, window: Window) -> tuple[Sql, bool, Sql, bool]:
        """Low end, whether it is included, high end, whether it is included; microseconds."""
        if isinstance(window, CalendarWindow):
            name = _name(window)
            low = self._measured(f"{name}_from", lambda zone: bounds(window, self.now, zone)[0], moment)
            high = self._measured(f"{name}_until", lambda zone: bounds(window, self.now, zone)[1], moment)
            return low, True, high, False
        ends = (self.now - window.length, self.now) if window.last else (self.now, self.now + window.length)
        return moment(ends[0]), False, moment(ends[1]), True

    def lies_in(self, at: Sql, window: Window) -> Sql:
        """Whether an instant lies in a window."""
        low, low_in, high, high_in = self.limits(window)
        after = (exp.GTE if low_in else exp.GT)(this=at, expression=low)
        before = (exp.LTE if high_in else exp.LT)(this=at.copy(), expression=high)
        return exp.And(this=after, expression=before)

    def days_in(self, day: Sql, window: CalendarWindow) -> Sql:
        """Whether a date lies in a calendar window."""
        name = _name(window)
        first = self._measured(f"{name}_first", lambda zone: day_number(days(window, self.now, zone)[0]))
        last = self._measured(f"{name}_last", lambda zone: day_number(days(window, self.now, zone)[1]))
        return exp.Between(this=day, low=first, high=last)

    def anniversary(self, day: Sql) -> Sql:
        """The next return of a date on or after the recipient's today; 29 February returns on the 28th."""
        now = self._measured("mw_today", self._today)
        this, following = (self._returned(day, later) for later in (0, 1))
        soon = exp.GTE(this=this, expression=now)
        return case([(soon, this.copy())], following)

    def _returned(self, day: Sql, later: int) -> Sql:
        """A date's return in this year or the next, by whole-number arithmetic on 20260229."""
        year = self._measured(f"mw_year_{later}", lambda zone: self._year(zone, later))
        leap_day = self._measured(f"mw_february_{later}", lambda zone: self._february(zone, later))
        within_year = exp.Mod(this=exp.paren(day.copy()), expression=number(10_000))
        on = case([(exp.EQ(this=within_year, expression=number(229)), leap_day)], within_year.copy())
        return exp.paren(exp.Add(this=year, expression=exp.paren(on)))

    # ---- what a zone's calendar says

    def _today(self, zone: str) -> int:
        return day_number(today(self.now, zone))

    def _year(self, zone: str, later: int) -> int:
        return min(self._today(zone) // 10_000 + later, date.max.year) * 10_000

    def _february(self, zone: str, later: int) -> int:
        year = self._year(zone, later) // 10_000
        return 228 + (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))

    # ---- the table

    def _measured(self, name: str, measure: _Measure, write: Callable[[int], Sql] = number) -> Sql:
        if self.timezone.attribute is None:
            return write(measure(self.timezone.zone))
        self._measures[name] = measure
        return column(name, "p")

    @property
    def is_needed(self) -> bool:
        """Whether something was asked that depends on the recipient's zone."""
        return bool(self._measures)

    def names(self) -> tuple[str, ...]:
        """The columns of the table, but for the zone itself."""
        return tuple(self._measures)

    def table(self) -> exp.Select:
        """One row for each zone."""
        listed = zone_names() if self.zones is None else {*self.zones, self.timezone.zone}
        rows = [
            (exp.Literal.string(zone), *(number(measure(zone)) for measure in self._measures.values()))
            for zone in sorted(listed)
        ]
        names = [exp.to_identifier(name, quoted=True) for name in (ZONE, *self._measures)]
        alias = exp.TableAlias(this=exp.to_identifier("z", quoted=True), columns=names)
        tuples = [exp.Tuple(expressions=list(row)) for row in rows]
        return exp.select(exp.Star()).from_(exp.Values(expressions=tuples, alias=alias))


def _name(window: CalendarWindow) -> str:
    way = "last" if window.last else "next"
    return f"mw_{way}_{window.count}_{window.unit}s"

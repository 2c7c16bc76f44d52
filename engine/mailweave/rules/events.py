"""What a recipient did: rows of events, and the logs that windows are answered from.

A log holds the moments of the events of one type that fulfil one condition, oldest first, cut to those
that are kept and not after now. `count(e in last d) >= k` then is one look at the k-th newest. Logs are
built when first asked for.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from operator import itemgetter
from typing import TypeAlias

from mailweave.rules.codecs import Normal
from mailweave.schema.model import EventType
from mailweave.values.missing import MISSING
from mailweave.values.money import amount, average
from mailweave.values.numbers import Quantity, quotient, total, whole

Row: TypeAlias = tuple[Normal, ...]
"""One event: its moment, then its declared fields in order."""

Rank: TypeAlias = Callable[[Normal], Normal] | None
Build: TypeAlias = "Callable[[Moment], list[int] | Series]"


def visible(rows: Iterable[Row], now: int, keep: int | None) -> list[Row]:
    """The events in (now - keep, now], oldest first."""
    oldest = float("-inf") if keep is None else now - keep
    return sorted([row for row in rows if oldest < row[0] <= now], key=itemgetter(0))


def times(rows: Iterable[Row]) -> list[int]:
    """The moments of rows that are in order."""
    return [row[0] for row in rows]


class Series:
    """The known values of one field, by moment; of one moment, the largest value stands last.

    The methods answer for what lies after `since`, exclusively.
    """

    __slots__ = ("_sums", "times", "values")

    def __init__(
        self, rows: Iterable[Row], place: int, rank: Callable[[Normal], Normal] = lambda v: v
    ) -> None:
        known = [(row[0], row[place]) for row in rows if row[place] is not None and row[place] == row[place]]
        known.sort(key=lambda pair: (pair[0], rank(pair[1])))
        self.times = [pair[0] for pair in known]
        self.values = [pair[1] for pair in known]
        self._sums: list[int] | None = None

    def after(self, since: float) -> list[Normal]:
        return self.values[bisect_right(self.times, since) :]

    def sum_units(self, since: float) -> Quantity:
        """The sum of money."""
        return amount(self._sum(since))

    def sum_whole(self, since: float) -> Quantity:
        """The sum of ints or durations."""
        return whole(self._sum(since))

    def sum_double(self, since: float) -> float:
        return total(self.after(since))

    def _sum(self, since: float) -> int:
        if self._sums is None:
            self._sums = [0, *accumulate(self.values)]
        return self._sums[-1] - self._sums[bisect_right(self.times, since)]

    def smallest(self, since: float, absent: Normal, rank: Rank = None) -> Normal:
        return min(self.after(since), key=rank, default=absent)

    def largest(self, since: float, absent: Normal, rank: Rank = None) -> Normal:
        return max(self.after(since), key=rank, default=absent)

    def first(self, since: float, absent: Normal) -> Normal:
        """The value of the oldest event; of several at its moment, the largest."""
        start = bisect_right(self.times, since)
        if start == len(self.times):
            return absent
        return self.values[bisect_right(self.times, self.times[start]) - 1]

    def last(self, since: float, absent: Normal) -> Normal:
        return self.values[-1] if self.times and self.times[-1] > since else absent


def count(moments: list[int], since: float) -> int:
    """How many moments lie after `since`."""
    return len(moments) - bisect_right(moments, since)


def first_moment(moments: list[int], since: float) -> Quantity:
    start = bisect_right(moments, since)
    return moments[start] if start < len(moments) else MISSING


def last_moment(moments: list[int], since: float) -> Quantity:
    return moments[-1] if moments and moments[-1] > since else MISSING


def average_units(values: Sequence[int]) -> Quantity:
    """The average of money, half to even."""
    return average(sum(values), len(values)) if values else MISSING


def average_whole(values: Sequence[int]) -> float:
    """The average of ints, rounded once."""
    return quotient(sum(values), len(values))


def average_double(values: Sequence[float]) -> float:
    return quotient(total(values), len(values))


class Moment(dict[int, "list[int] | Series"]):
    """One recipient at one moment, as generated code reads it: its `inputs` in the program's
    order, and the logs by their places, each built when first asked for.

    Two threads may build the same log at once: both build the same.
    """

    __slots__ = ("_builders", "_rows", "_types", "inputs", "now", "zone")

    def __init__(
        self,
        inputs: tuple[Normal, ...],
        now: int,
        zone: str,
        rows: Mapping[str, Sequence[Row]],
        types: Mapping[str, EventType],
        builders: Sequence[Build],
    ) -> None:
        super().__init__()
        self.inputs = inputs
        self.now = now
        self.zone = zone
        self._rows = rows
        self._types = types
        self._builders = builders

    def __missing__(self, place: int) -> list[int] | Series:
        log = self[place] = self._builders[place](self)
        return log

    def reading(self, inputs: tuple[Normal, ...]) -> Moment:
        """The same moment with other inputs; logs are built anew."""
        return Moment(inputs, self.now, self.zone, self._rows, self._types, self._builders)

    def rows(self, event: str) -> list[Row]:
        """The events of a type that are seen now, oldest first."""
        return visible(self._rows.get(event, ()), self.now, self._types[event].keep)

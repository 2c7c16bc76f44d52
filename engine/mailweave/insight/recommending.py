"""Lists of items for recipients, judged by a split in time beside what is popular."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.insight.effects import Interval
from mailweave.insight.item_lists import Learn, Wanted, by_taste, lists_of
from mailweave.insight.list_measures import coverage, interval, ndcg, precision
from mailweave.insight.popularity import Popularity
from mailweave.insight.purchase_counts import Numbers
from mailweave.insight.taken_items import Places, Taken

_LEAST: Final = 30  # recipients who judge


class Way(NamedTuple):
    """How lists are made for whom something is known of: `by` names it."""

    by: str
    learn: Learn


TASTE: Final = Way("taste", by_taste)


class Groups(NamedTuple):
    """In which group recipients were at the cut, and are now: places of `names`, or `popularity.NOWHERE`."""

    names: tuple[str, ...]
    then: Places
    now: Places


class Measured(NamedTuple):
    """How lists did on what came later, with intervals of 95 %."""

    precision: float
    ndcg: float
    ndcg_interval: Interval
    coverage: float


class Gain(NamedTuple):
    """By how much the NDCG of some lists is above that of others, and of how many recipients. An interval without end where
    they are too few."""

    people: int
    gain: float
    interval: Interval

    def __str__(self) -> str:
        low, high = self.interval
        told = "not told" if self.people < _LEAST else f"{self.gain:+.4f} [{low:+.4f}, {high:+.4f}]"
        return f"{told}, of {self.people:,} recipients"


@dataclass(frozen=True, slots=True)
class Recommended:
    """Lists of places of items, by recipient; how lists of one's own, and popular ones, did behind the split, and the gain.

    personal: how many recipients get a list of their own. newcomers: the gain of what is popular by group over what is
    popular with all, of who took nothing before the split; None without groups.
    """

    name: str
    by: str
    at: int
    lists: list[list[int]]
    personal: int
    own: Measured
    popular: Measured
    gain: Gain
    newcomers: Gain | None
    sizes: Mapping[str, int]

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is not shown to beat popularity."""
        found = []
        if not self.gain.interval.above:
            found.append(diagnose("MW889", place=self.name, by=self.by, at=self.at, gain=str(self.gain)))
        if self.newcomers is not None and not self.newcomers.interval.above:
            found.append(diagnose("MW890", place=self.name, at=self.at, gain=str(self.newcomers)))
        return tuple(found)


def recommend(
    name: str, taken: Taken, wanted: Wanted, way: Way = TASTE, groups: Groups | None = None
) -> Recommended:
    """A list for everybody.

    way: how it is made for who has taken anything and may be learned from. groups: within which what is popular is for the
    others; who may not be learned from must be in none. Raises MailweaveError (MW888) where too few can judge.
    """
    early, late = taken.split()
    later, known = late.by_person(), set(early.people.tolist())
    judges = sorted(p for p in later if p in known and wanted.may[p])
    if len(judges) < _LEAST:
        what = f"{len(judges)} recipients took items before and after"
        raise MailweaveError([diagnose("MW888", place=name, what=what)])
    judging = wanted._replace(allowed=np.ones(wanted.shape[1], dtype=np.bool_))
    popular = lists_of(early, judging, Popularity(early, wanted.shape[1]))
    own = lists_of(early, judging, Popularity(early, wanted.shape[1]), way.learn)
    now = Popularity(taken, wanted.shape[1], groups.now if groups else None)
    return Recommended(
        name,
        way.by,
        wanted.most,
        lists_of(taken, wanted, now, way.learn),
        len({int(p) for p in taken.people if wanted.may[p]}),
        _measured(own, judges, later, judging),
        _measured(popular, judges, later, judging),
        _gain(own, popular, judges, later, wanted.most),
        None if groups is None else _newcomers(early, judging, groups, popular, later),
        {} if groups is None else _sizes(groups),
    )


def _newcomers(
    early: Taken,
    judging: Wanted,
    groups: Groups,
    popular: list[list[int]],
    later: Mapping[int, Collection[int]],
) -> Gain:
    """Of who took nothing before the split; as it would have been then."""
    known = set(early.people.tolist())
    judges = sorted(p for p in later if p not in known and judging.may[p])
    within = lists_of(early, judging, Popularity(early, judging.shape[1], groups.then))
    return _gain(within, popular, judges, later, judging.most)


def _sizes(groups: Groups) -> dict[str, int]:
    return {name: int((groups.now == at).sum()) for at, name in enumerate(groups.names)}


def _measured(
    lists: list[list[int]], judges: list[int], later: Mapping[int, Collection[int]], judging: Wanted
) -> Measured:
    gains = _ndcgs(lists, judges, later, judging.most)
    hits = [precision(lists[p], later[p], judging.most) for p in judges]
    covered = coverage([lists[p] for p in judges], judging.shape[1])
    return Measured(float(np.mean(hits)), float(gains.mean()), interval(gains), covered)


def _gain(
    lists: list[list[int]],
    others: list[list[int]],
    judges: list[int],
    later: Mapping[int, Collection[int]],
    most: int,
) -> Gain:
    if len(judges) < _LEAST:
        return Gain(len(judges), 0.0, Interval(-np.inf, np.inf))
    differences = _ndcgs(lists, judges, later, most) - _ndcgs(others, judges, later, most)
    return Gain(len(judges), float(differences.mean()), interval(differences))


def _ndcgs(
    lists: list[list[int]], judges: list[int], later: Mapping[int, Collection[int]], most: int
) -> Numbers:
    return np.array([ndcg(lists[p], later[p], most) for p in judges])

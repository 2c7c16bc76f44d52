"""Lists of items for recipients: by taste where there is one, else what is popular; judged by a split in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.insight.effects import Interval
from mailweave.insight.factors import tastes
from mailweave.insight.list_measures import coverage, interval, ndcg, precision
from mailweave.insight.purchase_counts import Numbers

_EARLY: Final = 0.8  # of the events, in the order of time, are learned from, and the others judge
_LEAST: Final = 30  # recipients who judge

Places = npt.NDArray[np.int64]


class Taken(NamedTuple):
    """Who took which item when: places of recipients and items, and an order of time, a row each."""

    people: Places
    items: Places
    order: Numbers


class Measured(NamedTuple):
    """How lists did on what came later, with intervals of 95 %."""

    precision: float
    ndcg: float
    ndcg_interval: Interval
    coverage: float


@dataclass(frozen=True, slots=True)
class Recommended:
    """Lists of places of items, by recipient; how lists by taste, and popular ones, did behind the split; the gain in NDCG
    with its interval; how many recipients judged."""

    lists: list[list[int]]
    at: int
    people: int
    by_taste: Measured
    popular: Measured
    gain: float
    gain_interval: Interval
    personal: int
    name: str

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Where taste is not shown to beat popularity."""
        if self.gain_interval.low > 0:
            return ()
        gain = f"{self.gain:+.4f} [{self.gain_interval.low:+.4f}, {self.gain_interval.high:+.4f}]"
        return (diagnose("MW889", place=self.name, at=self.at, gain=gain),)


def recommend(
    name: str,
    taken: Taken,
    shape: tuple[int, int],
    most: int,
    allowed: npt.NDArray[np.bool_],
    may: npt.NDArray[np.bool_],
) -> Recommended:
    """At most `most` items for everybody.

    shape: how many recipients and items. allowed: which items may be shown (stock). may: of which recipients a taste may
    be learned (consent); others teach nothing, and get what is popular. Raises MailweaveError (MW888).
    """
    early, late = _split(taken)
    judges = sorted({int(p) for p in late.people if may[p]} & {int(p) for p in early.people})
    if len(judges) < _LEAST:
        raise MailweaveError(
            [diagnose("MW888", place=name, what=f"{len(judges)} recipients took items before and after")]
        )
    later: dict[int, set[int]] = {}
    for person, item in zip(late.people.tolist(), late.items.tolist(), strict=True):
        later.setdefault(person, set()).add(item)
    everything = np.ones(shape[1], dtype=np.bool_)
    tasted = _lists(early, shape, most, everything, may)
    plain = _lists(early, shape, most, everything, np.zeros(shape[0], dtype=np.bool_))
    scores = [np.array([ndcg(lists[p], later[p], most) for p in judges]) for lists in (tasted, plain)]
    measured = [
        Measured(
            float(np.mean([precision(lists[p], later[p], most) for p in judges])),
            float(gains.mean()),
            interval(gains),
            coverage([lists[p] for p in judges], shape[1]),
        )
        for lists, gains in zip((tasted, plain), scores, strict=True)
    ]
    found = _lists(taken, shape, most, allowed, may)
    known = len({int(p) for p in taken.people if may[p]})
    difference = scores[0] - scores[1]
    return Recommended(
        found,
        most,
        len(judges),
        measured[0],
        measured[1],
        float(difference.mean()),
        interval(difference),
        known,
        name,
    )


def _split(taken: Taken) -> tuple[Taken, Taken]:
    cut = np.quantile(taken.order, _EARLY)
    early = taken.order <= cut
    first, second = (
        Taken(taken.people[part], taken.items[part], taken.order[part]) for part in (early, ~early)
    )
    return first, second


def _lists(
    taken: Taken,
    shape: tuple[int, int],
    most: int,
    allowed: npt.NDArray[np.bool_],
    may: npt.NDArray[np.bool_],
) -> list[list[int]]:
    """For who has taken something, and may be profiled, by taste; for others what most people took. Nobody is shown what
    they have."""
    teaches = may[taken.people]
    own = [set[int]() for _ in range(shape[0])]
    for person, item in zip(taken.people.tolist(), taken.items.tolist(), strict=True):
        own[person].add(item)
    popular = np.argsort(-np.bincount(taken.items, minlength=shape[1]), kind="stable")
    mine, theirs = (
        tastes(taken.people[teaches], taken.items[teaches], shape) if teaches.any() else (None, None)
    )
    found = []
    for person in range(shape[0]):
        ranked: Sequence[int] = popular.tolist()
        if mine is not None and theirs is not None and may[person] and own[person]:
            ranked = np.argsort(-(theirs @ mine[person]), kind="stable").tolist()
        kept = (item for item in ranked if allowed[item] and item not in own[person])
        found.append([item for item, _ in zip(kept, range(most), strict=False)])
    return found

"""Two experiments over the same recipients, a factorial design: does what one does depend on the arm of the other?

Each arm is compared over all recipients of its experiment, whatever else they were drawn for, so two experiments at once
need no more recipients than one. That holds where they were drawn independently of each other, which is tested, and tells
everything where their effects add up, which the interaction says: the effect of an arm where the other experiment shows
its arm, less its effect where that one shows its control.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from scipy.special import chdtrc

from mailweave.insight.corrections import CORRECTIONS
from mailweave.insight.effects import LEVEL, Effect, contrast, is_few
from mailweave.insight.experiment_arms import Arms
from mailweave.insight.responses import Responses
from mailweave.insight.sample_ratio import MISMATCH
from mailweave.insight.samples import Sample
from mailweave.insight.tallies import metrics, sample

Names: TypeAlias = np.ndarray[tuple[int], np.dtype[np.object_]]
"""The arm of each row, None where the experiment did not concern it."""
_SIGNS: Final = (1, -1, -1, 1)


class Pair(NamedTuple):
    """An experiment and one of its arms, beside another."""

    experiments: tuple[str, str]
    arms: tuple[str, str]

    def __str__(self) -> str:
        return " and ".join(f"{name}.{arm}" for name, arm in zip(*self, strict=True))


@dataclass(frozen=True, slots=True)
class Interaction:
    """How far the effects of two arms do not add up, in one metric.

    samples: of who was shown neither arm, the first, the second, both. effect: of both less what either does alone.
    adjusted: the p-value, corrected. few: whether there are too few to decide on.
    """

    pair: Pair
    metric: str
    samples: tuple[Sample, Sample, Sample, Sample]
    effect: Effect
    adjusted: float
    few: bool

    @property
    def depends(self) -> bool:
        """Whether one arm's effect depends on the other, by the interval and the corrected p-value of this look."""
        is_told = self.effect.interval.above or self.effect.interval.below
        return not self.few and is_told and self.adjusted < LEVEL


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two experiments that met the same recipients. sizes: how many by the arms of both. independence: the p-value of
    chi-squared of these sizes."""

    experiments: tuple[str, str]
    sizes: tuple[tuple[int, ...], ...]
    independence: float
    interactions: tuple[Interaction, ...]

    @property
    def is_independent(self) -> bool:
        """Whether the arms of one say nothing of the arms of the other."""
        return self.independence >= MISMATCH


def crossings(trials: Sequence[Arms], rows: Responses, correction: str) -> list[Crossing]:
    """Every two experiments that have recipients in common. The interactions of one metric are corrected together."""
    told = [(one, np.array(one.of, dtype=object)) for one in trials if not one.untold]
    found = [each for one, other in combinations(told, 2) if (each := _crossed(one, other, rows)) is not None]
    for metric in metrics(rows):
        family = [one for each in found for one in each.interactions if one.metric == metric]
        adjusted = CORRECTIONS[correction]([one.effect.p_value for one in family])
        corrected = dict(zip((one.pair for one in family), adjusted, strict=True))
        found = [_corrected(each, metric, corrected) for each in found]
    return found


def _corrected(crossing: Crossing, metric: str, p_values: dict[Pair, float]) -> Crossing:
    made = (
        replace(one, adjusted=p_values[one.pair]) if one.metric == metric else one
        for one in crossing.interactions
    )
    return replace(crossing, interactions=tuple(made))


def _crossed(one: tuple[Arms, Names], other: tuple[Arms, Names], rows: Responses) -> Crossing | None:
    (first, its), (second, theirs) = one, other
    sizes = tuple(
        tuple(int(np.count_nonzero((its == a) & (theirs == b))) for b in second.names) for a in first.names
    )
    if not any(map(any, sizes)):
        return None
    interactions = tuple(_interactions(one, other, rows))
    return Crossing((first.name, second.name), sizes, independence(sizes), interactions)


def _interactions(
    one: tuple[Arms, Names], other: tuple[Arms, Names], rows: Responses
) -> Iterator[Interaction]:
    (first, its), (second, theirs) = one, other
    for arm in first.names[1:]:
        for beside in second.names[1:]:
            cells = [
                (its == a) & (theirs == b) for b in (second.control, beside) for a in (first.control, arm)
            ]
            pair = Pair((first.name, second.name), (arm, beside))
            for metric in metrics(rows) if all(cell.any() for cell in cells) else ():
                neither, one_alone, other_alone, both = (sample(metric, rows, cell) for cell in cells)
                yield interaction(pair, metric, (neither, one_alone, other_alone, both))


def interaction(pair: Pair, metric: str, samples: tuple[Sample, Sample, Sample, Sample]) -> Interaction:
    """The interaction of two arms, from who was shown neither, the first, the second, both."""
    found = contrast(samples, _SIGNS)
    few = is_few(samples[0], samples[1]) or is_few(samples[2], samples[3])
    return Interaction(pair, metric, samples, found, found.p_value, few)


def independence(sizes: Sequence[Sequence[int]]) -> float:
    """The p-value of Pearson's chi-squared: how rarely sizes are as uneven where both are drawn independently.

    >>> round(independence([[10, 20], [20, 10]]), 4), independence([[10, 20], [0, 0]])
    (0.0098, 1.0)
    """
    counts = np.array(sizes, dtype=float)
    counts = counts[counts.any(axis=1)][:, counts.any(axis=0)]
    freedom = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    if not freedom:
        return 1.0
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return float(chdtrc(freedom, ((counts - expected) ** 2 / expected).sum()))

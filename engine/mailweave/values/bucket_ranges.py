"""Bucket ranges: which stretch of [0, 1) belongs to which arm, as GrowthBook publishes it."""

from __future__ import annotations

from collections.abc import Sequence

Range = tuple[float, float]


def equal_weights(arms: int) -> tuple[float, ...]:
    """The same share for each arm; none for none.

    >>> equal_weights(2)
    (0.5, 0.5)
    """
    return (1 / arms,) * arms if arms > 0 else ()


def bucket_ranges(
    arms: int, coverage: float = 1.0, weights: Sequence[float] | None = None
) -> tuple[Range, ...]:
    """The half-open range of each arm; `coverage` shortens every range at its upper end.

    Because a range always begins where the shares before it end, whatever the coverage, raising
    the coverage (lowering a holdout) moves nobody from one arm to another. Weights that do not
    fit (another number of them, a sum more than 0.01 away from 1) count as equal ones.

    >>> bucket_ranges(2, 0.5)
    ((0.0, 0.25), (0.5, 0.75))
    """
    covered = min(1.0, max(0.0, coverage))
    shares = weights if weights is not None and _fit(arms, weights) else equal_weights(arms)
    ranges, start = [], 0.0
    for share in shares:
        ranges.append((start, start + covered * share))
        start += share
    return tuple(ranges)


def choose_variation(place: float, ranges: Sequence[Range]) -> int:
    """The index of the first range that holds `place`, or -1.

    >>> choose_variation(0.4, ((0.0, 0.25), (0.5, 0.75)))
    -1
    """
    for index, (start, stop) in enumerate(ranges):
        if start <= place < stop:
            return index
    return -1


def _fit(arms: int, weights: Sequence[float]) -> bool:
    return len(weights) == arms and 0.99 <= sum(weights) <= 1.01

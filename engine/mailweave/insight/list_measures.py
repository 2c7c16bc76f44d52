"""How good lists of recommendations are: precision, normalised discounted gain, coverage, and their intervals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import log2
from typing import Final

import numpy as np

from mailweave.insight.effects import Interval
from mailweave.insight.purchase_counts import Numbers

_RESAMPLED: Final = 1_000
_SEED: Final = 1


def precision(listed: Sequence[int], taken: Collection[int], at: int) -> float:
    """How many of the first `at` were taken, of `at`.

    >>> precision([5, 7, 9, 1], {7, 1}, 4)
    0.5
    """
    return sum(item in taken for item in listed[:at]) / at


def ndcg(listed: Sequence[int], taken: Collection[int], at: int) -> float:
    """The discounted gain of the first `at`, against the greatest that there could be.

    >>> round(ndcg([5, 7, 9, 1], {7, 1}, 4), 4)
    0.6509
    """
    gain = sum(1 / log2(place + 2) for place, item in enumerate(listed[:at]) if item in taken)
    best = sum(1 / log2(place + 2) for place in range(min(at, len(taken))))
    return gain / best if best else 0.0


def coverage(lists: Sequence[Sequence[int]], items: int) -> float:
    """The share of the items that is in any list."""
    return len({item for one in lists for item in one}) / items


def interval(values: Numbers) -> Interval:
    """Of the mean, 95 %, by a seeded bootstrap over recipients."""
    drawn = np.random.default_rng(_SEED)
    number = len(values)
    means = [values[drawn.integers(0, number, number)].mean() for _ in range(_RESAMPLED)]
    low, high = np.quantile(means, [0.025, 0.975])
    return Interval(float(low), float(high))

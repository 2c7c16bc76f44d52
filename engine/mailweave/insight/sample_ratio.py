"""Whether arms have the sizes that were declared. Where they do not, something else than chance has filled them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scipy.special import chdtrc

MISMATCH: Final = 0.001
"""So rarely would chance alone fill arms that unevenly: not 5 %, for it is asked of every experiment."""


def sample_ratio(counts: Sequence[int], shares: Sequence[float]) -> float:
    """The p-value of chi-squared on the sizes of the arms against their declared shares.

    >>> round(sample_ratio([4920, 5080], [0.5, 0.5]), 3)
    0.11
    >>> sample_ratio([821_588, 815_482], [0.5, 0.5]) < MISMATCH
    True
    """
    of = sum(counts)
    expected = [of * share / sum(shares) for share in shares]
    if any(count and not due for count, due in zip(counts, expected, strict=True)):
        return 0.0
    pairs = [(count, due) for count, due in zip(counts, expected, strict=True) if due]
    if not of or len(pairs) < 2:
        return 1.0
    return float(chdtrc(len(pairs) - 1, sum((count - due) ** 2 / due for count, due in pairs)))

"""P-values of many comparisons at once, raised so that chance finds are as rare as with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final


def holm(p_values: Sequence[float]) -> list[float]:
    """No false find among all of them, but in 5 %: S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure",
    Scandinavian Journal of Statistics 6, 1979.

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, highest = [0.0] * len(p_values), 0.0
    for rank, place in enumerate(order):
        highest = max(highest, min(1.0, p_values[place] * (len(p_values) - rank)))
        adjusted[place] = highest
    return adjusted


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Of what is called a find, 5 % are none, on average: Y. Benjamini, Y. Hochberg, "Controlling the False Discovery
    Rate", Journal of the Royal Statistical Society B 57, 1995.

    >>> benjamini_hochberg([0.01, 0.04, 0.03])
    [0.03, 0.04, 0.04]
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__, reverse=True)
    adjusted, lowest = [0.0] * len(p_values), 1.0
    for rank, place in enumerate(order):
        lowest = min(lowest, p_values[place] * len(p_values) / (len(p_values) - rank))
        adjusted[place] = lowest
    return adjusted


CORRECTIONS: Final = {"holm": holm, "bh": benjamini_hochberg}
"""By the name that the command line has for them."""

"""How sure a share is that was counted on a few."""

from __future__ import annotations

from math import sqrt
from typing import Final

_Z: Final = 1.959963984540054  # the normal quantile of 97.5 %: an interval of 95 %


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % score interval of a share, from 0 to 1; of nothing, all of it.

    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the American
    Statistical Association 22 (158), 1927, pages 209 to 212. Unlike the usual one it stays within 0 and 1, and keeps
    its promise for small groups and for shares near either end.

    >>> [round(end, 3) for end in wilson(2, 10)]
    [0.057, 0.51]
    >>> wilson(0, 0)
    (0.0, 1.0)
    """
    if of == 0:
        return 0.0, 1.0
    share, square = count / of, _Z * _Z / of
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * sqrt(share * (1 - share) / of + square / (4 * of))
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return (0.0 if count == 0 else low), (1.0 if count == of else high)

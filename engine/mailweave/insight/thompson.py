"""Chances for the next draw: how likely each block is the best, as Thompson sampling would show it, worked out.

W. R. Thompson, "On the likelihood that one unknown probability exceeds another", Biometrika 25, 1933. The chance to be
best is an integral, so nothing is sampled and the same counts give the same chances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

import numpy as np
from scipy.special import betainc, betaincinv, betaln, xlog1py, xlogy

from mailweave.insight.quadrature import over
from mailweave.insight.samples import Share

_TAIL = 1e-12  # of a distribution, left out on both sides
_DIGITS = 4


def chances(counts: Mapping[str, Share], floor: float) -> dict[str, float]:
    """By block the chance to draw it with, in ten-thousandths that add up to 1.

    counts: how often each was shown, and did what it should; a prior of 1 and 1 goes before. floor: what every block
    has at least, so that it goes on being learned about; no more than an equal share.

    >>> chances({"a": Share(30, 400), "b": Share(12, 400), "new": Share(0, 0)}, floor=0.05)
    {'a': 0.1155, 'b': 0.0501, 'new': 0.8344}
    """
    least = min(floor, 1 / len(counts))
    best = being_best(list(counts.values()))
    raw = [round(least + (1 - len(best) * least) * chance, _DIGITS) for chance in best]
    greatest = raw.index(max(raw))
    raw[greatest] = round(raw[greatest] + 1 - sum(raw), _DIGITS)
    return dict(zip(counts, raw, strict=True))


def being_best(shares: Sequence[Share]) -> list[float]:
    """P(each is the greatest) of beta distributions, by Gauss-Legendre quadrature; they add up to 1."""
    found = [_best(at, shares) for at in range(len(shares))]
    return [one / sum(found) for one in found]


def _best(at: int, shares: Sequence[Share]) -> float:
    a, b = shares[at].did + 1, shares[at].of - shares[at].did + 1
    low, high = betaincinv(a, b, _TAIL), 1 - betaincinv(b, a, _TAIL)
    here, weights = over(float(low), float(high))
    density = np.exp(xlogy(a - 1, here) + xlog1py(b - 1, -here) - betaln(a, b))
    others = [one for place, one in enumerate(shares) if place != at]
    below = prod(
        (betainc(one.did + 1, one.of - one.did + 1, here) for one in others), start=np.ones_like(here)
    )
    return float(weights @ (density * below))

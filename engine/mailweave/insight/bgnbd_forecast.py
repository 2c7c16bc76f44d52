"""What a fitted BG/NBD model expects. Written so that neither large counts nor long times overflow.

The papers' hypergeometric function is taken through Euler's transformation, in which r + x and b + x, which grow with
what somebody has bought, no longer stand: M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 15.3.3.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np

from mailweave.insight.purchase_counts import Numbers, PurchaseCounts

Parameters: TypeAlias = tuple[float, float, float, float]
"""r, alpha, a, b."""

_NEAR_ONE: Final = 1e-5  # how near to 1 `a` may come before 0/0 costs digits


def expected_repeats(parameters: Parameters, t: Numbers) -> Numbers:
    """Equation 9 of Fader, Hardie and Lee (2005)."""
    nobody = np.zeros_like(t)
    return _purchases(parameters, t, PurchaseCounts(nobody, nobody, nobody))


def expected_purchases(parameters: Parameters, t: Numbers, counts: PurchaseCounts) -> Numbers:
    """Equation 10 of Fader, Hardie and Lee (2005)."""
    return _purchases(parameters, t, counts) * p_alive(parameters, counts)


def p_alive(parameters: Parameters, counts: PurchaseCounts) -> Numbers:
    """B. G. S. Hardie, "Computing P(alive) Using the BG/NBD Model", note 021 at brucehardie.com, 2008."""
    from scipy.special import expit

    r, alpha, a, b = parameters
    x, last, until = counts
    again = x > 0
    odds = (
        np.log(a) - np.log(np.where(again, b + x - 1, 1)) + (r + x) * np.log((alpha + until) / (alpha + last))
    )
    return np.where(again, expit(-odds), 1.0)


def _purchases(parameters: Parameters, t: Numbers, counts: PurchaseCounts) -> Numbers:
    """What is expected of those who are alive. At a = 1 the formula is 0/0 and smooth: the mean of both sides is taken."""
    r, alpha, a, b = parameters
    if abs(a - 1) < _NEAR_ONE:
        sides = (
            _purchases((r, alpha, side, b), t, counts) for side in (1 - 2 * _NEAR_ONE, 1 + 2 * _NEAR_ONE)
        )
        return np.asarray(sum(sides) / 2)
    from scipy.special import hyp2f1

    x, _, until = counts
    share = t / (alpha + until + t)
    series = hyp2f1(a + b - 1 - r, a - 1, a + b + x - 1, share)
    return np.asarray((a + b + x - 1) / (a - 1) * (1 - (1 - share) ** (a - 1) * series))

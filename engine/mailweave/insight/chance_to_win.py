"""The chance that an arm is better than the control, by Bayes, with nothing known before (a beta prior of 1 and 1)."""

from __future__ import annotations

import numpy as np
from scipy.special import betainc, betaincinv, betaln, xlog1py, xlogy

from mailweave.insight.quadrature import over
from mailweave.insight.samples import Share

_TAIL = 1e-15  # of the arm's distribution, left out on both sides


def chance_to_win(control: Share, arm: Share) -> float:
    """P(arm > control) of two beta distributions, by Gauss-Legendre quadrature over the arm's; no random numbers.

    >>> chance_to_win(Share(5, 50), Share(5, 50))
    0.5
    >>> round(chance_to_win(Share(48, 80), Share(56, 70)), 4)
    0.9959
    """
    if control == arm:
        return 0.5
    a, b = arm.did + 1, arm.of - arm.did + 1
    low, high = betaincinv(a, b, _TAIL), 1 - betaincinv(b, a, _TAIL)
    at, weights = over(low, high)
    density = np.exp(xlogy(a - 1, at) + xlog1py(b - 1, -at) - betaln(a, b))
    below = betainc(control.did + 1, control.of - control.did + 1, at)
    found = float(weights @ (density * below))
    return min(1.0, max(0.0, found))

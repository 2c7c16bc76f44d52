"""The maximum of a likelihood over positive parameters, with their standard errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.insight.purchase_counts import Numbers

Likelihood: TypeAlias = Callable[[Numbers], tuple[float, Numbers]]
"""From logarithms of the parameters to the log-likelihood and its gradient by these logarithms."""

_STEP: Final = 1e-5  # of the differences that make second derivatives of the gradient
_STEPS_OF_NEWTON: Final = 20
_FAR: Final = 12.0  # a parameter of e**12 or e**-12 has left what data can tell apart
_FLAT: Final = 1e-6  # the gradient of one recipient at a maximum


class Maximum(NamedTuple):
    """Parameters, their standard errors, and the log-likelihood there."""

    parameters: Numbers
    standard_errors: Numbers
    log_likelihood: float


def maximum(likelihood: Likelihood, starts: Iterable[Numbers], recipients: float) -> Maximum:
    """The best of the maxima that L-BFGS-B finds from each start, made exact by steps of Newton.

    Raises MailweaveError (MW791) where there is none inside.
    """
    at = max((_climb(likelihood, start) for start in starts), key=lambda one: likelihood(one)[0])
    for _ in range(_STEPS_OF_NEWTON):
        _, slope = likelihood(at)
        if np.abs(slope).max() < 1e-9 * recipients or not _is_concave(curve := _curvature(likelihood, at)):
            break
        at = at - np.clip(np.linalg.solve(curve, slope), -0.5, 0.5)
    value, slope = likelihood(at)
    curve = _curvature(likelihood, at)
    if np.abs(at).max() > _FAR or np.abs(slope).max() > _FLAT * recipients or not _is_concave(curve):
        raise not_estimable("its likelihood has no maximum for these recipients")
    spread = np.sqrt(np.diag(np.linalg.inv(-curve)))
    return Maximum(np.exp(at), np.exp(at) * spread, value)


def not_estimable(what: str) -> MailweaveError:
    """MW791."""
    return MailweaveError([diagnose("MW791", what=what)])


def _climb(likelihood: Likelihood, start: Numbers) -> Numbers:
    from scipy.optimize import minimize

    def downhill(at: Numbers) -> tuple[float, Numbers]:
        value, slope = likelihood(at)
        return -value, -slope

    bounds = [(-2 * _FAR, 2 * _FAR)] * len(start)
    found = minimize(downhill, np.log(start), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(found.x, dtype=np.float64)


def _curvature(likelihood: Likelihood, at: Numbers) -> Numbers:
    """Second derivatives, from differences of the gradient on both sides."""
    steps = np.eye(len(at)) * _STEP
    rows = [(likelihood(at + step)[1] - likelihood(at - step)[1]) / (2 * _STEP) for step in steps]
    made = np.array(rows)
    return (made + made.T) / 2


def _is_concave(curve: Numbers) -> bool:
    return bool(np.isfinite(curve).all() and np.linalg.eigvalsh(curve).max() < 0)

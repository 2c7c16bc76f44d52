"""How often recipients buy, and whether they still do: the BG/NBD model, by maximum likelihood.

P. S. Fader, B. G. S. Hardie, K. L. Lee, "Counting Your Customers the Easy Way: An Alternative to the Pareto/NBD Model",
Marketing Science 24 (2), 2005, pages 275 to 284. Recipients buy at a rate of their own (gamma: r, alpha), and leave for
good behind each purchase with a chance of their own (beta: a, b).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from mailweave.insight import bgnbd_forecast as forecast
from mailweave.insight.likelihood_search import maximum, not_estimable
from mailweave.insight.purchase_counts import Numbers, PurchaseCounts, checked

_STARTS: Final = (
    (0.3, 0.3, 0.8, 2.5), (1.0, 1.0, 1.0, 1.0), (3.0, 3.0, 0.3, 3.0), (0.1, 0.05, 3.0, 9.0)
)  # fmt: skip


class StandardErrors(NamedTuple):
    """How far off an estimate is likely to be: one standard deviation."""

    r: float
    alpha: float
    a: float
    b: float


@dataclass(frozen=True, slots=True)
class BGNBD:
    """A fitted model. `alpha` is in the unit of the times that it was fitted to, and so are all times that are asked."""

    r: float
    alpha: float
    a: float
    b: float
    standard_errors: StandardErrors
    log_likelihood: float

    def expected_repeats(self, t: npt.ArrayLike) -> Numbers:
        """Purchases to expect of somebody new in the time `t` behind the first one; equation 9 of the paper."""
        return forecast.expected_repeats(self._parameters, np.asarray(t, dtype=np.float64))

    def expected_purchases(
        self, t: npt.ArrayLike, frequency: npt.ArrayLike, recency: npt.ArrayLike, T: npt.ArrayLike
    ) -> Numbers:
        """Purchases to expect in the time `t` to come, of recipients with these counts; equation 10 of the paper.

        Raises MailweaveError (MW790) as `bgnbd` does.
        """
        counts = checked(np.atleast_1d(frequency), np.atleast_1d(recency), np.atleast_1d(T))
        return forecast.expected_purchases(self._parameters, np.asarray(t, dtype=np.float64), counts)

    def p_alive(self, frequency: npt.ArrayLike, recency: npt.ArrayLike, T: npt.ArrayLike) -> Numbers:
        """The chance that recipients with these counts still buy at all.

        Who has never bought again is alive by definition of the model: people leave behind a purchase only. Raises
        MailweaveError (MW790) as `bgnbd` does.
        """
        counts = checked(np.atleast_1d(frequency), np.atleast_1d(recency), np.atleast_1d(T))
        return forecast.p_alive(self._parameters, counts)

    @property
    def _parameters(self) -> tuple[float, float, float, float]:
        return self.r, self.alpha, self.a, self.b


def bgnbd(frequency: npt.ArrayLike, recency: npt.ArrayLike, T: npt.ArrayLike) -> BGNBD:
    """The BG/NBD model of these recipients, by maximum likelihood.

    frequency: purchases behind the first one, whole numbers. recency: time from the first to the last one, 0 where
    there was one only. T: time from the first one to the end of the observation. One row a recipient, one unit of
    time.

    Raises MailweaveError: MW790 for counts that cannot be (all that is wrong at once), MW791 where they do not
    determine the model (nobody bought again, say).

    >>> orders = [0] * 120 + [1] * 40 + [2] * 12 + [3] * 8 + [4, 5, 6, 7, 9, 12]
    >>> last = [0] * 120 + [2] * 12 + [15] * 8 + [30] * 10 + [5] * 10 + [20] * 6 + [35] * 6 + [22] * 4 + [38] * 4
    >>> model = bgnbd(orders, [*last, 36, 39, 12, 37, 39, 38], [40] * 186)
    >>> [round(float(chance), 2) for chance in model.p_alive([4, 4], [14, 35], [40, 40])]
    [0.35, 0.9]
    """
    counts = checked(frequency, recency, T)
    if not counts.frequency.any():
        raise not_estimable("nobody has bought a second time")
    rows, weights = np.unique(np.column_stack(counts), axis=0, return_counts=True)
    scale = float(np.average(rows[:, 2], weights=weights))
    grouped = PurchaseCounts(rows[:, 0], rows[:, 1] / scale, rows[:, 2] / scale)
    search = partial(_likelihood, counts=grouped, weights=weights.astype(np.float64))
    found = maximum(search, [np.array(start) for start in _STARTS], len(counts.T))
    unit = np.array([1.0, scale, 1.0, 1.0])
    parameters, errors = found.parameters * unit, found.standard_errors * unit
    value = found.log_likelihood - counts.frequency.sum() * np.log(scale)
    r, alpha, a, b = map(float, parameters)
    return BGNBD(r, alpha, a, b, StandardErrors(*map(float, errors)), float(value))


def _likelihood(at: Numbers, *, counts: PurchaseCounts, weights: Numbers) -> tuple[float, Numbers]:
    """The log-likelihood and its gradient by the logarithms of r, alpha, a, b; equation 6 of the paper, in logarithms."""
    from scipy.special import digamma, gammaln

    r, alpha, a, b = np.exp(at)
    x, last, until = counts
    again = x > 0
    alive = -(r + x) * np.log(alpha + until)
    left = np.full(x.shape, -np.inf)
    left[again] = np.log(a) - np.log(b + x[again] - 1) - (r + x[again]) * np.log(alpha + last[again])
    both = np.logaddexp(alive, left)
    of_alive, of_left = np.exp(alive - both), np.exp(left - both)
    terms = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    terms += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x) + both
    chance = digamma(a + b) - digamma(a + b + x)
    by_r = digamma(r + x) - digamma(r) + np.log(alpha)
    by_r -= of_alive * np.log(alpha + until) + of_left * np.log(alpha + last)
    by_alpha = r / alpha - (r + x) * (of_alive / (alpha + until) + of_left / (alpha + last))
    by_a = chance + of_left / a
    by_b = chance + digamma(b + x) - digamma(b) - of_left / np.where(again, b + x - 1, 1)
    slopes = np.array(
        [weights @ by_r * r, weights @ by_alpha * alpha, weights @ by_a * a, weights @ by_b * b]
    )
    return float(weights @ terms), slopes

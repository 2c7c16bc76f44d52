"""What a purchase of a recipient is worth: the gamma-gamma model, by maximum likelihood.

P. S. Fader, B. G. S. Hardie, "The Gamma-Gamma Model of Monetary Value", note 025 at brucehardie.com, 2013. Amounts vary
around a mean of each recipient's own (gamma: p), and these means among recipients (gamma: q, v). It takes for granted that
how much people spend has nothing to do with how often.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from mailweave.insight.likelihood_search import maximum, not_estimable
from mailweave.insight.purchase_counts import Numbers, length_faults, refuse, shape_faults

_STARTS: Final = ((6.0, 4.0, 0.5), (1.0, 2.0, 1.0), (2.0, 10.0, 5.0))
_FEW: Final = 10  # recipients: three parameters of fewer are of no use


class ValueErrors(NamedTuple):
    """How far off an estimate is likely to be: one standard deviation."""

    p: float
    q: float
    v: float


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """A fitted model. `v` is in the currency of the amounts that it was fitted to."""

    p: float
    q: float
    v: float
    standard_errors: ValueErrors
    log_likelihood: float

    def mean_value(self, frequency: npt.ArrayLike, monetary_value: npt.ArrayLike) -> Numbers:
        """What a coming purchase of each recipient is worth on average; equation 5 of the note.

        Raises MailweaveError (MW790) as `gammagamma` does. Who never bought again counts with a frequency of 0 and any
        value: the mean of all, p v / (q - 1). It is infinite where q is 1 or less, and so is said.
        """
        _refuse(frequency, monetary_value)
        x, mean = np.asarray(frequency, dtype=np.float64), np.asarray(monetary_value, dtype=np.float64)
        weight = self.p * x + self.q - 1
        return np.where(weight > 0, self.p * (self.v + mean * x) / np.where(weight > 0, weight, 1), np.inf)


def gammagamma(frequency: npt.ArrayLike, monetary_value: npt.ArrayLike) -> GammaGamma:
    """The gamma-gamma model of these recipients, by maximum likelihood.

    frequency: how many purchases the mean is of, whole numbers. monetary_value: the mean amount of a purchase of each
    recipient. Rows with a frequency or a mean of 0 say nothing of amounts, and are left out.

    Raises MailweaveError: MW790 for what cannot be, MW791 where the amounts do not determine the model.

    >>> import numpy as np
    >>> random = np.random.default_rng(1)
    >>> orders = random.integers(1, 9, 4000)
    >>> amounts = random.gamma(6 * orders, 1 / (random.gamma(4, 1 / 15, 4000) * orders))
    >>> model = gammagamma(orders, amounts)
    >>> round(float(model.mean_value([0], [0])[0]))  # 6 x 15 / (4 - 1)
    30
    """
    _refuse(frequency, monetary_value)
    x, mean = np.asarray(frequency, dtype=np.float64), np.asarray(monetary_value, dtype=np.float64)
    bought = (x > 0) & (mean > 0)
    if bought.sum() < _FEW:
        raise not_estimable(f"amounts of {_FEW} recipients are wanted, and there are {int(bought.sum())}")
    x, mean = x[bought], mean[bought]
    scale = float(mean.mean())
    search = partial(_likelihood, x=x, mean=mean / scale)
    found = maximum(search, [np.array(start) for start in _STARTS], len(x))
    unit = np.array([1.0, 1.0, scale])
    parameters, errors = found.parameters * unit, found.standard_errors * unit
    value = found.log_likelihood - len(x) * np.log(scale)
    p, q, v = map(float, parameters)
    return GammaGamma(p, q, v, ValueErrors(*map(float, errors)), float(value))


def _refuse(frequency: npt.ArrayLike, monetary_value: npt.ArrayLike) -> None:
    refuse(list(_faults(frequency, monetary_value)))


def _faults(frequency: npt.ArrayLike, monetary_value: npt.ArrayLike) -> Iterator[str]:
    named = {"frequency": frequency, "monetary_value": monetary_value}
    found = [fault for name, one in named.items() for fault in shape_faults(name, one)]
    yield from found or length_faults(**named)
    counted = np.asarray(frequency, dtype=np.float64) if not found else np.zeros(0)
    if (counted != np.floor(counted)).any():
        yield "`frequency` are not whole numbers"


def _likelihood(at: Numbers, *, x: Numbers, mean: Numbers) -> tuple[float, Numbers]:
    """The log-likelihood and its gradient by the logarithms of p, q, v; equation 1a of the note."""
    from scipy.special import digamma, gammaln

    p, q, v = np.exp(at)
    total = x * mean
    terms = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
    terms += (p * x - 1) * np.log(mean) + p * x * np.log(x) - (p * x + q) * np.log(total + v)
    of_all = digamma(p * x + q)
    by_p = x * (of_all - digamma(p * x) + np.log(mean) + np.log(x) - np.log(total + v))
    by_q = of_all - digamma(q) + np.log(v) - np.log(total + v)
    by_v = q / v - (p * x + q) / (total + v)
    return float(terms.sum()), np.array([by_p.sum() * p, by_q.sum() * q, by_v.sum() * v])

"""What another way to draw would have brought, told from what one way has drawn: three estimators with intervals.

Inverse propensity scoring: D. G. Horvitz, D. J. Thompson, Journal of the American Statistical Association 47, 1952.
Self-normalised: A. Swaminathan, T. Joachims, "The Self-Normalized Estimator for Counterfactual Learning", 2015. Doubly
robust: M. Dudik, J. Langford, L. Li, "Doubly Robust Policy Evaluation and Learning", 2011.
"""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from mailweave.insight.effects import Interval
from mailweave.insight.purchase_counts import Numbers

_Z: Final = 1.959963984540054  # of 95 %, both sides


class Estimate(NamedTuple):
    """A value and its interval of 95 %."""

    value: float
    interval: Interval


def ips(
    rewards: npt.ArrayLike, shown: npt.ArrayLike, asked: npt.ArrayLike, people: npt.ArrayLike
) -> Estimate:
    """The mean reward of another policy, by inverse propensity.

    One row a draw. rewards: what came back. shown: the chance with which the block was drawn, above 0. asked: the
    chance that the other policy gives it. people: who it was, as whole numbers; draws of one person are no independent
    ones.

    >>> ips([1, 0, 1, 0], [0.5, 0.5, 0.5, 0.5], [1.0, 0.0, 1.0, 0.0], [0, 1, 2, 3]).value
    1.0
    """
    weights = _weights(shown, asked)
    return of_terms(weights * np.asarray(rewards, dtype=np.float64), np.asarray(people))


def snips(
    rewards: npt.ArrayLike, shown: npt.ArrayLike, asked: npt.ArrayLike, people: npt.ArrayLike
) -> Estimate:
    """The same with weights that are made to add up to the number of draws: a little biased, and much steadier."""
    weights, gained = _weights(shown, asked), np.asarray(rewards, dtype=np.float64)
    total = float(weights.sum())
    if not total:
        return Estimate(0.0, Interval(0.0, 1.0))  # the other policy shows nothing of what was shown
    value = float(weights @ gained) / total
    spread = of_terms(weights * (gained - value) * (len(weights) / total), np.asarray(people))
    half = spread.interval.high - spread.value
    return Estimate(value, Interval(value - half, value + half))


def doubly_robust(
    rewards: npt.ArrayLike,
    shown: npt.ArrayLike,
    asked: npt.ArrayLike,
    people: npt.ArrayLike,
    foretold: npt.ArrayLike,
    foretold_of_policy: npt.ArrayLike,
) -> Estimate:
    """The same, leaning on a model of the reward: right where either the chances or the model are.

    foretold: what the model says of the block that was shown. foretold_of_policy: what it says of those that the other
    policy would show, by its chances.
    """
    terms = robust_terms(rewards, shown, asked, foretold, foretold_of_policy)
    return of_terms(terms, np.asarray(people))


def robust_terms(
    rewards: npt.ArrayLike,
    shown: npt.ArrayLike,
    asked: npt.ArrayLike,
    foretold: npt.ArrayLike,
    foretold_of_policy: npt.ArrayLike,
) -> Numbers:
    """What each draw says of the doubly robust value; their mean is the value."""
    missed = np.asarray(rewards, dtype=np.float64) - np.asarray(foretold, dtype=np.float64)
    return np.asarray(foretold_of_policy, dtype=np.float64) + _weights(shown, asked) * missed


def of_terms(terms: Numbers, people: npt.NDArray[np.int64]) -> Estimate:
    """The mean of terms, its interval from what people differ by."""
    value, number = float(terms.mean()), len(terms)
    _, groups = np.unique(people, return_inverse=True)
    sums = np.bincount(groups, weights=terms - value)
    of = len(sums)
    if of < 2:
        return Estimate(value, Interval(-np.inf, np.inf))
    half = _Z * sqrt(float(sums @ sums) * of / (of - 1)) / number
    return Estimate(value, Interval(value - half, value + half))


def effective(shown: npt.ArrayLike, asked: npt.ArrayLike) -> float:
    """How many draws of the other policy these are worth (Kish)."""
    weights = _weights(shown, asked)
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def _weights(shown: npt.ArrayLike, asked: npt.ArrayLike) -> Numbers:
    return np.asarray(asked, dtype=np.float64) / np.asarray(shown, dtype=np.float64)

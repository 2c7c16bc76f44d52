"""How likely recipients are to do something: logistic regression, trained before a cut, judged behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score

from mailweave.insight.histories import Features
from mailweave.insight.purchase_counts import Numbers
from mailweave.insight.responses import Flags

_DECILES: Final = 10
_TINY: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model in plain numbers, so that it is kept without pickling.

    Features are read as log(1 + |x|) with their sign, then standardised by `means` and `scales`. edges, shares: deciles of
    training by feature, and what lay between them, for drift.
    """

    names: tuple[str, ...]
    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    edges: tuple[tuple[float, ...], ...]
    shares: tuple[tuple[float, ...], ...]

    def parts(self, features: Features) -> Numbers:
        """What each feature adds to the log-odds of each recipient, against the average of training."""
        spread = (placed(features.rows) - np.array(self.means)) / np.array(self.scales)
        return np.asarray(spread * np.array(self.weights))

    def chances(self, features: Features) -> Numbers:
        """A chance in 0..1 for each recipient."""
        return np.asarray(1 / (1 + np.exp(-(self.parts(features).sum(axis=1) + self.intercept))))

    def reasons(self, features: Features, most: int = 3) -> list[str]:
        """By recipient the features that move it most, with their sign, the strongest first."""
        parts = self.parts(features)
        order = np.argsort(-np.abs(parts), axis=1)[:, :most]
        return [
            "; ".join(
                f"{'+' if parts[at, c] > 0 else '-'} {self.names[c]}"
                for c in row
                if abs(parts[at, c]) > _TINY
            )
            for at, row in enumerate(order)
        ]

    def drift(self, features: Features) -> dict[str, float]:
        """The population stability index of each feature against training; above 0.25 it is another population."""
        found = {}
        for column, name in enumerate(self.names):
            now = _between(features.rows[:, column], self.edges[column])
            then = np.array(self.shares[column])
            found[name] = float(np.sum((now - then) * np.log(now / then)))
        return found


class Judged(NamedTuple):
    """How a model did on recipients behind the cut. deciles: by tenth of the chance, the greatest first, what was foretold
    and what happened; lift: of the first tenth against everybody."""

    people: int
    rate: float
    auc: float
    brier: float
    brier_of_rate: float
    deciles: tuple[tuple[float, float], ...]
    lift: float


def fit(features: Features, target: Flags) -> Fitted:
    """Logistic regression with the usual penalty (C = 1) on what was known before the cut."""
    spread = placed(features.rows)
    means, scales = spread.mean(axis=0), spread.std(axis=0)
    scales[scales == 0] = 1.0
    model = LogisticRegression(max_iter=2_000).fit((spread - means) / scales, target)
    edges = [tuple(np.unique(np.quantile(column, np.linspace(0.1, 0.9, 9)))) for column in features.rows.T]
    shares = [tuple(_between(column, edge)) for column, edge in zip(features.rows.T, edges, strict=True)]
    return Fitted(
        features.names,
        tuple(map(float, means)),
        tuple(map(float, scales)),
        tuple(map(float, model.coef_[0])),
        float(model.intercept_[0]),
        tuple(tuple(map(float, one)) for one in edges),
        tuple(tuple(map(float, one)) for one in shares),
    )


def judge(chances: Numbers, target: Flags) -> Judged:
    """What came of it: AUC, Brier score beside that of the plain rate, calibration and lift by tenths."""
    rate = float(target.mean())
    order = np.argsort(-chances, kind="stable")
    tenths = np.array_split(order, _DECILES)
    deciles = tuple((float(chances[one].mean()), float(target[one].mean())) for one in tenths)
    return Judged(
        len(target),
        rate,
        float(roc_auc_score(target, chances)),
        float(brier_score_loss(target, chances)),
        rate * (1 - rate),
        deciles,
        deciles[0][1] / rate,
    )


def placed(rows: Numbers) -> Numbers:
    """On a scale where ten more matter less to a hundred than to one; refunds are below 0."""
    return np.asarray(np.sign(rows) * np.log1p(np.abs(rows)))


def _between(column: Numbers, edges: tuple[float, ...]) -> Numbers:
    """Shares of a column between edges; none is 0, so that a logarithm can be taken."""
    counts = np.bincount(np.searchsorted(edges, column, side="right"), minlength=len(edges) + 1)
    shares = np.maximum(counts / len(column), _TINY)
    return np.asarray(shares / shares.sum())

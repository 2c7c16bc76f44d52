"""A score for everybody of a list: a model that was trained before a cut, judged behind it, and has a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy.stats import spearmanr

from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.insight.bgnbd import bgnbd
from mailweave.insight.effects import Interval
from mailweave.insight.gammagamma import gammagamma
from mailweave.insight.histories import NEVER, Features, Histories
from mailweave.insight.propensity import Fitted, Judged, fit, judge
from mailweave.insight.purchase_counts import Numbers, purchase_counts
from mailweave.insight.responses import Flags

Model: TypeAlias = Literal["churn", "propensity", "value", "hour"]
DRIFTED: Final = 0.25
_LEAST: Final = 50  # who did it, and who did not, on both sides of the cut


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a score; kept beside the rules that read it. trained_until: the cut; what came behind it judged the
    model until `judged_until`. fitted: the model, None where none is kept."""

    score: str
    model: Model
    event: str
    horizon_days: float
    trained_until: datetime
    judged_until: datetime
    people: int
    judged: Judged | None
    drift: Mapping[str, float]
    fitted: Fitted | None
    facts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Scored:
    """A score for each recipient of a list, NaN for whom there is none; why, where that is said; how the model in use did
    on the same recipients; where the gain of a best hour lies over that of everybody."""

    card: Card
    values: Numbers
    reasons: list[str]
    before: Judged | None = None
    gain: Interval | None = None

    @property
    def is_better(self) -> bool:
        """Whether it foretells better than the model in use, where there is one."""
        return self.before is None or self.card.judged is None or self.card.judged.auc > self.before.auc

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What speaks against using it."""
        found = []
        if self.before is not None and self.card.judged is not None and not self.is_better:
            auc = f"{self.card.judged.auc:.4f} against {self.before.auc:.4f}"
            found.append(diagnose("MW884", place=self.card.score, score=self.card.score, auc=auc))
        drifted = [name for name, value in self.card.drift.items() if value > DRIFTED]
        if drifted:
            found.append(
                diagnose("MW885", place=self.card.score, score=self.card.score, names=", ".join(drifted))
            )
        if self.gain is not None and not self.gain.above:
            gain = f"[{self.gain.low:+.4f}, {self.gain.high:+.4f}]"
            found.append(diagnose("MW892", place=self.card.score, score=self.card.score, gain=gain))
        return tuple(found)


def score(
    histories: Histories, name: str, model: Model, event: str, horizon: timedelta, used: Card | None = None
) -> Scored:
    """The score `name` of everybody.

    model: `churn` is the chance that who has done `event` before does not do it within the horizon, `propensity` that
    anybody does; `value` is the amount to expect of it. used: the card of the model in use, which is judged beside.

    Raises MailweaveError: MW882 for lists that say too little, MW883 for a card of another score.
    """
    if used is not None and (used.event, used.model, used.horizon_days) != (
        event,
        model,
        horizon / timedelta(days=1),
    ):
        raise MailweaveError(
            [diagnose("MW883", place=name, what=f"{used.model} of {used.event}, {used.horizon_days:g} days")]
        )
    if model == "value":
        return _value(histories, name, event, horizon)
    return _chance(histories, name, model, event, horizon, used)


def _chance(
    histories: Histories, name: str, model: Model, event: str, horizon: timedelta, used: Card | None
) -> Scored:
    end = histories.until
    cut = end - horizon
    before, behind = (_example(histories, model, event, at, horizon) for at in (cut - horizon, cut))
    new, old = fit(*before), None if used is None else used.fitted
    judged = judge(new.chances(behind[0]), behind[1])
    judged_old = None if old is None else judge(old.chances(_known(old, behind[0])), behind[1])
    now, concerned = histories.features(end), _concerned(histories, model, event, end)
    drift = new.drift(_of(now, concerned))
    days, people = horizon / timedelta(days=1), int(concerned.sum())
    card = Card(name, model, event, days, cut, end, people, judged, drift, new, {})
    if old is not None and judged_old is not None and judged.auc <= judged_old.auc:
        return _with(old, card, _known(old, now), concerned, judged_old)
    return _with(new, card, now, concerned, judged_old)


def _with(fitted: Fitted, card: Card, now: Features, concerned: Flags, before: Judged | None) -> Scored:
    values = np.where(concerned, fitted.chances(now), np.nan)
    return Scored(card, values, fitted.reasons(now), before)


def _example(
    histories: Histories, model: Model, event: str, cut: datetime, horizon: timedelta
) -> tuple[Features, Flags]:
    concerned = _concerned(histories, model, event, cut)
    did = histories.did(event, cut, cut + horizon)[concerned]
    target = ~did if model == "churn" else did
    if min(int(target.sum()), int((~target).sum())) < _LEAST:
        what = f"behind {cut.date()} too few did `{event}`, or did not: {_LEAST} of each are needed"
        raise MailweaveError([diagnose("MW882", place=event, what=what)])
    return _of(histories.features(cut), concerned), target


def _concerned(histories: Histories, model: Model, event: str, cut: datetime) -> Flags:
    """Who can churn has done it before; anybody may do it."""
    return (
        histories.did(event, None, cut) if model == "churn" else np.ones(len(histories.keys), dtype=np.bool_)
    )


def _of(features: Features, places: Flags) -> Features:
    return features._replace(rows=features.rows[places])


def _known(fitted: Fitted, features: Features) -> Features:
    """The features that a model was fitted to; one that is gone is that of who has no such event."""
    rows = np.zeros((len(features.rows), len(fitted.names)))
    for column, name in enumerate(fitted.names):
        rows[:, column] = NEVER if name.startswith("days since") else 0.0
        if name in features.names:
            rows[:, column] = features.rows[:, features.names.index(name)]
    return Features(fitted.names, rows, features.cut)


# ---- value


def _value(histories: Histories, name: str, event: str, horizon: timedelta) -> Scored:
    """BG/NBD and gamma-gamma until the cut foretell what was spent behind it; then until the end."""
    days, end = horizon / timedelta(days=1), histories.until
    foretold, _ = _foretold(histories, event, end - horizon, days)
    behind = histories.purchases(event, end, end - horizon)
    spent = np.zeros(len(histories.keys))
    np.add.at(spent, behind["place"].astype(np.int64), behind["amount"])
    known = ~np.isnan(foretold)
    values, facts = _foretold(histories, event, end, days)
    rank = float(spearmanr(foretold[known], spent[known]).statistic)
    told = {
        "foretold": float(foretold[known].sum()),
        "spent": float(spent[known].sum()),
        "rank_correlation": rank,
    }
    card = Card(
        name,
        "value",
        event,
        days,
        end - horizon,
        end,
        int((~np.isnan(values)).sum()),
        None,
        {},
        None,
        facts | told,
    )
    return Scored(card, values, [""] * len(values))


def _foretold(
    histories: Histories, event: str, end: datetime, days: float
) -> tuple[Numbers, dict[str, float]]:
    bought = histories.purchases(event, end)
    if not len(bought["place"]):
        raise MailweaveError(
            [diagnose("MW882", place=event, what=f"nobody did `{event}` before {end.date()}")]
        )
    ago = bought["days"]
    start = float(ago.max())
    who, counts = purchase_counts(bought["place"].astype(np.int64), start - ago, start)
    model = bgnbd(*counts)
    first = np.full(len(histories.keys), -np.inf)
    np.maximum.at(first, bought["place"].astype(np.int64), ago)
    repeats = ago < first[bought["place"].astype(np.int64)]
    total = np.bincount(
        bought["place"][repeats].astype(np.int64), weights=bought["amount"][repeats], minlength=len(first)
    )
    again = counts.frequency > 0
    mean = np.zeros(len(who))
    mean[again] = total[who][again] / counts.frequency[again]
    priced = again & (mean > 0)
    spending = gammagamma(counts.frequency[priced], mean[priced])
    worth = np.full(len(who), float(spending.mean_value(np.array([0.0]), np.array([0.0]))[0]))
    worth[priced] = spending.mean_value(counts.frequency[priced], mean[priced])
    values = np.full(len(histories.keys), np.nan)
    values[who] = model.expected_purchases(days, *counts) * worth
    return values, {"r": model.r, "alpha_days": model.alpha, "a": model.a, "b": model.b}

"""The hour of the day in which a recipient most likely reads: their own counts, drawn to those of everybody.

Hours of one recipient are multinomial, with chances from a Dirichlet distribution around those of everybody (G. Casella, "An
introduction to empirical Bayes data analysis", The American Statistician 39, 1985); how strongly it draws is what makes
the counts most likely.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.insight.effects import Interval
from mailweave.insight.histories import Histories
from mailweave.insight.list_measures import interval
from mailweave.insight.local_hours import Hours
from mailweave.insight.purchase_counts import Numbers
from mailweave.insight.scoring import Card, Scored

_HOURS: Final = 24
_LEAST: Final = 30  # recipients who judge
_WEAKEST, _STRONGEST = 0.1, 10_000.0


class Shrunk(NamedTuple):
    """The hour of each recipient, NaN for who has none; that of everybody; how many events of everybody's are added to
    those of each."""

    hours: Numbers
    of_all: int
    weight: float


def shrunk(people: int, happened: Hours) -> Shrunk:
    """The likeliest hour of each who has any event.

    >>> early, late = np.zeros(9, dtype=np.int64), np.full(40, 20, dtype=np.int64)
    >>> owners = np.concatenate([np.zeros(9, dtype=np.int64), np.repeat(np.arange(1, 5), 10)])
    >>> hours = Hours(owners, np.concatenate([early + 7, late]), np.arange(49.0))
    >>> shrunk(6, hours).hours.tolist(), shrunk(6, hours).of_all
    ([7.0, 20.0, 20.0, 20.0, 20.0, nan], 20)
    """
    counts = np.zeros((people, _HOURS))
    np.add.at(counts, (happened.people, happened.hours), 1)
    everybody = counts.sum(axis=0) + 1 / _HOURS
    chances = everybody / everybody.sum()
    some = counts.sum(axis=1) > 0
    weight = _weight(counts[some], chances)
    hours = np.full(people, np.nan)
    hours[some] = np.argmax(counts[some] + weight * chances, axis=1)
    return Shrunk(hours, int(np.argmax(chances)), weight)


def _weight(counts: Numbers, chances: Numbers) -> float:
    totals = counts.sum(axis=1)

    def unlikely(log: float) -> float:
        weight = np.exp(log)
        drawn = weight * chances
        each = (
            gammaln(weight)
            - gammaln(weight + totals)
            + (gammaln(counts + drawn) - gammaln(drawn)).sum(axis=1)
        )
        return -float(each.sum())

    bounds = (np.log(_WEAKEST), np.log(_STRONGEST))
    return float(np.exp(minimize_scalar(unlikely, bounds=bounds, method="bounded").x))


def best_hours(
    histories: Histories, name: str, kinds: tuple[str, ...], horizon: timedelta, happened: Hours
) -> Scored:
    """The hour of each recipient, 0 to 23, from all that happened; judged by what came within `horizon` of the end, with the
    hours of before: how much more of it fell within an hour of theirs than of everybody's.

    Raises MailweaveError (MW882) where too few read before and after.
    """
    people, end = len(histories.keys), histories.until
    cut = end - horizon
    early = happened.moments < cut.timestamp()
    before = shrunk(people, _of(happened, early)) if early.any() else None
    gains = np.array([]) if before is None else _gains(before, _of(happened, ~early))
    if before is None or len(gains) < _LEAST:
        what = f"{len(gains)} recipients have {' or '.join(kinds)} before {cut.date()} and after, without machines"
        raise MailweaveError([diagnose("MW882", place=name, what=what)])
    now, told = shrunk(people, happened), interval(gains)
    facts = {
        "hour_of_everybody": float(now.of_all),
        "events_of_everybody_added": now.weight,
        "recipients_who_judge": float(len(gains)),
        "gain_in_share_within_an_hour": float(gains.mean()),
        "gain_low": told.low,
        "gain_high": told.high,
    }
    days, scored = horizon / timedelta(days=1), int((~np.isnan(now.hours)).sum())
    card = Card(name, "hour", " or ".join(kinds), days, cut, end, scored, None, {}, None, facts)
    return Scored(card, now.hours, [""] * people, gain=Interval(*told))


def _of(happened: Hours, rows: Numbers) -> Hours:
    return Hours(*(column[rows] for column in happened))


def _gains(before: Shrunk, later: Hours) -> Numbers:
    """Of each who read before and later: the share of what came later within an hour of theirs, less of everybody's."""
    known = ~np.isnan(before.hours[later.people])
    owners, hours = later.people[known], later.hours[known].astype(np.float64)
    won = _is_near(hours, before.hours[owners]) - _is_near(hours, before.of_all)
    totals = np.bincount(owners, minlength=1)
    return np.asarray(np.bincount(owners, weights=won, minlength=1)[totals > 0] / totals[totals > 0])


def _is_near(hours: Numbers, other: Numbers | int) -> Numbers:
    apart = np.abs(hours - other)
    return np.asarray(np.minimum(apart, _HOURS - apart) <= 1, dtype=np.float64)

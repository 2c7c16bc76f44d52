"""The BG/NBD model: the published estimates, another package's, a likelihood written from the paper, and simulation."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mailweave.diagnostics import MailweaveError
from mailweave.insight import BGNBD, bgnbd, purchase_counts
from mailweave.insight.bgnbd import StandardErrors, _likelihood
from mailweave.insight.purchase_counts import PurchaseCounts
from tests.insight.cdnow import all_customers, lifetimes, sample, weeks_of_cdnow

TABLE = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "fixtures/insight/purchase_faults.toml").read_text("utf-8")
)
FAULTS = TABLE["case"]
PUBLISHED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
NO_ERRORS = StandardErrors(0.0, 0.0, 0.0, 0.0)
PAPER = BGNBD(0.243, 4.414, 0.793, 2.426, NO_ERRORS, 0.0)


def test_the_published_sample_gives_the_published_estimates() -> None:
    model = bgnbd(*sample())
    for name, value in PUBLISHED.items():
        assert getattr(model, name) == pytest.approx(value, abs=6e-4), name  # they have three decimals
    assert model.log_likelihood == pytest.approx(-9582.4, abs=0.05)


@pytest.mark.filterwarnings("ignore")  # of lifetimes: old calls of numpy and pandas
@pytest.mark.parametrize("whose", ["sample", "all"])
def test_lifetimes_gives_the_same(whose: str) -> None:
    counts = all_customers() if whose == "all" else sample()
    other = lifetimes().BetaGeoFitter()
    other.fit(*counts)
    model = bgnbd(*counts)
    for name, row in other.summary.iterrows():
        assert getattr(model, name) == pytest.approx(row["coef"], rel=1e-3)
        assert getattr(model.standard_errors, name) == pytest.approx(row["se(coef)"], rel=1e-3)
    x, last, until = (one[:500] for one in counts)
    there = other.conditional_expected_number_of_purchases_up_to_time(39.0, x, last, until)
    assert model.expected_purchases(39.0, x, last, until) == pytest.approx(np.asarray(there), rel=1e-3)
    assert model.p_alive(x, last, until) == pytest.approx(
        other.conditional_probability_alive(x, last, until), rel=1e-3
    )


def test_all_customers_agree_with_the_sample_as_far_as_its_errors_allow() -> None:
    assert len(all_customers().T) == 23_570
    model, errors = bgnbd(*all_customers()), (0.0126, 0.378, 0.186, 0.705)  # the sample's, from its own fit
    for (name, value), error in zip(PUBLISHED.items(), errors, strict=True):
        assert abs(getattr(model, name) - value) < 1.96 * error, name


def test_the_curve_of_the_weeks_that_the_model_did_not_see() -> None:
    found = weeks_of_cdnow()
    seen, unseen = found.expected[38] / found.actual[38], found.expected[77] / found.actual[77]
    assert seen == pytest.approx(1, abs=0.02)
    assert unseen == pytest.approx(1, abs=0.08)  # the paper's own figure 2 ends a few percent below, too


def by_the_paper(model: tuple[float, float, float, float], x: float, last: float, until: float) -> float:
    """Equation 6 as it is printed, for one recipient."""
    r, alpha, a, b = model

    def beta(p: float, q: float) -> float:
        return math.gamma(p) * math.gamma(q) / math.gamma(p + q)

    alive = (
        beta(a, b + x)
        / beta(a, b)
        * math.gamma(r + x)
        * alpha**r
        / math.gamma(r)
        / (alpha + until) ** (r + x)
    )
    if x == 0:
        return math.log(alive)
    left = beta(a + 1, b + x - 1) / beta(a, b) * math.gamma(r + x) * alpha**r / math.gamma(r)
    return math.log(alive + left / (alpha + last) ** (r + x))


@pytest.mark.parametrize("model", [(0.243, 4.414, 0.793, 2.426), (2.0, 30.0, 0.1, 0.4), (0.7, 0.5, 3.0, 1.0)])
def test_the_likelihood_is_the_papers_and_its_slope_that_of_the_likelihood(
    model: tuple[float, float, float, float],
) -> None:
    rows = [(0, 0, 38.9), (1, 1.7, 38.9), (2, 30.4, 38.9), (9, 20.0, 27.1), (29, 36.0, 38.0), (0, 0, 0)]
    counts, weights = PurchaseCounts(*np.array(rows, dtype=float).T), np.array([1.0, 2, 3, 4, 5, 6])
    at = np.log(np.array(model))
    value, slope = _likelihood(at, counts=counts, weights=weights)
    expected = sum(w * by_the_paper(model, *row) for w, row in zip(weights, rows, strict=True))
    assert value == pytest.approx(expected, rel=1e-12)
    for place, step in enumerate(np.eye(4) * 1e-6):
        up, down = (_likelihood(at + s, counts=counts, weights=weights)[0] for s in (step, -step))
        assert slope[place] == pytest.approx((up - down) / 2e-6, rel=1e-5, abs=1e-5)


def simulated(model: BGNBD, people: int, weeks: float, seed: int) -> list[list[float]]:
    """The moments of repeat purchases of each, drawn as the model says."""
    random = np.random.default_rng(seed)
    rates, leaving = random.gamma(model.r, 1 / model.alpha, people), random.beta(model.a, model.b, people)
    found = []
    for rate, chance in zip(rates, leaving, strict=True):
        mine: list[float] = []
        at = random.exponential(1 / rate)
        while at <= weeks:
            mine.append(at)
            if random.random() < chance:
                break
            at += random.exponential(1 / rate)
        found.append(mine)
    return found


def test_what_is_expected_is_what_happens_on_average() -> None:
    model, people = BGNBD(0.8, 5.0, 0.6, 2.0, NO_ERRORS, 0.0), 40_000
    histories = simulated(model, people, 60.0, seed=5)
    before = [[at for at in mine if at <= 30] for mine in histories]
    x = np.array([len(mine) for mine in before], dtype=float)
    last = np.array([mine[-1] if mine else 0.0 for mine in before])
    until = np.full(people, 30.0)
    then = np.array([len(mine) for mine in histories]) - x
    assert float(model.expected_repeats(30.0)) == pytest.approx(x.mean(), abs=4 * x.std() / people**0.5)
    expected = model.expected_purchases(30.0, x, last, until)
    for few, most in ((0, 0), (1, 1), (2, 4), (5, 99)):
        of = (x >= few) & (x <= most)
        assert expected[of].mean() == pytest.approx(then[of].mean(), abs=4 * then[of].std() / of.sum() ** 0.5)
    fitted = bgnbd(x, last, until)
    for name, error in fitted.standard_errors._asdict().items():
        assert abs(getattr(fitted, name) - getattr(model, name)) < 4 * error, name


def test_at_the_place_where_the_formula_is_nothing_by_nothing_it_is_smooth() -> None:
    around = [
        BGNBD(0.5, 5.0, a, 2.0, NO_ERRORS, 0.0).expected_purchases(40.0, [0, 3], [0, 8.0], [20, 20])
        for a in (0.9999, 1.0, 1.0001)
    ]
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-7)


def test_large_counts_and_long_times_stay_finite() -> None:
    x, last, until = [5_000, 0], [3_000.0, 0.0], [3_650.0, 3_650.0]
    assert np.isfinite(PAPER.expected_purchases(1e6, x, last, until)).all()
    assert (PAPER.p_alive(x, last, until) <= 1).all()
    assert (PAPER.p_alive(x, last, until) >= 0).all()
    _, slope = _likelihood(
        np.log([0.2, 4.0, 0.8, 2.4]),
        counts=PurchaseCounts(*map(np.array, (x, last, until))),
        weights=np.ones(2),
    )
    assert np.isfinite(slope).all()


def test_the_unit_of_time_is_the_callers() -> None:
    x, last, until = all_customers()
    weeks, days = bgnbd(x, last, until), bgnbd(x, last * 7, until * 7)
    assert days.alpha == pytest.approx(weeks.alpha * 7, rel=1e-5)
    assert (days.r, days.a, days.b) == pytest.approx((weeks.r, weeks.a, weeks.b), rel=1e-5)
    assert days.log_likelihood == pytest.approx(weeks.log_likelihood - x.sum() * math.log(7), rel=1e-9)


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: case["name"])
def test_counts_that_cannot_be_are_refused_with_all_that_is_wrong(case: dict[str, Any]) -> None:
    with pytest.raises(MailweaveError) as caught:
        bgnbd(case["frequency"], case["recency"], case["T"])
    found = caught.value.diagnostics
    assert {one.code for one in found} == {"MW790"}
    assert len(found) == len(case["says"])
    for says in case["says"]:
        assert any(says in one.message for one in found), says


@pytest.mark.parametrize(
    ("frequency", "recency", "T"),
    [([0, 0, 0], [0, 0, 0], [5, 6, 7]), ([1, 1], [5, 6], [5, 6])],
    ids=["nobody buys again", "nobody ever leaves"],
)
def test_what_data_do_not_determine_is_not_guessed(
    frequency: list[int], recency: list[int], T: list[int]
) -> None:
    with pytest.raises(MailweaveError, match="MW791"):
        bgnbd(frequency, recency, T)


@pytest.mark.parametrize("case", TABLE["purchases"], ids=lambda case: case["name"])
def test_purchases_that_cannot_be_counted_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(MailweaveError) as caught:
        purchase_counts(["ann", "ben"], case["times"], until=case["until"])
    found = [one.message for one in caught.value.diagnostics]
    assert len(found) == len(case["says"])
    for says, message in zip(case["says"], found, strict=True):
        assert says in message


def test_the_dates_of_numpy_are_no_numbers_either() -> None:
    days = np.array(["2026-01-05", "2026-02-02"], dtype="datetime64[D]")
    for times in (days, days - days[0]):
        with pytest.raises(MailweaveError, match="holds dates or durations"):
            purchase_counts(["ann", "ben"], times, until=200)


def test_purchases_outside_of_the_observation_are_not_seen() -> None:
    who, counts = purchase_counts(["b", "a", "b", "b", "c"], [1, 2, 1, 4, 9], until=6)
    assert who.tolist() == ["a", "b"]
    assert [one.tolist() for one in counts] == [[0, 1], [0, 3], [4, 5]]
    with pytest.raises(MailweaveError, match="no purchase lies within"):
        purchase_counts(["a"], [9], until=6)
    with pytest.raises(MailweaveError, match="`buyers` has 2, `times` has 1"):
        purchase_counts(["a", "b"], [9], until=6)


@pytest.mark.parametrize(
    ("buyers", "times", "says"),
    [
        (["a", None], [1, 2], "1 of 2 of `buyers` are missing"),
        (["a", float("nan")], [1, 2], "1 of 2 of `buyers` are missing"),
        (np.ma.array(["a", "b"], mask=[True, False]), [1, 2], "1 of 2 of `buyers` are missing"),
        (["a", 7], [1, 2], "`buyers` holds texts and others"),
        ([["a"], ["b"]], [1, 2], "`buyers` is no row of keys: it has 2 dimensions"),
        (["a", "b"], [1, None], "1 of 2 of `times` are missing or infinite"),
        (
            ["a", "b"],
            np.ma.array([1.0, 2.0], mask=[False, True]),
            "1 of 2 of `times` are missing or infinite",
        ),
    ],
)
def test_what_is_missing_is_told_and_not_counted(buyers: Any, times: Any, says: str) -> None:
    with pytest.raises(MailweaveError) as wrong:
        purchase_counts(buyers, times, until=9)
    assert says in str(wrong.value)

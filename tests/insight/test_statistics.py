"""Statistics of experiments against other packages, published examples, exact sums, and chance itself."""

from __future__ import annotations

import importlib.util
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.diagnostics import ArgumentError
from mailweave.insight import plan
from mailweave.insight.chance_to_win import chance_to_win
from mailweave.insight.corrections import benjamini_hochberg, holm
from mailweave.insight.effects import Effect, effect, is_few, lift, newcombe, standard_error, welch
from mailweave.insight.power import power_of
from mailweave.insight.sample_ratio import MISMATCH, sample_ratio
from mailweave.insight.samples import Amounts, Sample, Share
from mailweave.insight.sequential import always_valid, boundary
from tests.insight import gbstats_answers

GBSTATS = json.loads(gbstats_answers.ANSWERS.read_text("utf-8"))
SHARES = [one for one in GBSTATS if "did" in one]


def samples(one: dict[str, Any]) -> tuple[Sample, Sample]:
    """Control and arm of a case."""
    if "did" in one:
        control, arm = (Share(did, n) for did, n in zip(one["did"], one["of"], strict=True))
        return control, arm
    rows = zip(one["total"], one["squares"], one["of"], strict=True)
    first, second = (Amounts(total, squares, n, n) for total, squares, n in rows)
    return first, second


def flat(found: Effect) -> list[float]:
    return [found.difference, *found.interval, found.p_value]


def test_there_are_two_hundred_experiments_of_gbstats() -> None:
    assert (len(GBSTATS), len(SHARES)) == (200, 100)
    for one, made in zip(GBSTATS, gbstats_answers.experiments(), strict=True):
        assert one == one | made


def test_gbstats_says_the_same_of_each() -> None:
    for one in GBSTATS:
        control, arm = samples(one)
        assert flat(welch(control, arm)) == pytest.approx(one["absolute"], rel=1e-9, abs=1e-12)
        assert flat(lift(control, arm)) == pytest.approx(one["relative"], rel=1e-9, abs=1e-12)
        half = standard_error(control, arm) * boundary(sum(one["of"]), narrowest_at=5000)
        ours = [arm.mean - control.mean - half, arm.mean - control.mean + half]
        assert ours == pytest.approx(one["sequential"], rel=1e-9, abs=1e-12)
        assert sample_ratio(one["of"], [0.5, 0.5]) == pytest.approx(one["srm"], rel=1e-9, abs=1e-12)


@pytest.mark.skipif(
    importlib.util.find_spec("gbstats") is None, reason="needs gbstats, which asks for numpy below 2"
)
@pytest.mark.filterwarnings("ignore:overflow")
def test_gbstats_itself_says_what_is_kept() -> None:
    for one in GBSTATS:
        for name, told in gbstats_answers.answers(one).items():
            assert told == pytest.approx(one[name], rel=1e-9, abs=1e-12)


def test_great_amounts_that_differ_by_little_lose_no_digits() -> None:
    drawn = np.random.default_rng(4)
    sides = [drawn.normal(at, 1, 500) for at in (0.0, 0.3)]

    def found(shift: float) -> float:
        amounts = []
        for side in sides:
            spent = side + shift
            centre = float(spent.mean())
            squares = float(((spent - centre) ** 2).sum())
            amounts.append(Amounts(float(spent.sum()), squares, len(spent), len(spent), centre))
        return welch(*amounts).p_value

    assert found(1e8) == pytest.approx(found(0.0), rel=1e-4)


def test_statsmodels_says_the_same_of_shares() -> None:
    proportion = pytest.importorskip(
        "statsmodels.stats.proportion", reason="needs statsmodels of the extra dev"
    )
    for one in SHARES:
        (d0, d1), (n0, n1) = one["did"], one["of"]
        control, arm = samples(one)
        assert isinstance(control, Share)
        assert isinstance(arm, Share)
        there = proportion.confint_proportions_2indep(d1, n1, d0, n0, method="newcomb", compare="diff")
        assert tuple(newcombe(control, arm)) == pytest.approx(there, rel=1e-9, abs=1e-12)
        _, p_value, _ = proportion.proportions_chisquare([d0, d1], [n0, n1])
        assert effect(control, arm).p_value == pytest.approx(p_value, rel=1e-7, abs=1e-300)


def test_statsmodels_says_the_same_of_amounts() -> None:
    weights = pytest.importorskip(
        "statsmodels.stats.weightstats", reason="needs statsmodels of the extra dev"
    )
    random = np.random.default_rng(7)
    for _ in range(20):
        first, second = (
            random.gamma(random.uniform(0.2, 3), 20, int(random.integers(30, 900))) for _ in "ab"
        )
        mine = effect(*(Amounts(one.sum(), (one**2).sum(), len(one), len(one)) for one in (first, second)))
        there = weights.CompareMeans.from_data(second, first)
        assert list(mine.interval) == pytest.approx(there.tconfint_diff(usevar="unequal"), rel=1e-7)
        assert mine.p_value == pytest.approx(there.ttest_ind(usevar="unequal")[1], rel=1e-7)


def test_statsmodels_corrects_in_the_same_way() -> None:
    multitest = pytest.importorskip(
        "statsmodels.stats.multitest", reason="needs statsmodels of the extra dev"
    )
    random = np.random.default_rng(4)
    for number in range(1, 40):
        p_values = np.round(random.uniform(0, 1, number) ** 3, 3).tolist()  # some of them alike
        assert holm(p_values) == pytest.approx(multitest.multipletests(p_values, method="holm")[1])
        corrected = multitest.multipletests(p_values, method="fdr_bh")[1]
        assert benjamini_hochberg(p_values) == pytest.approx(corrected)


def test_statsmodels_finds_the_same_power() -> None:
    proportion = pytest.importorskip(
        "statsmodels.stats.proportion", reason="needs statsmodels of the extra dev"
    )
    for p0, p1, n0, n1 in ((0.03, 0.033, 20_000, 20_000), (0.2, 0.25, 900, 300), (0.5, 0.4, 150, 400)):
        there = proportion.power_proportions_2indep(
            p1 - p0, p0, n1, ratio=n0 / n1, alpha=0.05, return_results=False
        )
        assert power_of(p0, p1, (n0, n1)) == pytest.approx(there, abs=2e-3)  # it estimates the null otherwise


def test_published_examples() -> None:
    # Newcombe (1998), table II: 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/20; method 10
    for (a, m), (b, n), low, high in (
        ((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0),
    ):  # fmt: skip
        assert tuple(newcombe(Share(b, n), Share(a, m))) == pytest.approx((low, high), abs=6e-5)
    # Fabijan and others, "Diagnosing Sample Ratio Mismatch", KDD 2019: 821,588 and 815,482
    assert sample_ratio([821_588, 815_482], [0.5, 0.5]) == pytest.approx(1.8e-6, rel=0.05)
    # Benjamini and Hochberg (1995), section 3.2: 15 tests, four of them finds, by Bonferroni three
    fifteen = [
        0.0001,
        0.0004,
        0.0019,
        0.0095,
        0.0201,
        0.0278,
        0.0298,
        0.0344,
        0.0459,
        0.324,
        0.4262,
        0.5719,
        0.6528,
        0.759,
        1,
    ]
    assert sum(p <= 0.05 for p in benjamini_hochberg(fifteen)) == 4
    assert sum(p <= 0.05 for p in holm(fifteen)) == 3


def by_sum(control: Share, arm: Share) -> float:
    """P(arm > control) exactly, by E. Miller's sum over one of the two counts."""

    def log_beta(a: float, b: float) -> float:
        return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)

    a0, b0, a1, b1 = control.did + 1, control.of - control.did + 1, arm.did + 1, arm.of - arm.did + 1
    terms = (
        log_beta(a0 + i, b0 + b1) - math.log(b1 + i) - log_beta(1 + i, b1) - log_beta(a0, b0)
        for i in range(a1)
    )
    return math.fsum(map(math.exp, terms))


def test_the_chance_to_win_is_the_exact_one() -> None:
    random = np.random.default_rng(11)
    for _ in range(100):
        n0, n1 = (int(n) for n in np.exp(random.uniform(0, np.log(20_000), 2)))
        base = random.uniform(0, 0.3)
        pair = (
            Share(int(random.binomial(n0, base)), n0),
            Share(int(random.binomial(n1, min(1, base * random.uniform(0.7, 1.4)))), n1),
        )
        assert chance_to_win(*pair) == pytest.approx(by_sum(*pair), abs=1e-8)
    assert chance_to_win(Share(30_000_000, 10**9), Share(30_020_000, 10**9)) == pytest.approx(
        0.9952, abs=1e-3
    )
    assert chance_to_win(Share(0, 0), Share(0, 0)) == 0.5


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300), st.integers(0, 300))
def test_an_effect_turns_around_with_its_arms(a: int, b: int, c: int, d: int) -> None:
    control, arm = Share(a, a + b), Share(c, c + d)
    there, back = effect(control, arm), effect(arm, control)
    assert there.difference == pytest.approx(-back.difference)
    assert list(there.interval) == pytest.approx([-end for end in reversed(back.interval)])
    assert there.p_value == pytest.approx(back.p_value)
    assert there.interval.low <= there.difference <= there.interval.high
    assert chance_to_win(control, arm) + chance_to_win(arm, control) == pytest.approx(1, abs=1e-8)
    assert list(always_valid(control, arm)) == pytest.approx(
        [-e for e in reversed(always_valid(arm, control))]
    )


def test_what_says_nothing_is_called_nothing() -> None:
    nobody, nothing = Share(0, 0), Amounts(0.0, 0.0, 50, 0)
    assert effect(nobody, Share(3, 9)).p_value == 1
    assert tuple(effect(nobody, Share(3, 9)).interval) == (-1, 1)
    assert effect(nothing, nothing).p_value == 1
    assert math.isinf(lift(Share(0, 50), Share(9, 50)).interval.high)
    assert is_few(Share(1, 5000), Share(2, 5000))
    assert not is_few(Share(1, 5000), Share(20, 5000))
    assert is_few(Amounts(9.0, 9.0, 5000, 29), Amounts(9.0, 9.0, 5000, 400))


# ---- before the start


@pytest.mark.parametrize("split", [(50, 50), (80, 20), (40, 30, 30)])
def test_a_plan_is_the_same_from_all_three_sides(split: tuple[float, ...]) -> None:
    wanted = plan(0.04, lift=0.15, power=0.9, split=split)
    assert plan(0.04, lift=0.15, recipients=wanted.total, split=split).power == pytest.approx(0.9, abs=2e-3)
    assert (
        plan(0.04, recipients=wanted.total - 1, split=split).total == wanted.total - 1
    )  # nobody twice, nobody lost
    assert plan(0.04, recipients=wanted.total, power=0.9, split=split).lift == pytest.approx(0.15, rel=2e-3)


def test_a_plan_keeps_its_promise() -> None:
    random, found = np.random.default_rng(2), plan(0.1, lift=0.2, power=0.8)
    control, arm = (random.binomial(n, p, 4000) for n, p in zip(found.recipients, (0.1, 0.12), strict=True))
    n0, n1 = found.recipients
    hits = sum(
        effect(Share(int(a), n0), Share(int(b), n1)).p_value < 0.05 for a, b in zip(control, arm, strict=True)
    )
    assert hits / 4000 == pytest.approx(0.8, abs=4 * (0.8 * 0.2 / 4000) ** 0.5)


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("baseline", {"baseline": 1.3, "lift": 0.1}), ("baseline", {"baseline": 0, "lift": 0.1}),
        ("lift", {"baseline": 0.1}), ("lift", {"baseline": 0.1, "lift": 0}), ("lift", {"baseline": 0.6, "lift": 0.9}),
        ("power", {"baseline": 0.1, "lift": 0.1, "power": 1}), ("split", {"baseline": 0.1, "lift": 0.1, "split": (100,)}),
        ("split", {"baseline": 0.1, "lift": 0.1, "split": (100, 0)}), ("recipients", {"baseline": 0.1, "recipients": 3}),
        ("recipients", {"baseline": 0.1, "recipients": 5}),
    ],
)  # fmt: skip
def test_what_no_experiment_can_have_is_refused(field: str, asked: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match=f"MW797 {field}"):
        plan(**asked)


# ---- experiments without an effect


def false_alarms(tests: int, seed: int) -> float:
    """How often chi-squared finds something in two equal arms."""
    random = np.random.default_rng(seed)
    pairs = random.binomial(3000, 0.12, (tests, 2))
    return sum(effect(Share(int(a), 3000), Share(int(b), 3000)).p_value < 0.05 for a, b in pairs) / tests


def false_alarms_in_amounts(tests: int, seed: int) -> float:
    """How often Welch's t does, where a tenth spends something."""
    random, found = np.random.default_rng(seed), 0
    for _ in range(tests):
        spent = random.gamma(2, 20, (2, 1500)) * (random.random((2, 1500)) < 0.1)
        pair = [Amounts(one.sum(), (one**2).sum(), 1500, int((one > 0).sum())) for one in spent]
        found += effect(*pair).p_value < 0.05
    return found / tests


def alarms_of_daily_looks(
    tests: int, seed: int, *, at_once: bool, days: int = 28, interval: Any = always_valid
) -> float:
    """How often somebody who looks every day ever finds something in two equal arms.

    at_once: a list of 5,000 an arm is sent on the first day, and clicks come in, ever fewer; else 300 an arm are sent
    every day and click on that day.
    """
    random, found = np.random.default_rng(seed), 0
    for _ in range(tests):
        if at_once:
            waiting = random.exponential(5, (2, 5000)) + random.exponential(1e3, (2, 5000)) * (
                random.random((2, 5000)) > 0.1
            )
            did = np.array([(waiting < day).sum(axis=1) for day in range(1, days + 1)])
            of = np.full(days, 5000)
        else:
            did = random.binomial(300, 0.1, (days, 2)).cumsum(axis=0)
            of = 300 * np.arange(1, days + 1)
        looks = (
            interval(Share(int(a), int(n)), Share(int(b), int(n))) for (a, b), n in zip(did, of, strict=True)
        )
        found += any(one.above or one.below for one in looks)
    return found / tests


def within(share: float, tests: int) -> bool:
    """Whether it lies as near to 5 % as binomial chance would have it, in 999 of 1000 cases."""
    return abs(share - 0.05) < 3.29 * math.sqrt(0.05 * 0.95 / tests)


def test_a_thousand_experiments_without_an_effect() -> None:
    assert within(false_alarms(1000, 1), 1000)
    assert within(false_alarms_in_amounts(1000, 1), 1000)
    assert alarms_of_daily_looks(1000, 1, at_once=False) <= 0.05
    assert alarms_of_daily_looks(200, 1, at_once=True) <= 0.05


def test_whoever_looks_daily_with_intervals_for_one_look_finds_far_too_much() -> None:
    assert alarms_of_daily_looks(300, 1, at_once=False, interval=newcombe) > 0.15


@pytest.mark.deep
def test_ten_thousand_experiments_without_an_effect() -> None:
    assert within(false_alarms(10_000, 2), 10_000)
    assert within(false_alarms_in_amounts(10_000, 2), 10_000)


@pytest.mark.deep
@pytest.mark.parametrize("at_once", [False, True])
def test_ten_thousand_experiments_without_an_effect_looked_at_daily(at_once: bool) -> None:
    assert alarms_of_daily_looks(10_000, 2, at_once=at_once) <= 0.05


@pytest.mark.deep
def test_arms_of_declared_sizes_are_called_mismatched_as_rarely_as_promised() -> None:
    random = np.random.default_rng(3)
    drawn = random.multinomial(5000, (0.5, 0.3, 0.2), 10_000)
    share = np.mean([sample_ratio([int(n) for n in one], (0.5, 0.3, 0.2)) < MISMATCH for one in drawn])
    assert share < MISMATCH + 4 * (MISMATCH / 10_000) ** 0.5

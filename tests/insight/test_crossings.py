"""Two experiments at once: cells against the campaign's own decisions, interactions against statsmodels, chance itself."""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mailweave import Campaign
from mailweave.decisions import Selection
from mailweave.insight import results
from mailweave.insight.corrections import holm
from mailweave.insight.crossings import Crossing, Pair, independence, interaction
from mailweave.insight.results_json import as_json
from mailweave.insight.results_page import page
from mailweave.insight.samples import Amounts, Sample, Share
from tests.insight.conftest import PEOPLE, SENT, person

PAIR = Pair(("a", "b"), ("warm", "short"))


def four(make: Callable[[int], Sample]) -> tuple[Sample, Sample, Sample, Sample]:
    return make(0), make(1), make(2), make(3)


def test_cells_are_those_of_the_campaign(
    sent: Callable[[str], Path], campaign: Campaign, events: str
) -> None:
    found = results(campaign, sent("parquet"), [events])
    drawn = [campaign.select(person(number), now=SENT) for number in range(PEOPLE)]
    arms = [one.arms for one in drawn if isinstance(one, Selection)]
    pairs = {crossing.experiments: crossing for crossing in found.crossings}
    assert set(pairs) == {("length", "warmth"), ("length", "wrapping"), ("warmth", "wrapping")}
    for (one, other), crossing in pairs.items():
        names = {trial.name: [arm.name for arm in trial.arms] for trial in found.trials}
        both = Counter((each[one], each[other]) for each in arms if one in each and other in each)
        assert crossing.sizes == tuple(tuple(both[a, b] for b in names[other]) for a in names[one])
        assert crossing.is_independent
        for two in crossing.interactions:
            first, second = (arms[0] for arms in (names[one], names[other]))
            cells = [(first, second), (two.pair.arms[0], second), (first, two.pair.arms[1]), two.pair.arms]
            assert [sample.of for sample in two.samples] == [both[cell] for cell in cells]


def test_the_interactions_of_a_metric_are_corrected_together(
    sent: Callable[[str], Path], campaign: Campaign, events: str
) -> None:
    found = results(campaign, sent("parquet"), [events])
    for metric in ("click", "revenue"):
        family = [
            one for crossing in found.crossings for one in crossing.interactions if one.metric == metric
        ]
        assert len(family) == 5
        assert [one.adjusted for one in family] == holm([one.effect.p_value for one in family])


@pytest.mark.skipif(importlib.util.find_spec("statsmodels") is None, reason="statsmodels is not installed")
@pytest.mark.parametrize("seed", range(25))
def test_interactions_are_those_of_a_regression_with_robust_errors(seed: int) -> None:
    """A saturated model has the means of the cells; HC2 has their variances, HC0 those of shares, without n - 1."""
    import statsmodels.api as sm

    drawn = np.random.default_rng(seed)
    cell = np.repeat(np.arange(4), drawn.integers(40, 900, 4))
    columns = np.column_stack([np.ones(len(cell)), cell % 2, cell // 2, (cell % 2) * (cell // 2)])
    is_share = seed % 2 == 0
    rates = drawn.uniform(0.05, 0.5, 4)
    y = (drawn.random(len(cell)) < rates[cell]).astype(float)
    if not is_share:
        y *= drawn.gamma(2, 20, len(cell))

    def sample(place: int) -> Sample:
        of = y[cell == place]
        if is_share:
            return Share(int(of.sum()), len(of))
        return Amounts(of.sum(), (of**2).sum(), len(of), int((of > 0).sum()))

    found = interaction(PAIR, "click" if is_share else "revenue", four(sample))
    fitted = sm.OLS(y, columns).fit(cov_type="HC0" if is_share else "HC2", use_t=True)
    assert found.effect.difference == pytest.approx(fitted.params[3], rel=1e-9)
    half = (found.effect.interval.high - found.effect.interval.low) / 2
    assert half == pytest.approx(1.96 * fitted.bse[3], rel=0.03)  # Welch's degrees, not those of all rows
    assert found.effect.p_value == pytest.approx(fitted.pvalues[3], abs=0.01)


def test_effects_that_add_up_are_called_dependent_as_often_as_chance_has_it() -> None:
    drawn, told = np.random.default_rng(7), 0
    for _ in range(4_000):
        cells = four(lambda place: Share(int(drawn.binomial(800, (0.1, 0.14, 0.2, 0.24)[place])), 800))
        told += interaction(PAIR, "click", cells).depends
    assert 160 <= told <= 245  # 5 % of 4,000, within three standard errors


def test_an_effect_that_turns_is_found_and_too_few_are_not_judged() -> None:
    turned = interaction(PAIR, "click", four(lambda place: Share((100, 160, 100, 60)[place], 1_000)))
    assert turned.depends
    assert turned.effect.difference == pytest.approx(-0.1)
    assert turned.effect.interval.below
    few = interaction(PAIR, "click", four(lambda place: Share((0, 9, 9, 0)[place], 20)))
    assert (few.few, few.depends) == (True, False)


def test_independence_is_that_of_a_contingency_table() -> None:
    from scipy.stats import chi2_contingency

    for sizes in ([[50, 70], [60, 41]], [[5, 5, 9], [8, 7, 30]]):
        assert independence(sizes) == pytest.approx(chi2_contingency(sizes, correction=False).pvalue)
    assert independence([[300, 0], [0, 300]]) < 1e-9
    assert not Crossing(
        ("a", "b"), ((300, 0), (0, 300)), independence([[300, 0], [0, 300]]), ()
    ).is_independent


def test_one_salt_for_two_is_seen_in_what_was_sent(
    sent: Callable[[str], Path], campaign: Campaign, events: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is in an arm of the one is in the same arm of the other; neither is then said to depend on the other."""
    from mailweave.insight import campaign_results, experiment_arms

    told = experiment_arms.arms

    def alike(*asked: object) -> object:
        found = told(*asked)  # type: ignore[arg-type]
        warm = next(one for one in found if one.name == "warmth")
        return [warm, *(each for each in (_twin(warm, one) for one in found if one.name == "wrapping"))]

    monkeypatch.setattr(campaign_results, "arms", alike)
    found = results(campaign, sent("parquet"), [events])
    assert [one.code for one in found.diagnostics if one.code in ("MW786", "MW787")] == ["MW786"]
    assert "not drawn independently" in page(found, "x")
    assert json.loads(as_json(found))["crossings"][0]["independence"]["trusted"] is False


def _twin(one: object, other: object) -> object:
    from dataclasses import replace

    names = dict(zip(one.names, other.names, strict=True))  # type: ignore[attr-defined]
    of = [names.get(arm, arm) for arm in one.of]  # type: ignore[attr-defined]
    return replace(other, of=of)  # type: ignore[type-var]

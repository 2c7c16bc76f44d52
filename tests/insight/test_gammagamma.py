"""The gamma-gamma model: the published estimates, another package's, and simulation."""

from __future__ import annotations

import numpy as np
import pytest

from mailweave.diagnostics import MailweaveError
from mailweave.insight import gammagamma
from tests.insight.cdnow import lifetimes


def test_the_published_sample_gives_the_published_estimates() -> None:
    sample = lifetimes("datasets").load_cdnow_summary_data_with_monetary_value()
    model = gammagamma(sample["frequency"], sample["monetary_value"])
    assert (model.p, model.q, model.v) == pytest.approx((6.25, 3.74, 15.44), rel=2e-3)  # note 025, section 4


@pytest.mark.filterwarnings("ignore")  # of lifetimes: old calls of numpy and pandas
def test_lifetimes_gives_the_same() -> None:
    sample = lifetimes("datasets").load_cdnow_summary_data_with_monetary_value()
    bought = sample[sample["frequency"] > 0]
    other = lifetimes().GammaGammaFitter()
    other.fit(bought["frequency"], bought["monetary_value"])
    model = gammagamma(bought["frequency"], bought["monetary_value"])
    for name, row in other.summary.iterrows():
        assert getattr(model, name) == pytest.approx(row["coef"], rel=1e-3)
        assert getattr(model.standard_errors, name) == pytest.approx(row["se(coef)"], rel=1e-3)
    there = other.conditional_expected_average_profit(bought["frequency"], bought["monetary_value"])
    ours = model.mean_value(bought["frequency"], bought["monetary_value"])
    assert ours == pytest.approx(there.to_numpy(), rel=1e-3)


def test_what_was_drawn_is_found_again() -> None:
    random = np.random.default_rng(3)
    orders = random.integers(1, 9, 20_000)
    amounts = random.gamma(5 * orders, 1 / (random.gamma(4.5, 1 / 20, 20_000) * orders))
    model = gammagamma(orders, amounts)
    for found, drawn, error in zip(
        (model.p, model.q, model.v), (5, 4.5, 20), model.standard_errors, strict=True
    ):
        assert abs(found - drawn) < 4 * error


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(MailweaveError) as caught:
        gammagamma([1.5, float("nan")], [-3, 1])
    assert [one.message for one in caught.value.diagnostics] == [
        "these purchase counts cannot be used: 1 of 2 of `frequency` are missing or infinite",
        "these purchase counts cannot be used: 1 of 2 of `monetary_value` are negative",
    ]
    with pytest.raises(MailweaveError, match="not whole numbers"):
        gammagamma([1.5], [3])
    with pytest.raises(MailweaveError, match=r"MW791.*amounts of 10 recipients"):
        gammagamma([1, 0], [3, 4])
    with pytest.raises(MailweaveError, match=r"MW791.*no maximum"):
        gammagamma([2] * 12, [5.0] * 12)

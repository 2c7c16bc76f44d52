"""What sources fill is what the same data would do that a caller gives: in rules, in mails, in explanations."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.campaign import Campaign
from mailweave.decisions import Skip
from mailweave.delivery.sources import Fetcher, Sources
from tests.delivery.sources.server import Site, site
from tests.delivery.sources.shop import ANN, NOW, compiled

AT = "2026-11-22T08:59:00Z"
CLOCK = 1_795_337_940_000_000
RATIOS = st.none() | st.floats(0, 1)
COUNTS = st.none() | st.integers(0, 9)
KEYS = st.none() | st.lists(st.sampled_from(["CD-1", "CD-2", "CD-3"]), max_size=5)


@pytest.fixture(scope="module")
def there() -> Iterator[Site]:
    with site({}) as found:
        yield found


@pytest.fixture(scope="module")
def campaign(there: Site) -> Campaign:
    fills = {"churn": "scores.churn", "stock": "lookups.stock", "picks": "lists.for_you"}
    start = f"http://127.0.0.1:{there.port}"
    return compiled(
        {
            name: {"url": f"{start}/{name}", "fills": one, "pick": "it", "timeout": "5s"}
            for name, one in fills.items()
        }
    )


def by_hand(churn: Any, stock: Any, picks: Any, own: Any) -> tuple[Any, Any]:
    """The profile and the context of a caller who knows it all."""
    profile: dict[str, Any] = {**ANN}
    if churn is not None:
        profile["scores"] = {"churn": {"value": churn, "at": AT}}
    if picks is not None:
        profile["lists"] = {"for_you": picks}
    rows = {} if stock is None else {"CD-1": {"value": stock, "at": AT}}
    table = {**own["lookups"]["stock"], **rows}
    return profile, {"lookups": {**own["lookups"], "stock": table}}


@given(RATIOS, COUNTS, KEYS)
def test_it_is_the_same_as_by_hand(
    there: Site, campaign: Campaign, churn: float | None, stock: int | None, picks: list[str] | None
) -> None:
    values = {"churn": churn, "stock": stock, "picks": picks}
    there.answers |= {name: {"answer": json.dumps({"it": value})} for name, value in values.items()}
    sources = Sources.of(campaign, fetcher=Fetcher(clock=lambda: CLOCK))
    profile, about = asyncio.run(sources.resolve(ANN, now=NOW))
    mine, context = by_hand(churn, stock, picks, campaign.context)
    assert profile == mine
    asked, told = (
        campaign.render(profile, now=NOW, context=about),
        campaign.render(mine, now=NOW, context=context),
    )
    assert not isinstance(asked, Skip)
    assert not isinstance(told, Skip)
    assert asked == told
    assert campaign.select(profile, now=NOW, context=about) == campaign.select(mine, now=NOW, context=context)
    why = [
        campaign.explain(one, now=NOW, context=two).to_json()
        for one, two in ((profile, about), (mine, context))
    ]
    assert why[0] == why[1]

"""The sources of docs/campaign.md are good ones, and docs/service.md says the limits that are."""

from __future__ import annotations

import re
import tomllib
from typing import get_args

from mailweave.delivery.sources import asking, failures, fetching
from mailweave.values.plain_data import DEEPEST
from tests.delivery.service.asking import ROOT
from tests.delivery.sources.shop import compiled

CAMPAIGN = (ROOT / "docs" / "campaign.md").read_text(encoding="utf-8")
SERVICE = (ROOT / "docs" / "service.md").read_text(encoding="utf-8").partition("## Sources")[2]


def test_the_example_compiles() -> None:
    (text,) = re.findall(r"^```toml sources\n(.*?)^```$", CAMPAIGN, re.M | re.S)
    given = tomllib.loads(text)["sources"]
    assert [one.name for one in compiled(given).sources] == ["churn", "picks"]


def test_the_page_names_the_limits_and_all_that_is_counted() -> None:
    for limit in (
        (asking.MOST_BYTES >> 10, "256 KB"),
        (fetching.MOST_KEPT >> 20, "16 MB"),
        (DEEPEST - 1, "63 levels"),
    ):
        assert str(limit[0]) in limit[1]
        assert limit[1] in " ".join(SERVICE.split())
    assert all(f"`{why}`" in SERVICE for why in get_args(failures.Why))
    outcomes = ("fetched", "kept", "given", "not_asked", "else", "failed")
    assert all(f"`{outcome}`" in SERVICE for outcome in outcomes)

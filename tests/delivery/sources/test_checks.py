"""What `check` says of sources."""

from __future__ import annotations

import tomllib

import pytest

from mailweave.diagnostics import Severity
from tests.delivery.service.asking import ROOT
from tests.delivery.sources.shop import checked

CASES = tomllib.loads((ROOT / "fixtures/delivery/sources/checks.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_check_says_what_is_wrong_with_a_source(name: str) -> None:
    case = CASES[name]
    campaign, found = checked(case["sources"], case.get("rules", ("", "")))
    wrong = [one for one in found if one.severity is Severity.ERROR]
    assert [one.code for one in wrong] == case["codes"]
    assert (campaign is None) == bool(wrong)
    assert all(str(one.location).partition(":")[0].endswith("campaign.toml") for one in wrong)
    assert case.get("help", "") in "".join(one.help for one in wrong)


def test_what_a_source_reads_is_read() -> None:
    url = "https://api.example.com/{{ profile.country | default: 'IE' }}"
    campaign, found = checked({"churn": {"url": url, "fills": "scores.churn"}})
    assert campaign is not None
    assert not any("profile.country" in one.message for one in found)
    assert "country" in str(campaign.contract())

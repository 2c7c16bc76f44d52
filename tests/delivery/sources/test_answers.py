"""What a source may answer, case by case; what is asked, and how often."""

from __future__ import annotations

import asyncio
import logging
import tomllib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from mailweave.delivery.sources import Fetcher, Outcome, Sources
from mailweave.delivery.sources import fetching as fetching_module
from mailweave.rules.context import looked_up
from tests.delivery.service.asking import ROOT
from tests.delivery.sources.server import Site, site
from tests.delivery.sources.shop import ANN, NOW, compiled

CASES = tomllib.loads((ROOT / "fixtures/delivery/sources/cases.toml").read_text(encoding="utf-8"))
MINUTE = 60_000_000


@pytest.fixture(scope="module")
def running() -> Iterator[Site]:
    with site({**CASES, "stock": {"answer": "4"}, "list": {"answer": '["CD-2", "CD-9", "CD-1"]'}}) as found:
        yield found


@pytest.fixture
def there(running: Site) -> Site:
    running.asked.clear()
    return running


def churn(there: Site, path: str, **settings: Any) -> dict[str, dict[str, Any]]:
    return {
        "churn": {"url": f"http://127.0.0.1:{there.port}/{path}", "fills": "scores.churn"}
        | {"timeout": "5s"}
        | settings
    }


def resolved(sources: Sources, profile: Any = ANN, **more: Any) -> tuple[Any, Any]:
    async def run() -> tuple[Any, Any]:
        try:
            return await sources.resolve(profile, now=NOW, **more)
        finally:
            await sources.fetcher.aclose()

    return asyncio.run(run())


@pytest.mark.parametrize("name", CASES)
def test_an_answer_is_taken_or_counted(
    name: str, there: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(fetching_module, "_FIRST_PAUSE", 0.001)
    case = CASES[name]
    sources = Sources.of(compiled(churn(there, name, **case.get("settings", {}))))
    given = dict(ANN)
    profile, context = resolved(sources, given)
    assert given == ANN
    assert context.given == sources.campaign.context
    assert sources.counts == {Outcome("churn", case["outcome"], case.get("why", "")): 1}
    if "value" in case:
        assert profile["scores"]["churn"]["value"] == case["value"]
    else:
        assert "scores" not in profile
    assert len(there.asked) == case.get("asked", 1) or case.get("why") == "time"
    assert "127.0.0.1" not in caplog.text


def test_a_lookup_is_filled_for_the_key_that_the_rules_read(there: Site) -> None:
    url = f"http://localhost:{there.port}/stock"
    sources = Sources.of(compiled({"stock": {"url": url, "fills": "lookups.stock", "timeout": "5s"}}))
    _, about = resolved(sources)
    assert looked_up(about.ready.lookups["stock"], "CD-1")["value"] == 4  # type: ignore[index]  # dated
    assert about.data["lookups"]["stock"] == {"CD-1": 4, "CD-2": 0}


def test_the_key_of_a_lookup_may_be_an_attribute(there: Site) -> None:
    mine = {
        "stock": {"url": f"http://127.0.0.1:{there.port}/stock", "fills": "lookups.stock", "timeout": "5s"}
    }
    sources = Sources.of(compiled(mine, ('stock("CD-1") > 0', "stock(name) > 0")))
    _, about = resolved(sources)
    assert about.data["lookups"]["stock"]["Ann"] == 4
    _, about = resolved(sources, {name: one for name, one in ANN.items() if name != "first-name"})
    assert about.data["lookups"]["stock"] == {"CD-1": 3, "CD-2": 0}
    assert sources.counts == {Outcome("stock", "fetched"): 1, Outcome("stock", "not_asked"): 1}
    assert len(there.asked) == 1


def test_a_list_is_filled_with_keys(there: Site) -> None:
    url = f"http://127.0.0.1:{there.port}/list"
    sources = Sources.of(compiled({"picks": {"url": url, "fills": "lists.for_you", "timeout": "5s"}}))
    profile, _ = resolved(sources)
    assert profile["lists"] == {"for_you": ["CD-2", "CD-9", "CD-1"]}


@pytest.mark.parametrize(
    ("profile", "outcome"),
    [
        ({"scores": {"churn": 0.3}}, "given"),
        ({"scores": {"churn": {"value": 0.3, "at": "2026-11-22T06:00Z"}}}, "given"),
        ({"scores": {"churn": None}}, "fetched"),
        ({"scores": {"other": 1}}, "fetched"),
    ],
)
def test_what_the_caller_gave_stays(there: Site, profile: dict[str, Any], outcome: str) -> None:
    sources = Sources.of(compiled(churn(there, "bare")))
    found, _ = resolved(sources, {**ANN, **profile})
    assert [one.outcome for one in sources.counts] == [outcome]
    assert len(there.asked) == (outcome == "fetched")
    assert outcome == "fetched" or found["scores"] == profile["scores"]


def test_a_row_of_the_callers_context_stays_and_one_of_the_campaigns_own_does_not(there: Site) -> None:
    url = f"http://127.0.0.1:{there.port}/stock"
    sources = Sources.of(compiled({"stock": {"url": url, "fills": "lookups.stock", "timeout": "5s"}}))
    given = {"lookups": {"stock": {"CD-1": 9}}}
    _, about = resolved(sources, context=given)
    assert about.data["lookups"] == given["lookups"]
    _, about = resolved(sources, context=sources.campaign.snapshot(given))
    assert about.data["lookups"]["stock"] == {"CD-1": 9}
    _, about = resolved(sources, context={"weather": "dry"})
    assert about.data["lookups"]["stock"]["CD-1"] == 4
    assert about.data["weather"] == "dry"
    assert [one.outcome for one in sources.counts.elements()] == ["given", "given", "fetched"]


@pytest.mark.parametrize(("settings", "score"), [({}, None), ({"else": 0.5}, 0.5)])
def test_who_has_not_agreed_is_told_to_nobody(there: Site, settings: Any, score: Any) -> None:
    mine = churn(there, "bare/{{ profile.email }}", needs="consent.profiling", **settings)
    sources = Sources.of(compiled(mine))
    profile, _ = resolved(sources)
    assert sources.counts == {Outcome("churn", "not_asked"): 1}
    assert not there.asked
    assert profile.get("scores", {}).get("churn", {}).get("value") == score
    agreed = {**ANN, "consent": {"marketing": True, "profiling": True}}
    profile, _ = resolved(sources, agreed)
    assert there.paths == ["/bare/ann%40example.com"]


def test_values_are_encoded_for_their_place_and_lead_nowhere_else(there: Site) -> None:
    mine = churn(there, "bare/{{ profile.zone_name }}?v={{ profile.id }}")
    sources = Sources.of(compiled(mine))
    resolved(sources, {**ANN, "id": "a/b?c=d&e#f", "zone_name": "Europe/Paris"})
    assert there.paths == ["/bare/Europe%2FParis?v=a%2Fb%3Fc%3Dd%26e%23f"]
    there.asked.clear()
    mine = churn(there, "bare/{{ profile.id }}/x")
    sources = Sources.of(compiled(mine))
    resolved(sources, {**ANN, "id": ".."})
    assert not there.asked
    assert sources.counts == {Outcome("churn", "failed", "url"): 1}


def test_bad_data_is_sent_nowhere(there: Site) -> None:
    sources = Sources.of(compiled(churn(there, "bare")))
    bad = {**ANN, "orders": "3"}
    assert resolved(sources, bad) == (bad, None)
    assert resolved(sources, events=[{"type": "open", "at": "yesterday"}]) == (ANN, None)
    assert not there.asked


def test_all_who_wait_share_one_answer(there: Site) -> None:
    sources = Sources.of(compiled(churn(there, "bare?zone={{ profile.zone_name | default: '-' }}")))

    async def many() -> list[Any]:
        people = [{**ANN, "id": str(at), "zone_name": ("UTC", "Europe/Paris")[at % 2]} for at in range(50)]
        return await asyncio.gather(*(sources.resolve(one, now=NOW) for one in people))

    found = asyncio.run(many())
    assert {profile["scores"]["churn"]["value"] for profile, _ in found} == {0.25}
    assert sorted(there.paths) == ["/bare?zone=Europe%2FParis", "/bare?zone=UTC"]
    assert sources.counts == {Outcome("churn", "fetched"): 2, Outcome("churn", "kept"): 48}


def test_who_goes_away_leaves_the_others_their_answer(there: Site) -> None:
    sources = Sources.of(compiled(churn(there, "slow")))

    async def two() -> Any:
        first = asyncio.create_task(sources.resolve(ANN, now=NOW))
        second = asyncio.create_task(sources.resolve(ANN, now=NOW))
        await asyncio.sleep(0.1)
        first.cancel()
        return await second

    profile, _ = asyncio.run(two())
    assert profile["scores"]["churn"]["value"] == 0.9
    assert len(there.asked) == 1


@pytest.mark.parametrize(("ttl", "passed", "asked"), [("10m", 599, 1), ("10m", 600, 2), ("0s", 0, 2)])
def test_an_answer_is_kept_as_long_as_its_author_says(there: Site, ttl: str, passed: int, asked: int) -> None:
    clock = [int(NOW.timestamp()) * 1_000_000]
    fetcher = Fetcher(clock=lambda: clock[0])
    sources = Sources.of(compiled(churn(there, "bare", ttl=ttl)), fetcher=fetcher)
    first, _ = resolved(sources)
    clock[0] += passed * 1_000_000
    second, _ = resolved(sources)
    assert len(there.asked) == asked
    assert first["scores"]["churn"]["at"] == "2026-11-22T09:00:00Z"
    assert (second["scores"]["churn"]["at"] == first["scores"]["churn"]["at"]) == (asked == 1 or not passed)


def test_what_was_not_asked_for_longest_goes_where_there_is_no_room(
    there: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching_module, "MOST_KEPT", 2 * 1024 + 100)
    sources = Sources.of(compiled(churn(there, "bare/{{ profile.id }}", ttl="1d")))
    for key in ("1", "2", "1", "3", "1", "2"):
        resolved(sources, {**ANN, "id": key})
    assert there.paths == ["/bare/1", "/bare/2", "/bare/3", "/bare/2"]


def test_a_token_is_sent_and_without_one_nobody_is_asked(
    there: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = Sources.of(compiled(churn(there, "bare", bearer="CHURN_TOKEN")))
    monkeypatch.delenv("CHURN_TOKEN", raising=False)
    resolved(sources)
    assert not there.asked
    monkeypatch.setenv("CHURN_TOKEN", "s3cret")
    resolved(sources)
    ((_, headers),) = there.asked
    assert headers["authorization"] == "Bearer s3cret"
    assert "cookie" not in headers
    assert sources.counts == Counter([Outcome("churn", "failed", "bearer"), Outcome("churn", "fetched")])

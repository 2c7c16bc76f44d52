"""`explain`, `select`, `render` and `render_many` give one answer, over recipients of the demo and what is near them."""

from __future__ import annotations

import random
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from mailweave import Campaign, Email, Environment, Selection, Skip
from mailweave.batch.sources import Recipient, Recipients

ROOT = Path(__file__).resolve().parents[2]
Asked = tuple[dict[str, Any], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def demo() -> Campaign:
    return Environment().compile(ROOT / "fixtures/campaigns/cdnow-winback")


@pytest.fixture(scope="module")
def listed() -> list[Recipient]:
    folder = ROOT / "fixtures/cdnow"
    return list(islice(Recipients(folder / "profiles.parquet", folder / "events.parquet"), 2000))


def near(one: Recipient, other: Recipient, chance: random.Random) -> Asked:
    """A recipient with some of another one's data, or none, or data that breaks the schema."""
    profile = dict(one.profile)
    for name in chance.sample(sorted(profile), 3):
        if name != "id":
            profile[name] = chance.choice([other.profile.get(name), None, profile[name], 7, "x"])
    events = [dict(event) for event in chance.choice([one.events, other.events, ()])]
    chance.shuffle(events)
    return profile, events


def agree(campaign: Campaign, profile: dict[str, Any], events: list[dict[str, Any]], **more: Any) -> str:
    select = campaign.select(profile, events=events, **more)
    story = campaign.explain(profile, events=events, **more)
    email = campaign.render(profile, events=iter(events), **more)
    (many,) = campaign.render_many([profile], events=[events], **more)
    assert many == email
    if isinstance(select, Skip):
        assert story.skip is not None
        assert (story.skip.code, story.skip.reason) == (select.code, select.reason)
        assert email == select
        return select.code
    assert isinstance(select, Selection)
    assert story.skip is None
    assert {slot.name: slot.chosen for slot in story.slots} == select.blocks
    if isinstance(email, Skip):  # decided, and then there is no address to write to
        assert email.code == "bad_data"
        return "no_address"
    assert isinstance(email, Email)
    assert email.selection == select.blocks
    return "mail"


def all_agree(campaign: Campaign, listed: list[Recipient], count: int) -> None:
    chance = random.Random(7)
    context = campaign.snapshot({"lookups": {"stock": {"CD-0007": 0}}})
    met = set()
    for _ in range(count):
        one, other = chance.sample(listed, 2)
        met.add(agree(campaign, one.profile, list(one.events)))
        profile, events = near(one, other, chance)
        met.add(agree(campaign, profile, events, context=chance.choice([None, context, {"lookups": {}}])))
    assert {"mail", "bad_data"} <= met


def test_one_truth(demo: Campaign, listed: list[Recipient]) -> None:
    all_agree(demo, listed, 60)


@pytest.mark.deep
def test_one_truth_for_many(demo: Campaign, listed: list[Recipient]) -> None:
    all_agree(demo, listed, 2000)


def test_one_truth_for_the_smallest_campaign() -> None:
    campaign = Environment().compile(ROOT / "fixtures/campaigns/smallest")
    overs: tuple[dict[str, Any], ...] = (
        {},
        {"consent": {}},
        {"email": None},
        {"email": 7},
        {"email": "no address"},
        {"first_name": ""},
    )
    for over in overs:
        agree(campaign, {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}, **over}, [])

"""Many recipients in one process: in order, one at a time, failures as values."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from mailweave import Campaign, Email, Environment, Failure, Skip
from mailweave.batch.sources import Recipients

ROOT = Path(__file__).resolve().parents[2]
SMALLEST, CDNOW = ROOT / "fixtures/campaigns/smallest", ROOT / "fixtures/campaigns/cdnow-winback"
SECRET = "zoe-the-secret"


def person(number: int, **more: Any) -> dict[str, Any]:
    base = {"id": str(number), "email": f"p{number}@example.com", "consent": {"marketing": True}}
    return {**base, "first_name": f"P{number}", **more}


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return Environment().compile(SMALLEST)


@pytest.fixture
def strict(tmp_path: Path) -> Campaign:
    """Its templates fail for whoever has no first name."""
    shutil.copytree(SMALLEST, tmp_path / "strict")
    settings, rules = tmp_path / "strict/campaign.toml", tmp_path / "strict/main.rules"
    plain = "{{ profile.first_name }}"
    for file in (settings, rules):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("{{ profile.first_name | default: 'friend' }}", plain))
    settings.write_text('undefined = "strict"\n' + settings.read_text(encoding="utf-8"))
    return Environment().compile(tmp_path / "strict")


def test_answers_come_in_order_and_equal_those_of_render(campaign: Campaign) -> None:
    people = [person(1), person(2, consent={}), person(3, first_name=7), person(4)]
    found = list(campaign.render_many(people))
    assert found == [campaign.render(one) for one in people]
    assert [type(one) for one in found] == [Email, Skip, Skip, Email]


def test_a_profile_is_taken_when_its_answer_is_asked_for(campaign: Campaign) -> None:
    taken = []

    def profiles() -> Iterator[dict[str, Any]]:
        for number in range(10**9):
            taken.append(number)
            yield person(number)

    answers = campaign.render_many(profiles())
    assert taken == []
    assert [one.key for one in islice(answers, 2) if isinstance(one, Email)] == ["0", "1"]
    assert taken == [0, 1]


def test_events_are_given_by_key_or_in_step() -> None:
    campaign = Environment().compile(CDNOW)
    everybody = Recipients(ROOT / "fixtures/cdnow/profiles.parquet", ROOT / "fixtures/cdnow/events.parquet")
    some = list(islice(everybody, 40))
    wanted = [campaign.render(one.profile, events=one.events) for one in some]
    profiles = [one.profile for one in some]
    assert list(campaign.render_many(profiles, events={one.key: one.events for one in some})) == wanted
    assert list(campaign.render_many(profiles, events=(one.events for one in some))) == wanted
    assert list(campaign.render_many(profiles)) != wanted


def test_events_in_step_must_be_as_many_as_profiles(campaign: Campaign) -> None:
    with pytest.raises(ValueError, match="shorter"):
        list(campaign.render_many([person(1), person(2)], events=[[]]))
    wrong: Any = [{"type": "open", "profile": "1"}]
    with pytest.raises(TypeError, match="in step"):
        list(campaign.render_many([person(1)], events=wrong))


def test_a_failure_is_a_value_with_code_and_place_and_nothing_personal(strict: Campaign) -> None:
    nameless = {k: v for k, v in person(2, email=f"{SECRET}@example.com").items() if k != "first_name"}
    first, second, third = strict.render_many([person(1), nameless, person(3)])
    assert isinstance(first, Email)
    assert isinstance(third, Email)
    assert isinstance(second, Failure)
    assert second.code.startswith("MW4")
    assert "main.rules" in second.place or "campaign.toml" in second.place
    assert SECRET not in repr(second) + str(second)


def test_no_profile_at_all_is_a_skip_and_stops_nobody(campaign: Campaign) -> None:
    found: list[Any] = list(campaign.render_many([None, "x", person(1)], events={}))  # type: ignore[list-item]  # the point
    assert [type(one) for one in found] == [Skip, Skip, Email]


def test_now_is_one_for_all(campaign: Campaign) -> None:
    now = datetime(2026, 12, 24, tzinfo=UTC)
    found = list(campaign.render_many([person(1), person(2)], now=now))
    assert [one.now for one in found if isinstance(one, Email)] == [now, now]
    with pytest.raises(ValueError, match="zone"):
        campaign.render_many([], now=datetime(2026, 12, 24))

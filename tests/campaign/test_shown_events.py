"""What templates see of events and of the ends of offers: judged by a few lines that read the lists themselves."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests.campaign.event_campaign import NOW, RULES, SETTINGS, people, written

from mailweave import Campaign, CampaignError, Email, Environment

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return Environment().compile(written(tmp_path_factory.mktemp("carts")))


def newest(events: list[dict[str, Any]], kind: str, now: datetime) -> dict[str, Any] | None:
    """The newest event that is kept and seen; of one instant, the one with the largest fields."""
    fields = ("total", "item", "page", "seconds")
    seen: list[tuple[Any, ...]] = [
        (at, *((name in e, _sorts(e.get(name))) for name in fields), e)
        for e in events
        if e["type"] == kind and now - 30 * DAY < (at := datetime.fromisoformat(e["at"])) <= now
    ]
    found: dict[str, Any] | None = max(seen, key=lambda one: one[:-1])[-1] if seen else None
    return found


def _sorts(value: Any) -> tuple[float, str]:
    """Amounts by what they are worth, texts as they stand."""
    text = str(value)
    return (float(text), "") if re.fullmatch(r"[0-9.]+", text) else (0, text)


def clock(at: datetime, profile: dict[str, Any], form: str) -> str:
    return at.astimezone(ZoneInfo(profile.get("tz", "Europe/Paris"))).strftime(form)


def expected(profile: dict[str, Any], events: list[dict[str, Any]], now: datetime) -> tuple[str, list[str]]:
    """The subject, and the words of the blocks."""
    visit, cart = newest(events, "visit", now), newest(events, "cart_change", now)
    click = newest(events, "click", now)
    words = ["Plain"]
    if cart is not None and profile["consent"]["profiling"]:
        end = datetime.fromisoformat(cart["at"]) + 2 * DAY
        if now < end:
            total = "$12.50" if cart["total"] == "12.50" else "$9.99"
            words = [f"Cart {total} of {cart.get('item', '-')} until {clock(end, profile, '%Y-%m-%d %H:%M')}"]
    offers = []
    if visit is not None and now < (end := datetime.fromisoformat(visit["at"]) + DAY):
        at = datetime.fromisoformat(visit["at"]).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        seconds = f"{visit['seconds']:g}" if visit["seconds"] != 20 else "20.0"
        offers.append(f"Visit {at} {seconds} until {clock(end, profile, '%Y-%m-%dT%H:%M:%S')}")
    if click is not None:
        offers.append("Until the end of 2028-02-29")
    if not offers:
        offers.append(f"Until {clock(datetime(2028, 3, 1, 11, tzinfo=UTC), profile, '%Y-%m-%dT%H:%M:%S')}")
    return f"Seen {'-' if visit is None else visit['page']}", words + offers


@pytest.mark.parametrize("hours", [0, 1])
def test_mails_say_what_the_lists_say(campaign: Campaign, hours: int) -> None:
    now = NOW + timedelta(hours=hours) - timedelta(hours=1)  # the last hours of the 29th of February in Paris
    for profile, events in people(300, hours):
        email = campaign.render(profile, events=events, now=now)
        assert isinstance(email, Email)
        subject, words = expected(profile, events, now)
        assert email.subject == subject
        assert email.text.split("\n\n")[:-1][: len(words)] == words


def test_the_order_of_events_changes_nothing(campaign: Campaign) -> None:
    for profile, events in people(60, 7):
        mails = [campaign.render(profile, events=one, now=NOW) for one in (events, events[::-1])]
        assert mails[0] == mails[1]


def test_the_end_is_not_of_the_offer_any_more(campaign: Campaign) -> None:
    ann = {"id": "1", "email": "ann@example.com", "consent": {"profiling": True}}
    changed = {"type": "cart_change", "at": "2028-02-28T09:00:00Z", "total": "9.99"}
    visit = {"type": "visit", "at": "2028-02-20T09:00:00Z"}
    for now, block in (("2028-03-01T08:59:59.999999+00:00", "cart"), ("2028-03-01T09:00:00+00:00", "plain")):
        email = campaign.render(ann, events=[changed, visit], now=datetime.fromisoformat(now))
        assert isinstance(email, Email)
        assert email.selection["hero"] == (block,)
    told = campaign.explain(ann, events=[changed, visit], now=datetime(2028, 3, 1, 9, tzinfo=UTC))
    assert "hero: plain, because cart is out (it could be sent until 2028-03-01T09:00:00Z)" in told.to_text(
        detail="short"
    )
    told = campaign.explain(ann, events=[visit], now=NOW)
    wanted = "expires 48 hours after last(cart_change), which is unknown, for want of data"
    assert wanted in told.to_text(detail="short")


def codes(tmp_path: Path, **changed: str) -> set[str]:
    try:
        found = Environment().compile(written(tmp_path, **changed)).diagnostics
    except CampaignError as error:
        found = error.diagnostics
    return {one.code for one in found}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("events.visit.last.seconds", "events.visit.last.secs", "MW470"),  # no such field
        ("events.visit.last.seconds", "events.click.last.url", "MW470"),  # not declared as shown
        ("events.visit.last.seconds", "events.visit.first.seconds", "MW470"),
        ("events.visit.last.seconds", "events.cart_change.last.item", "MW473"),  # needs a consent
        ("Plain", "{{ offer.expires }}", "MW470"),  # it never ends
        (
            "{{ events.visit.last.seconds | default: '-' }}",
            "{{ events.visit.last.seconds }}",
            "MW475",
        ),  # may be missing
    ],
)
def test_the_contract_is_checked(old: str, new: str, code: str, tmp_path: Path) -> None:
    assert code not in codes(tmp_path / "before")
    assert old in SETTINGS
    assert code in codes(tmp_path / "after", settings=SETTINGS.replace(old, new))


def test_without_its_consent_an_event_is_missing(tmp_path: Path) -> None:
    """Where a template reads it all the same, as the layout may, nothing is written."""
    settings = SETTINGS.replace(
        '"carts"', '"carts"\nto_name = "{{ events.cart_change.last.item | default: \'nobody\' }}"'
    )
    settings = settings.replace("consent.profiling", "")
    rules = RULES.replace(" needs consent.profiling", "")
    changed = [{"type": "cart_change", "at": "2028-02-29T09:00:00Z", "total": "9.99", "item": "CD-1"}]
    ann = {"id": "1", "email": "ann@example.com"}
    open_ = Environment().compile(written(tmp_path / "open", rules=rules, settings=settings))
    email = open_.render(ann, events=changed, now=NOW)
    assert isinstance(email, Email)
    assert "CD-1" in str(email.as_message()["To"])
    assert "MW478" in codes(tmp_path / "held", settings=settings)

"""Locale, currency and zone by recipient: what is read, what stands in, and that decisions do not hang on it."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailweave import Campaign, Email, Environment
from mailweave.batch import run

NOW = datetime(2026, 3, 5, 22, 30, tzinfo=UTC)
FOLDER = "fixtures/campaigns/places"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return Environment().compile(FOLDER)


def mail(campaign: Campaign, **profile: Any) -> Email:
    ann = {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}, **profile}
    found = campaign.render(ann, now=NOW)
    assert isinstance(found, Email)
    return found


def test_words_dates_and_amounts_are_the_recipients(campaign: Campaign) -> None:
    german = mail(campaign, language="de-AT", currency="EUR", zone="Europe/Vienna")
    assert german.locale == "de_AT"
    assert german.lacks == ()
    assert german.subject == "Until Donnerstag"
    assert "\u20ac\xa01.250,50, Donnerstag, 5 März 2026 23:30" in german.text
    assert "Abmelden" in german.text
    assert 'lang="de-AT" dir="ltr"' in german.html


def test_a_script_from_right_to_left_has_its_direction_and_sides(campaign: Campaign) -> None:
    arabic = mail(campaign, language="ar-EG", currency="EGP", zone="Africa/Cairo")
    english = mail(campaign, language="en", currency="EGP", zone="Africa/Cairo")
    assert 'lang="ar-EG" dir="rtl"' in arabic.html
    assert "text-align:right" in arabic.html
    assert "text-align:left" in english.html
    assert "\u0661\u066c\u0662\u0665\u0660" in arabic.text  # 1,250 in its own digits


@pytest.mark.parametrize(
    ("profile", "lacks"),
    [
        ({}, ("locale absent", "currency absent", "timezone absent")),
        ({"language": "de", "zone": "Mars/Base"}, ("currency absent", "timezone unknown")),
        ({"language": "klingon", "currency": "EUR", "zone": "UTC"}, ("locale unknown",)),
        ({"language": "fr", "currency": "EUR", "zone": "UTC"}, ("locale unknown",)),  # not spoken
        ({"language": "<b>", "currency": "eur", "zone": "UTC"}, ("locale unknown",)),
    ],
)
def test_what_nobody_knows_is_told_and_stops_nobody(
    campaign: Campaign, profile: dict[str, str], lacks: tuple[str, ...]
) -> None:
    place = campaign._views._places.of({"profile": profile}, NOW)
    assert place.lacks == lacks
    assert place.locale == ("de" if profile.get("language") == "de" else "en")


def test_decisions_links_and_addresses_are_those_of_every_locale(campaign: Campaign) -> None:
    mails = [
        mail(campaign, language=name, currency="EUR", zone="UTC") for name in ("en", "de-CH", "ar", "xx")
    ]
    assert len({tuple(one.selection.items()) for one in mails}) == 1
    assert len({one.envelope.unsubscribe_url for one in mails}) == 1
    assert len({one.idempotency_key for one in mails}) == 1


def test_a_campaign_travels_with_it(campaign: Campaign) -> None:
    there = pickle.loads(pickle.dumps(campaign))
    for name in ("de", "ar-EG"):
        assert mail(there, language=name, currency="EUR") == mail(campaign, language=name, currency="EUR")


def test_an_explanation_says_the_locale(campaign: Campaign) -> None:
    ann = {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}, "language": "de-ch"}
    told = campaign.explain(ann, now=NOW)
    assert told.locale == "de_CH"
    assert "written in de_CH" in told.to_text()
    assert campaign.explain({**ann, "consent": {}}, now=NOW).locale is None
    fixed = Environment().compile("fixtures/campaigns/smallest")
    assert fixed.explain({"id": "1", "consent": {"marketing": True}}, now=NOW).locale is None


def test_a_batch_counts_locales_and_what_lacks(campaign: Campaign, tmp_path: Path) -> None:
    people = tmp_path / "people.jsonl"
    rows = [{"id": str(n), "email": f"n{n}@example.com", "consent": {"marketing": True}} for n in range(4)]
    told = [{"language": "de"}, {"language": "ar-EG"}, {"language": "xx"}, {}]
    lines = [
        json.dumps({**row, **more, "zone": "UTC", "currency": "EUR"})
        for row, more in zip(rows, told, strict=True)
    ]
    people.write_text("\n".join(lines))
    found = run(FOLDER, people, tmp_path / "out", workers=1)
    assert found["locales"] == {"en": 2, "ar_EG": 1, "de": 1}
    assert found["lacks"] == {"locale absent": 1, "locale unknown": 1}

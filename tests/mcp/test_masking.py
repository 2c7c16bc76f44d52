"""Masked mails: nothing personal in any part; where the choice hangs on personal values, none is made (MW685)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailweave import Campaign, Environment, Skip
from mailweave.diagnostics import MailweaveError
from mailweave.masking import decide_masked, masked_profile

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ("newsletter", "start", "cart", "winback", "receipt", "world")


@pytest.mark.parametrize("example", EXAMPLES)
def test_nothing_personal_is_in_any_part(example: str) -> None:
    folder = ROOT / "examples" / example
    campaign = Environment().compile(folder)
    personal = [one.column or one.name for one in campaign.schema.profile.values() if one.pii]
    made = 0
    for file in sorted((folder / "recipients").glob("*.json")):
        profile = json.loads(file.read_text(encoding="utf-8"))
        events = profile.pop("events", [])
        told = decide_masked(campaign, profile, events=events)
        if isinstance(told, Skip):
            continue
        made += 1
        whole = "\n".join(
            (told[1].html, told[1].text, told[1].amp or "", told[1].subject, told[1].as_bytes().decode())
        )
        values = [profile[name] for name in personal if isinstance(profile.get(name), str)]
        assert [value for value in values if len(value) > 2 and value in whole] == []
    assert made
    assert personal


def test_where_the_choice_hangs_on_personal_values_no_mail_is_made(tmp_path: Path) -> None:
    campaign = _choosing(tmp_path)
    ann = {"id": "1", "email": "ann@vip.example", "consent": {"marketing": True}}
    with pytest.raises(MailweaveError, match="MW685"):
        decide_masked(campaign, ann)
    bob = {"id": "2", "email": "bob@example.org", "consent": {"marketing": True}}
    told = decide_masked(campaign, bob)
    assert not isinstance(told, Skip)
    assert "bob" not in told[1].html


def _choosing(folder: Path) -> Campaign:
    source = ROOT / "fixtures" / "docs" / "regulars"
    for name in ("campaign.toml", "main.rules"):
        text = (source / name).read_text(encoding="utf-8")
        text = text.replace("orders >= 3", 'email matches "*@vip.example"')
        (folder / name).write_text(text, encoding="utf-8")
    return Environment().compile(folder)


def test_what_is_missing_stays_missing() -> None:
    campaign = Environment().compile(ROOT / "fixtures" / "docs" / "regulars")
    masked = masked_profile(campaign, {"id": "1", "email": "a@b.example", "first_name": None, "orders": 3})
    assert masked == {"id": "1", "email": "masked@example.com", "first_name": None, "orders": 3}


def test_what_the_rules_do_not_declare_is_hidden() -> None:
    campaign = Environment().compile(ROOT / "fixtures" / "docs" / "regulars")
    ann = {
        "id": "1",
        "email": "a@b.example",
        "orders": 3,
        "phone": "+4915112345678",
        "consent": {"marketing": True},
    }
    masked = masked_profile(campaign, ann)
    assert masked == {**ann, "email": "masked@example.com", "phone": "•••"}

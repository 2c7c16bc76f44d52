"""Golden mails: those of the covering set, so that every block of the campaign stands in one of them.

Made anew by `mailweave cover fixtures/campaigns/cdnow-winback --now 1998-07-01T09:00Z --out
fixtures/campaigns/cdnow-winback/recipients`, then `pytest --update-golden tests/campaign/test_golden_mails.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import ROOT

from mailweave import Email, Environment
from mailweave.campaign import Campaign
from mailweave.cli.recipient import recipient

FOLDER = ROOT / "fixtures" / "campaigns" / "cdnow-winback"
RECIPIENTS = sorted((FOLDER / "recipients").glob("*.json"))


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return Environment().compile(FOLDER)


def made(campaign: Campaign, path: Path) -> Email:
    who = recipient(campaign, FOLDER, str(path), None)
    email = campaign.render(who.profile, events=who.events, now=who.now, context=who.context)
    assert isinstance(email, Email)
    return email


@pytest.mark.parametrize("path", RECIPIENTS, ids=lambda path: path.stem[:30])
def test_a_mail_is_as_it_was(path: Path, campaign: Campaign, golden: Callable[[Path, str], None]) -> None:
    email, kept = made(campaign, path), ROOT / "fixtures" / "golden_mails" / path.stem[:2]
    golden(kept.with_suffix(".html"), email.html)
    golden(kept.with_suffix(".txt"), f"{email.subject}\n{email.preheader}\n\n{email.text}")


def test_together_they_show_every_block(campaign: Campaign) -> None:
    shown = {
        name for path in RECIPIENTS for blocks in made(campaign, path).selection.values() for name in blocks
    }
    assert shown == set(campaign.decisions.document.content.blocks)


@pytest.mark.parametrize("path", RECIPIENTS, ids=lambda path: path.stem[:30])
def test_each_shows_what_its_name_says(path: Path, campaign: Campaign) -> None:
    shown = {name for blocks in made(campaign, path).selection.values() for name in blocks}
    named = path.stem.partition("-")[2].split("+")
    assert {name for name in named if name in campaign.decisions.document.content.blocks} <= shown

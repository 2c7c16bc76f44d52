"""`[links]` of campaign.toml: what is refused, and where the id of the key is seen."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from mailweave import Campaign, CampaignError, Environment
from mailweave.batch import run
from mailweave.campaign.link_settings import LinkSettings
from mailweave.delivery.links import Keys, LinkError, Signer, rewrite
from tests.delivery.links.mails import KEYS, became, followed

ROOT = Path(__file__).resolve().parents[3]
SETTINGS = '\n[links]\nkey = "2026-11"\nclick = "https://go.example.com/c/{token}"\nexpires = "90 days"\n'
BAD_PLACES = (
    *("https://go.example.com/c/", "http://go.example.com/{token}", "https://{token}.example.com/"),
    *(
        "https://go.example.com/{token}{token}",
        "https://go.example.com/#{token}",
        "https://go.example.com/<{token}",
    ),
    *(
        "https://{{ profile.id }}.example.com/{token}",
        "javascript:alert({token})",
        "https://a@b.example/{token}",
    ),
    *('https://go.example.com/"{token}', "https://go.example.com/ {token}", "/c/{token}"),
)


def campaign(folder: Path, settings: str) -> Campaign:
    copied = shutil.copytree(ROOT / "fixtures/campaigns/smallest", folder / "campaign", dirs_exist_ok=True)
    toml = copied / "campaign.toml"
    text = (ROOT / "fixtures/campaigns/smallest/campaign.toml").read_text(encoding="utf-8")
    toml.write_text(text + settings, encoding="utf-8")
    return Environment().compile(copied)


@pytest.mark.parametrize("place", BAD_PLACES)
@pytest.mark.parametrize("purpose", ["click", "open", "unsubscribe", "view"])
def test_a_place_that_no_link_can_stand_in_is_refused(purpose: str, place: str) -> None:
    with pytest.raises(ValidationError, match="a signed link has an address such as"):
        LinkSettings(key="a", **{purpose: place})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": ""},
        {"key": "a b"},
        {"key": "x" * 33},
        {"expires": "soon"},
        {"expires": "0 days"},
        {"expires": "4000 days"},
        {"clicks": "x"},
    ],
)
def test_other_settings_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        LinkSettings(**{"key": "a", **wrong})


def test_a_mistake_is_told_at_its_place(tmp_path: Path) -> None:
    with pytest.raises(CampaignError, match=r"campaign\.toml.*links\.click"):
        campaign(tmp_path, '\n[links]\nkey = "a"\nclick = "https://go.example.com/"\n')


def test_the_key_enters_the_digest_by_its_id(tmp_path: Path) -> None:
    digests = {
        campaign(tmp_path, settings).digest
        for settings in ("", SETTINGS, SETTINGS.replace("2026-11", "2026-10"))
    }
    assert len(digests) == 3


def test_a_campaigns_mails_are_signed_with_the_key_that_it_names(tmp_path: Path) -> None:
    compiled = campaign(tmp_path, SETTINGS.replace("click", "unsubscribe"))
    email = compiled.render({"id": "1", "email": "ann@example.com", "consent": {"marketing": True}})
    signer = Signer.of(compiled, KEYS)
    url = rewrite(email, signer).envelope.unsubscribe_url  # type: ignore[arg-type]
    assert became(url, signer) == ["unsubscribe"]
    link = followed(url, signer)
    assert link is not None
    assert (link.campaign, link.version, link.key_id) == ("smallest", 1, "2026-11")
    with pytest.raises(LinkError, match="MW731"):
        Signer.of(compiled, Keys({"2025-11": b"x" * 32}))


def test_a_campaign_that_says_nothing_signs_nothing(tmp_path: Path) -> None:
    with pytest.raises(LinkError, match="MW732"):
        Signer.of(campaign(tmp_path, ""), KEYS)


def test_the_report_of_a_batch_names_the_key(tmp_path: Path) -> None:
    campaign(tmp_path, SETTINGS)
    people = tmp_path / "people.csv"
    people.write_text("id,email,consent.marketing\n1,ann@example.com,true\n", encoding="utf-8")
    report = run(tmp_path / "campaign", people, tmp_path / "out", workers=1)
    kept = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["link_key"] == kept["link_key"] == "2026-11"

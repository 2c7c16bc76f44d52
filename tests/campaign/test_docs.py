"""docs/campaign.md names every key that campaign.toml takes, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from mailweave.campaign.config import CampaignConfig

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "campaign.md").read_text(encoding="utf-8")


def test_every_key_is_documented() -> None:
    table = PAGE.split("## campaign.toml")[1].split("## What templates see")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = {re.sub(r"[\[\]]|\.NAME", "", key) for cell in first for key in re.findall(r"`([^`]+)`", cell)}
    keys = {field.alias or name for name, field in CampaignConfig.model_fields.items()}
    assert named == keys

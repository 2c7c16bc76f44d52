"""docs/links.md is true: its settings are taken, and its examples run."""

from __future__ import annotations

import re
import secrets
import shutil
from pathlib import Path
from typing import Any

import pytest

from mailweave import Email
from mailweave.campaign.link_settings import LinkSettings
from mailweave.delivery.links import Keys
from tests.delivery.links.mails import NOW

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/links.md").read_text(encoding="utf-8")


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.S | re.M)


def test_the_page_signs_and_checks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "fixtures/campaigns/smallest", "CAMPAIGN")
    (settings,), (sign, check) = fenced("toml"), fenced("python")
    with Path("CAMPAIGN/campaign.toml").open("a", encoding="utf-8") as toml:
        toml.write(
            f"\n{settings}\n[blocks.more]\nuse = \"button\"\ninputs = {{ url = 'https://shop.example/sale' }}\n"
        )
    rules = Path("CAMPAIGN/main.rules")
    text = rules.read_text(encoding="utf-8").replace("fallback welcome", "fallback more")
    rules.write_text(text.replace("block welcome for hero", "block more for hero"), encoding="utf-8")
    Path("link-keys").write_text(f"2026-11 = {secrets.token_urlsafe(32)}\n", encoding="utf-8")
    profile = {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}}
    names: dict[str, Any] = {"profile": profile, "now": NOW, "keys": Keys.from_file("link-keys")}
    exec(sign, names)
    email = names["email"]
    assert isinstance(email, Email)
    found = re.search(r"https://go\.example\.com/c/([\w-]+)", email.html)
    assert found is not None
    led: list[str] = []
    exec(check, {**names, "token": found[1], "redirect": led.append})
    assert led == ["https://shop.example/sale"]


def test_the_table_of_settings_and_of_the_token_is_whole() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", PAGE.partition("\n## Sign\n")[0], re.M))
    assert told == set(LinkSettings.model_fields)
    assert {f"MW{number}" for number in range(735, 740)} <= set(re.findall(r"MW\d+", PAGE))

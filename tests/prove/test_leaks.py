"""Labelled data on its way through two lets and an assign is found, with the path it takes and who gets it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave.cli.prove import command
from mailweave.rules.prover.smt import has_smt

PROVED = Path(__file__).resolve().parents[2] / "fixtures" / "proved"
FOLDER = PROVED / "MW920-consent-lets"
pytestmark = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")


def findings(folder: Path) -> list[dict[str, Any]]:
    result = CliRunner().invoke(command, [str(folder), "--format", "json"])
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_the_way_and_who_gets_it() -> None:
    (found,) = findings(FOLDER)
    assert found["code"] == "MW920"
    assert (
        "`profile.genre` through `let.taste` through `let.line` through `words` reaches `tip`"
        in found["message"]
    )
    assert found["file"].endswith("blocks/tip/block.html")
    assert [Path(other["file"]).name for other in found["related"]] == [
        "block.html",
        "campaign.toml",
        "campaign.toml",
    ]
    assert found["witness"]["plan"] == "gold"
    assert "consent" not in found["witness"]


def test_with_the_consent_there_is_no_leak(tmp_path: Path) -> None:
    campaign = tmp_path / "campaign"
    shutil.copytree(FOLDER, campaign)
    rules = campaign / "main.rules"
    mended = rules.read_text(encoding="utf-8").replace(" or plan == gold", " and plan == gold")
    rules.write_text(mended, encoding="utf-8")
    assert findings(campaign) == []


def test_the_way_into_an_address() -> None:
    (found,) = findings(PROVED / "MW921-address")
    assert found["code"] == "MW921"
    assert (
        "`profile.email` through `let.reader` through `who` stands in an address of `tip`" in found["message"]
    )
    assert [Path(other["file"]).name for other in found["related"]] == ["block.html", "campaign.toml"]
    assert found["witness"]["email"]


def test_an_address_in_the_subject(tmp_path: Path) -> None:
    """A text slot is plain text: an address is one where it says so."""
    campaign = tmp_path / "campaign"
    shutil.copytree(PROVED / "MW921-address", campaign)
    (campaign / "blocks" / "tip" / "block.html").write_text("<p>{{ profile.email }}</p>", encoding="utf-8")
    rules = campaign / "main.rules"
    said = rules.read_text(encoding="utf-8")
    assert findings(campaign) == []
    loud = said.replace(
        'says "Hello"', 'says "{{ profile.email }}: https://example.com/?e={{ profile.email }}"'
    )
    rules.write_text(loud, encoding="utf-8")
    (found,) = findings(campaign)
    assert found["code"] == "MW921"
    assert "of `hello`" in found["message"]

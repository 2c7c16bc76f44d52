"""learned.toml: read with the campaign, part of its digest, held against its rules."""

from __future__ import annotations

import pickle
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailweave import Campaign, Environment
from mailweave.decisions import Selection

ROOT = Path(__file__).resolve().parents[2]
LEARNED = ROOT / "fixtures" / "campaigns" / "learned"
NOW = datetime(1998, 7, 1, 9, tzinfo=UTC)
TABLE = """
[hero]
by = "buying"
salt = "1"
buckets.active = { new_in = 0.2, thanks = 0.5, jazz = 0.1, gift = 0.2 }
buckets.quiet = { new_in = 0.1, thanks = 0.1, jazz = 0.2, gift = 0.6 }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LEARNED, tmp_path / "learned"))


def compiled(folder: Path, table: str | None = None) -> Campaign:
    if table is not None:
        (folder / "learned.toml").write_text(table, encoding="utf-8")
    return Environment().compile(folder)


def drawn(campaign: Campaign, orders: int = 3) -> Selection:
    who = {"id": "7", "email": "a@example.com", "orders": orders, "consent": {"marketing": True}}
    found = campaign.select(who, now=NOW)
    assert isinstance(found, Selection)
    return found


def test_without_a_table_all_chances_are_equal_and_a_note_says_so(folder: Path) -> None:
    campaign = compiled(folder)
    assert "MW323" in {one.code for one in campaign.diagnostics}
    assert dict(drawn(campaign).draws["hero"].chances) == pytest.approx(
        dict.fromkeys(("new_in", "thanks", "gift"), 1 / 3)
    )


def test_a_table_decides_and_changes_the_digest(folder: Path) -> None:
    before = compiled(folder).digest
    campaign = compiled(folder, TABLE)
    assert "MW323" not in {one.code for one in campaign.diagnostics}
    draw = drawn(campaign).draws["hero"]
    assert draw.bucket == "quiet"
    assert dict(draw.chances) == pytest.approx({"new_in": 0.125, "thanks": 0.125, "gift": 0.75})
    other = compiled(folder, TABLE.replace('"1"', '"2"'))
    assert len({before, campaign.digest, other.digest}) == 3


def test_a_campaign_that_travels_takes_its_table_along(folder: Path) -> None:
    campaign = compiled(folder, TABLE)
    again = pickle.loads(pickle.dumps(campaign))
    assert again.digest == campaign.digest
    assert drawn(again).draws == drawn(campaign).draws


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('[hero]\nby = "buying"\n', "nothing was learned, and all blocks have equal chances"),
        (TABLE.replace("gift = 0.6", "gift = 0.5, gone = 0.1"), "the table has `gone`, which no row names"),
        (
            TABLE.replace("jazz = 0.2, gift = 0.6", "gift = 0.8"),
            "the table has no `jazz`, which is drawn all the same",
        ),
    ],
)
def test_a_table_of_other_blocks_is_a_note(folder: Path, table: str, says: str) -> None:
    campaign = compiled(folder, table)
    assert says in " ".join(one.message for one in campaign.diagnostics if one.code == "MW319")
    assert sum(drawn(campaign).draws["hero"].chances.values()) == pytest.approx(1)

"""Counting a list in DuckDB, against the selector asked recipient by recipient."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from mailweave.batch.segments import OPEN, count_segments
from mailweave.batch.sources import Recipients
from mailweave.cli.segments import command as segments
from mailweave.cli.sql import command as sql
from mailweave.decisions import Skip
from mailweave.environment import Environment

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN, LIST = ROOT / "fixtures/campaigns/cdnow-winback", ROOT / "fixtures/cdnow"
SIZE = 600


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The first customers of the list, and their events."""
    folder = tmp_path_factory.mktemp("few")
    people, events = folder / "people.parquet", folder / "events.parquet"
    connection = duckdb.connect()
    chosen = f"FROM '{LIST}/profiles.parquet' ORDER BY id LIMIT {SIZE}"
    connection.execute(f"COPY ({chosen}) TO '{people}'")
    connection.execute(
        f"COPY (FROM '{LIST}/events.parquet' WHERE profile IN (SELECT id FROM '{people}')) TO '{events}'"
    )
    return people, events


def test_counts_are_those_of_the_selector(few: tuple[Path, Path]) -> None:
    campaign = Environment().compile(CAMPAIGN)
    now = campaign.pinned(None)
    assert now is not None
    counts = count_segments(campaign, [str(few[0])], [str(few[1])], now=now)
    members, pairs = Counter[str](), Counter[tuple[str, str]]()
    blocks: dict[str, Counter[str]] = {slot.name: Counter() for slot in campaign.decisions.slots}
    skipped = Counter[str]()
    for person in Recipients(*few):
        evaluation = campaign.decisions.program.evaluate(
            person.profile, events=person.events, context=campaign.context, now=now
        )
        inside = [name for name in campaign.decisions.document.segments if name in evaluation.segments]
        members.update(inside)
        pairs.update(combinations(inside, 2))
        # without arms the experiments are off, as they are in the counts
        chosen = campaign.decisions.select(
            person.profile, events=person.events, context=campaign.context, now=now, arms={}
        )
        if isinstance(chosen, Skip):
            skipped[chosen.code] += 1
            continue
        for slot, names in chosen.items():
            blocks[slot].update(names)
    assert counts.recipients == SIZE
    assert +counts.segments == members
    assert counts.overlaps == pairs
    assert counts.skipped == skipped
    for slot, tally in counts.blocks.items():
        undecided = tally.pop(OPEN, 0)
        assert all(n <= blocks[slot][block] for block, n in tally.items())
        assert undecided or tally == blocks[slot]
    assert sum(OPEN not in tally for tally in counts.blocks.values()) > 4


def test_the_verb_writes_members_counts_and_a_page(few: tuple[Path, Path], tmp_path: Path) -> None:
    arguments = [str(CAMPAIGN), "--profiles", str(few[0]), "--events", str(few[1]), "--out", str(tmp_path)]
    done = CliRunner().invoke(segments, arguments)
    assert done.exit_code == 0, done.output
    assert done.output.startswith(f"{SIZE:,} recipients")
    connection = duckdb.connect()
    found = connection.execute(
        f"SELECT count(*), count(DISTINCT id) FROM '{tmp_path}/members.parquet'"
    ).fetchall()
    assert found == [(SIZE, SIZE)]
    kinds = connection.execute(f"SELECT DISTINCT kind FROM '{tmp_path}/counts.parquet'").fetchall()
    assert {kind for (kind,) in kinds} >= {"segment", "tier", "overlap", "conflict", "block"}
    page = (tmp_path / "segments.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "lapsed_valuable" in page
    assert "http" not in page


def test_a_list_that_is_wrong_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    row = {
        "id": "u1", "email": "ann@shop.example", "country": "US", "signup_at": "2025-01-01T10:00:00Z",
        "orders": "many", "lifetime_value": "10 USD",
    }  # fmt: skip
    path.write_text(f"{','.join(row)}\n{','.join(row.values())}\n", encoding="utf-8")
    done = CliRunner().invoke(segments, [str(CAMPAIGN), "--profiles", str(path)])
    assert done.exit_code == 1
    assert "MW820" in done.output
    assert "line 1, key u1: " in done.output


def test_the_verb_prints_a_query_that_runs(few: tuple[Path, Path]) -> None:
    done = CliRunner().invoke(sql, [str(CAMPAIGN), "--zones", "America/New_York,America/Chicago"])
    assert done.exit_code == 0, done.output
    connection = duckdb.connect()
    connection.execute(f"CREATE VIEW profiles AS FROM '{few[0]}'; CREATE VIEW events AS FROM '{few[1]}'")
    columns = connection.sql(done.output).columns
    assert columns[:3] == ["id", "customers", "loyal"]
    assert "eligible_offer_jazz" in columns

"""Segments are the same wherever a list lies."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.batch.segments import Counts, count_segments
from mailweave.campaign import Campaign
from mailweave.cli.segments import command
from mailweave.environment import Environment
from tests.batch.test_answers import NOW, WINBACK, in_csv, in_duckdb, in_lines, in_parquet


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return Environment().compile(WINBACK.parent)


@pytest.fixture(scope="module")
def wanted(campaign: Campaign, tmp_path_factory: pytest.TempPathFactory) -> Counts:
    profiles, events = in_parquet(tmp_path_factory.mktemp("parquet"), 2)
    return count_segments(campaign, [profiles], [events], now=NOW)


@pytest.mark.parametrize("written", [in_csv, in_duckdb, in_lines], ids=lambda f: f.__name__)
def test_segments_are_the_same_wherever_a_list_lies(
    tmp_path: Path, campaign: Campaign, wanted: Counts, written: Callable[[Path, int], tuple[str, str]]
) -> None:
    profiles, events = written(tmp_path, 2)
    found = count_segments(campaign, [profiles], [events], now=NOW)
    assert found.recipients == 485
    assert list(found.rows()) == list(wanted.rows())


def test_cells_that_do_not_read_are_named_and_the_others_counted(
    tmp_path: Path, campaign: Campaign, wanted: Counts
) -> None:
    profiles, events = in_csv(tmp_path, 2)
    path = Path(profiles)
    head, first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    assert "1997-" in first
    path.write_text(head + first.replace("1997-", "x1997-") + "".join(rest), encoding="utf-8")
    found = count_segments(campaign, [profiles], [events], now=NOW)
    assert (found.recipients, found.unread_count) == (485, 1)
    (row,) = found.unread
    assert row.line == 1
    assert row.field is not None
    assert row.field in row.reason
    changed = sum(abs(n - found.segments[name]) for name, n in wanted.segments.items())
    assert changed <= len(wanted.segments)  # nobody else counts otherwise


def test_a_key_that_names_nobody_is_unread_here_as_in_a_batch(tmp_path: Path) -> None:
    smallest = Environment().compile(WINBACK.parent.parent / "smallest")
    people = [{"id": key, "email": "a@example.com"} for key in ("1", " ", "a\x01b", "x" * 256, "é")]
    listed = tmp_path / "people.jsonl"
    listed.write_text("".join(json.dumps(one) + "\n" for one in people), encoding="utf-8")
    found = count_segments(smallest, [str(listed)], now=NOW)
    assert [(row.line, row.field) for row in found.unread] == [(2, "id"), (3, "id"), (4, "id")]
    assert (found.unread_count, found.skipped.total()) == (3, 2)


def test_a_campaign_has_a_list_of_its_own() -> None:
    told = CliRunner().invoke(command, [str(WINBACK.parent)])
    assert told.exit_code == 0, told.output
    assert told.output.startswith("23,570 recipients")
    told = CliRunner().invoke(command, [str(WINBACK.parent.parent / "smallest")])
    assert told.exit_code == 1
    assert "--profiles" in told.output

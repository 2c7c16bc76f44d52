"""Segments are the same wherever a list lies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.batch.segments import Counts, count_segments
from mailweave.campaign import Campaign
from mailweave.cli.segments import command
from mailweave.diagnostics import MailweaveError
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


def test_cells_that_do_not_read_stop_the_count(tmp_path: Path, campaign: Campaign) -> None:
    profiles, events = in_csv(tmp_path, 1)
    path = Path(profiles)
    head, first, *rest = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(head + first.replace("1997-", "x1997-") + "".join(rest), encoding="utf-8")
    with pytest.raises(MailweaveError, match="MW805"):
        count_segments(campaign, [profiles], [events], now=NOW)


def test_a_campaign_has_a_list_of_its_own() -> None:
    told = CliRunner().invoke(command, [str(WINBACK.parent)])
    assert told.exit_code == 0, told.output
    assert told.output.startswith("23,570 recipients")
    told = CliRunner().invoke(command, [str(WINBACK.parent.parent / "smallest")])
    assert told.exit_code == 1
    assert "--profiles" in told.output

"""What is rendered more slowly is counted over all workers, and told once."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.csv
from click.testing import CliRunner

from mailweave import Environment
from mailweave.batch import run
from mailweave.batch.batches import BatchRenderer
from mailweave.cli.batch import command
from tests.batch.slow_campaign import listed, slow_campaign

NONE = {"interpreted": 0, "apart": 0}


def test_fallbacks_are_added_up_over_workers_and_stay_over_a_resume(tmp_path: Path) -> None:
    campaign, people = slow_campaign(tmp_path), listed(tmp_path, 60)
    options = [
        "--profiles",
        str(people),
        "--out",
        str(tmp_path / "out"),
        "--shard-size",
        "7",
        "--workers",
        "2",
    ]
    told = CliRunner().invoke(command, [str(campaign), *options])
    assert told.exit_code == 0, told.output
    assert "rendered more slowly: 120 templates interpreted, 60 parts in two walks" in told.output
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["rendered"] == 60
    assert report["fallbacks"] == {"interpreted": 120, "apart": 60}
    again = run(campaign, str(people), tmp_path / "out", shard_size=7, workers=1, resume=True)
    assert again["fallbacks"] == report["fallbacks"]
    assert "Rendered more slowly" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_what_is_compiled_says_nothing(tmp_path: Path, people: Path) -> None:
    options = ["--profiles", str(people), "--out", str(tmp_path / "out"), "--workers", "1", "--dry-run"]
    told = CliRunner().invoke(command, ["fixtures/campaigns/smallest", *options])
    assert "more slowly" not in told.output
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["fallbacks"] == NONE


def test_each_piece_of_arrow_counts_its_own(tmp_path: Path) -> None:
    campaign = Environment().compile(slow_campaign(tmp_path))
    moment = campaign.pinned(None)
    assert moment is not None
    renderer = BatchRenderer(campaign, moment, None)
    table = pyarrow.csv.read_csv(listed(tmp_path, 1_200))
    text = table.set_column(0, "id", table["id"].cast("string"))
    (batch,) = text.combine_chunks().to_batches()
    pieces = [outcome.facts() for outcome, _ in renderer.render(batch)]
    assert [(one["good"], one["fallbacks"]["interpreted"]) for one in pieces] == [
        (500, 1000),
        (500, 1000),
        (200, 400),
    ]

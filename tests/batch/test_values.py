"""Values and sheets are the mails that the other formats hold, byte for byte."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave.batch import BatchError, run
from mailweave.batch.expanding import WHOLE, expand, shards
from mailweave.cli.expand import command
from mailweave.diagnostics import ArgumentError
from tests.batch.slow_campaign import listed, slow_campaign
from tests.conftest import ROOT

DEMO = ROOT / "fixtures/campaigns/cdnow-winback"
PEOPLE = ROOT / "fixtures/cdnow"


def made(form: str, out: Path, limit: int = 400, **more: Any) -> Path:
    run(
        DEMO,
        PEOPLE / "profiles.parquet",
        out,
        events=PEOPLE / "events.parquet",
        format=form,
        limit=limit,
        shard_size=90,
        workers=2,
        **more,
    )
    return out


def files(folder: Path, ending: str = "") -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name.endswith(ending)}


@pytest.fixture(scope="module")
def values(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made("values", tmp_path_factory.mktemp("values") / "out")


@pytest.mark.parametrize("form", WHOLE)
def test_expanded_it_is_what_the_format_holds(form: str, values: Path, tmp_path: Path) -> None:
    told = CliRunner().invoke(command, [str(values), "--out", str(tmp_path / "mails"), "--format", form])
    assert told.exit_code == 0, told.output
    whole = made(form, tmp_path / "whole")
    kept = {name: data for name, data in files(whole / "shards").items() if not name.endswith(".jsonl")}
    if form == "jsonl":
        kept = {f"{n:06d}.jsonl": (whole / "shards" / f"{n:06d}.jsonl").read_bytes() for n in range(5)}
    assert files(tmp_path / "mails") == kept


def test_it_is_small(values: Path, tmp_path: Path) -> None:
    """Of mails as they are sent; a quarter of what Parquet makes of them, where many are alike."""
    mails = made("mbox", tmp_path / "mbox")
    size = sum(map(len, files(values / "shards", ".parquet").values()))
    size += sum(map(len, files(values / "sheets").values()))
    assert size < 0.15 * sum(map(len, files(mails / "shards", ".mbox").values()))


def test_workers_and_shards_change_nothing(values: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone"
    run(
        DEMO,
        PEOPLE / "profiles.parquet",
        alone,
        events=PEOPLE / "events.parquet",
        format="values",
        limit=400,
        shard_size=90,
        workers=1,
    )
    assert files(alone / "shards") == files(values / "shards")
    assert files(alone / "sheets") == files(values / "sheets")


def test_a_message_by_its_key(values: Path) -> None:
    message = CliRunner().invoke(command, [str(values), "--key", "00004"])
    assert message.exit_code == 0
    assert "\nTo: Marc <customer00004@example.com>" in message.output.replace("\r", "")
    nobody = CliRunner().invoke(command, [str(values), "--key", "nobody"])
    assert (nobody.exit_code, "MW827" in nobody.output) == (1, True)


def test_mails_that_cannot_be_cut_are_there_whole(tmp_path: Path) -> None:
    campaign, people = slow_campaign(tmp_path), listed(tmp_path, 30)
    for form in ("values", "jsonl"):
        run(campaign, str(people), tmp_path / form, format=form, workers=1)
    expanded = CliRunner().invoke(
        command, [str(tmp_path / "values"), "--out", str(tmp_path / "mails"), "--format", "jsonl"]
    )
    assert expanded.exit_code == 0, expanded.output
    assert (tmp_path / "mails/000000.jsonl").read_bytes() == (
        tmp_path / "jsonl/shards/000000.jsonl"
    ).read_bytes()


def test_what_is_not_whole_is_refused(values: Path, tmp_path: Path) -> None:
    def told(folder: Path, *more: str) -> str:
        found = CliRunner().invoke(command, [str(folder), *(more or ("--key", "00004"))])
        assert found.exit_code == 1
        return found.output

    copy = tmp_path / "copy"
    shutil.copytree(values, copy)
    sheet = json.loads((path := next((copy / "sheets").iterdir())).read_text())
    path.write_text(json.dumps({**sheet, "html": [*sheet["html"], "More"]}))
    assert "MW803" in told(copy, "--out", str(tmp_path / "one"))
    path.unlink()
    assert "MW803" in told(copy, "--out", str(tmp_path / "two"))
    (copy / "shards" / shards(values)[0].name).write_bytes(b"PAR1")
    assert "MW803" in told(copy)
    assert "MW826" in told(tmp_path)
    assert "MW810" in told(values, "--out", str(copy))
    assert "MW818" in told(values, "--out", str(values / "shards" / "mails"))
    assert not (tmp_path / "one").exists()  # it appears when all is written


def test_a_batch_that_has_not_ended_is_not_expanded(values: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(values, copy)
    (copy / "report.json").unlink()
    for asked in (["--key", "00004"], ["--out", str(tmp_path / "mails")]):
        told = CliRunner().invoke(command, [str(copy), *asked])
        assert (told.exit_code, "MW828" in told.output) == (1, True)


def test_sheets_are_part_of_what_is_resumed(values: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(values, copy)
    next((copy / "sheets").iterdir()).unlink()
    with pytest.raises(BatchError, match="MW803"):
        made("values", copy, resume=True)


def test_proofs_are_expanded_too(tmp_path: Path) -> None:
    (tmp_path / "seeds").write_text("me@shop.example\n", encoding="utf-8")
    for form in ("values", "jsonl"):
        made(form, tmp_path / form, limit=30, seeds=tmp_path / "seeds")
    told = CliRunner().invoke(
        command, [str(tmp_path / "values"), "--out", str(tmp_path / "mails"), "--format", "jsonl"]
    )
    assert "proofs" in told.output
    assert files(tmp_path / "mails" / "seeds") == files(tmp_path / "jsonl" / "seeds")


def test_what_cannot_be_meant_is_said(values: Path, tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="MW040"):
        expand(values, tmp_path / "mails", "values")
    both = CliRunner().invoke(command, [str(values), "--key", "00004", "--format", "eml"])
    assert both.exit_code == 2

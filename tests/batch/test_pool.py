"""A batch that cannot go on ends, with a code and the last worker's words."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mailweave.batch import BatchError, Progress, run
from mailweave.batch.worker_failures import WorkerFailures
from tests.batch.conftest import CAMPAIGN, batch, row

ENDS = """
import os, sys
if "spawn" in " ".join(sys.orig_argv):
    from mailweave.batch import rendering
    def one(self, outcome, line, recipient):
        os._exit(9)
    rendering.ShardRenderer._one = one
"""
NO_STAGE = """
import sys
if "spawn" in " ".join(sys.orig_argv):
    from mailweave.batch import stage_reader
    def gone(self, *_):
        raise FileNotFoundError("the stage has gone")
    stage_reader.Stage.__init__ = gone
"""


@pytest.fixture
def few(tmp_path: Path) -> Path:
    path = tmp_path / "people.jsonl"
    path.write_text("\n".join(map(row, range(100, 140))) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("patch", "words"),
    [(ENDS, "it ends with exit code 9"), (NO_STAGE, "FileNotFoundError: the stage has gone")],
)
def test_workers_that_all_end_alike_end_the_batch(tmp_path: Path, few: Path, patch: str, words: str) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(patch, encoding="utf-8")
    out = tmp_path / "out"
    done = batch(few, out, "--workers", "1", env={"PYTHONPATH": str(tmp_path / "site")})
    assert done.returncode == 75, done.stderr
    assert "MW816" in done.stderr
    assert words in done.stderr
    again = batch(few, out, "--resume")
    assert again.returncode == 0, again.stderr


def test_a_script_without_a_guard_is_run_once(tmp_path: Path, few: Path) -> None:
    script, out = tmp_path / "send.py", tmp_path / "out"
    words = f"run({str(CAMPAIGN)!r}, {str(few)!r}, {str(out)!r}, workers=2)"
    script.write_text(
        f"from mailweave.batch import run\nprint('begun')\nprint({words}['recipients'])\n", encoding="utf-8"
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["begun", "40"]), done.stderr


def test_a_folder_that_is_removed_ends_the_batch(tmp_path: Path, few: Path) -> None:
    out = tmp_path / "out"

    removed = []

    def remove(state: Progress) -> None:
        if state.done:
            shutil.rmtree(out)
            removed.append(time.monotonic())

    with pytest.raises(BatchError, match=r"MW817|MW810"):
        run(CAMPAIGN, str(few), out, workers=1, shard_size=5, progress=remove)
    assert time.monotonic() - removed[0] < 60


def test_one_recipient_is_no_pattern_and_several_apart_are() -> None:
    vigil = WorkerFailures(1)
    for start, stop in ((0, 8), (0, 4), (0, 2), (0, 1)):
        vigil.died(start, stop, "killed")
    assert not vigil.is_doubtful  # one inside the other: a search that closes in
    vigil.died(1, 2, "killed")
    assert vigil.is_doubtful
    assert not vigil.is_hopeless
    vigil.died(2, 3, "another way")
    vigil.died(3, 4, "killed")
    assert not vigil.is_hopeless  # two of one kind, and one between them of another
    vigil.died(4, 5, "killed")
    assert vigil.is_hopeless
    vigil.survived(0, 0)
    assert vigil.is_hopeless  # nobody proves nothing
    vigil.survived(5, 6)
    assert not vigil.is_doubtful


def test_a_share_of_dead_letters_fails_a_batch_whose_output_stays(tmp_path: Path) -> None:
    agreed = {"consent": {"marketing": True}}
    people = [{"id": str(n), "email": "two words" if n < 2 else "a@example.com", **agreed} for n in range(10)]
    listed, out = tmp_path / "people.jsonl", tmp_path / "out"
    listed.write_text("\n".join(map(json.dumps, people)), encoding="utf-8")
    done = batch(listed, out, "--max-dead", "19%")
    assert done.returncode == 1
    assert "2 of 10 recipients are dead letters, more than 19%" in done.stderr
    assert "MW815" in done.stderr
    assert len((out / "dead.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    assert batch(listed, out, "--resume", "--max-dead", "20%").returncode == 0


def test_seeds_that_are_no_addresses_are_refused(tmp_path: Path, few: Path) -> None:
    seeds = tmp_path / "seeds.txt"
    seeds.write_text("ann@example.com\ntwo words\n", encoding="utf-8")
    done = batch(few, tmp_path / "out", "--seeds", str(seeds))
    assert done.returncode == 1
    assert "MW818" in done.stderr

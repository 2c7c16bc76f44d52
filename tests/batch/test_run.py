"""A batch accounts for everybody, whatever the list holds and whoever dies."""

from __future__ import annotations

import json
import mailbox
import os
import signal
import subprocess
import tarfile
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from mailweave.batch import BatchError, run
from tests.batch.conftest import CAMPAIGN, SIZE, batch, command, output, row

PATCH = """
import os, sys
if "mailweave" in " ".join(sys.orig_argv) or "spawn" in " ".join(sys.orig_argv):
    from mailweave.batch import rendering
    before = rendering.ShardRenderer._one
    def one(self, outcome, line, recipient):
        if recipient.key == "00111":
            os._exit(9)
        if recipient.key == "00122":
            import time
            time.sleep(3600)
        return before(self, outcome, line, recipient)
    rendering.ShardRenderer._one = one
"""


def dead(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (out / "dead.jsonl").read_text(encoding="utf-8").splitlines()]


def messages(out: Path) -> list[dict[str, Any]]:
    files = sorted(p for p in (out / "shards").glob("*.jsonl") if p.name.count(".") == 1)
    return [json.loads(line) for p in files for line in p.read_text(encoding="utf-8").splitlines()]


def test_everybody_is_accounted_for(clean: Path) -> None:
    report = json.loads((clean / "report.json").read_text(encoding="utf-8"))
    assert report["recipients"] == report["rendered"] + report["skipped"] + report["dead"] == SIZE
    assert report["codes"] == {"bad_data": 14, "bad_json": 8}
    assert len(messages(clean)) == report["rendered"]
    assert report["slots"]["hero"] == {"welcome": report["rendered"]}


def test_dead_letters_name_line_key_and_code_and_no_value(clean: Path) -> None:
    for letter in dead(clean):
        assert set(letter) == {"line", "key", "code", "field", "reason"}
        number = int(str(letter["line"])) - 1
        assert letter["code"] == ("bad_json" if number % 53 == 7 else "bad_data")
    broken = next(one for one in dead(clean) if one["code"] == "bad_data")
    assert "first_name" in str(broken["reason"])


def test_idempotency_keys_are_stable_and_unlike(clean: Path) -> None:
    keys = [one["idempotency_key"] for one in messages(clean)]
    assert len(set(keys)) == len(keys)


def test_bytes_do_not_depend_on_workers_order_locale_or_hash_seed(
    people: Path, clean: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    environment = {"PYTHONHASHSEED": "3", "LANG": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu"}
    done = batch(people, out, "--format", "jsonl", "--workers", "3", env=environment)
    assert done.returncode == 0, done.stderr
    assert output(out) == output(clean)


def test_a_recipient_that_kills_or_hangs_a_worker_is_found(clean: Path, tmp_path: Path) -> None:
    few = tmp_path / "people.jsonl"
    few.write_text("\n".join(map(row, range(100, 140))) + "\n", encoding="utf-8")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(PATCH, encoding="utf-8")
    out = tmp_path / "out"
    patch = {"PYTHONPATH": str(tmp_path / "site")}
    done = batch(few, out, "--format", "jsonl", "--shard-size", "10", "--patience", "6", env=patch)
    assert done.returncode == 0, done.stderr
    poisoned = {one["key"] for one in dead(out) if one["code"] == "worker_died"}
    assert poisoned == {"00111", "00122"}
    good = {one["key"] for one in messages(out)}
    wanted = {one["key"] for one in messages(clean) if 100 <= int(str(one["key"])) < 140}
    assert good == wanted - poisoned


def test_sigterm_commits_what_is_whole_and_resume_gives_the_same_bytes(
    people: Path, clean: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(command(people, out, "--format", "jsonl"), stderr=subprocess.PIPE)
    manifest = out / "manifest.jsonl"
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and (not manifest.exists() or manifest.read_bytes().count(b"\n") < 3):
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=120)
    assert process.returncode in (0, 75)  # 0 when the list ended first
    again = batch(people, out, "--format", "jsonl", "--resume")
    assert again.returncode == 0, again.stderr
    assert output(out) == output(clean)


def test_workers_end_when_their_parent_dies(people: Path, tmp_path: Path) -> None:
    psutil = pytest.importorskip("psutil")
    process = subprocess.Popen(
        command(people, tmp_path / "out"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    family: list[object] = []
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and len(family) < 2 and process.poll() is None:
        family = psutil.Process(process.pid).children(recursive=True)
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=20)
    assert not alive


def test_a_changed_list_is_refused(people: Path, tmp_path: Path) -> None:
    mine = tmp_path / "people.jsonl"
    mine.write_bytes(people.read_bytes())
    out = tmp_path / "out"
    assert batch(mine, out).returncode == 0
    mine.write_text("\n".join(map(row, range(SIZE - 1))), encoding="utf-8")
    done = batch(mine, out, "--resume")
    assert done.returncode == 1
    assert "MW802" in done.stderr
    assert "the input" in done.stderr


@pytest.mark.parametrize(("rule", "name"), [("first", "One"), ("last", "Two")])
def test_doubles_are_refused_or_merged_as_told(tmp_path: Path, rule: str, name: str) -> None:
    people = tmp_path / "people.jsonl"
    rows = [
        {"id": "1", "email": "a@example.com", "first_name": first, "consent": {"marketing": True}}
        for first in ("One", "Two")
    ]
    people.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    refused = batch(people, tmp_path / "refused")
    assert refused.returncode == 1
    assert "MW806" in refused.stderr
    out = tmp_path / "out"
    assert batch(people, out, "--duplicates", rule, "--format", "jsonl").returncode == 0
    (message,) = messages(out)
    assert message["subject"] == f"Hello, {name}"
    assert json.loads((out / "report.json").read_text())["merged_duplicates"] == 1


@pytest.mark.parametrize("form", ["parquet", "eml", "mbox", "maildir"])
def test_every_format_holds_the_same_messages(people: Path, clean: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    done = batch(people, out, "--format", form, "--shard-size", "500")
    assert done.returncode == 0, done.stderr
    assert subjects(out, form) == sorted(one["subject"] for one in messages(clean))


def subjects(out: Path, form: str) -> list[str]:
    shards = sorted((out / "shards").glob("000000.*"))
    file = next(p for p in shards if not p.name.endswith(".jsonl"))
    if form == "parquet":
        return sorted(one["subject"] for one in pq.read_table(file).to_pylist())
    if form == "mbox":
        parsed = [message_from_bytes(bytes(one), policy=default) for one in mailbox.mbox(file)]
    else:
        with tarfile.open(file) as tar:
            parsed = [message_from_bytes(tar.extractfile(m).read(), policy=default) for m in tar]  # type: ignore[union-attr]  # all are files
    return sorted(one["Subject"] for one in parsed)


def test_bytes_do_not_depend_on_who_answers_the_rules(people: Path, clean: Path, tmp_path: Path) -> None:
    sure = json.loads((clean / "report.json").read_text(encoding="utf-8"))["rules"]
    assert sure["answered_in_sql"] == SIZE - 8  # all but those whose line is no JSON
    out = tmp_path / "out"
    report = run(CAMPAIGN, str(people), out, format="jsonl", shard_size=20, workers=1, in_sql=False)
    assert report["rules"] == {
        "answered_in_sql": 0,
        "answered_in_python": SIZE,
        "why_not_in_sql": "not asked for",
    }
    assert output(out) == output(clean)


FULL = """
import errno, sys
from mailweave.batch.disk import Disk
before = Disk.write
def write(self, path, content):
    if path.name.startswith(".000003") and "spawn" in " ".join(sys.orig_argv):
        raise OSError(errno.ENOSPC, "No space left on device")
    return before(self, path, content)
Disk.write = write
"""


def test_a_full_disk_under_a_worker_is_said_and_resumed_from(
    people: Path, clean: Path, tmp_path: Path
) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(FULL, encoding="utf-8")
    out = tmp_path / "out"
    done = batch(people, out, "--format", "jsonl", env={"PYTHONPATH": str(tmp_path / "site")})
    assert done.returncode == 1
    assert "MW810" in done.stderr
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr
    again = batch(people, out, "--format", "jsonl", "--resume")
    assert again.returncode == 0, again.stderr
    assert output(out) == output(clean)


def test_an_output_that_cannot_be_written_is_said(people: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    with pytest.raises(BatchError, match="MW810"):
        run(CAMPAIGN, str(people), tmp_path / "out")

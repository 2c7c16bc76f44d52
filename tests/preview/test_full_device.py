"""A preview on a device that takes no more: it says what is wrong, and goes on without keeping anything."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.preview.conftest import CORNER, Running

from mailweave.preview.desk import own_fault

COMMAND = [sys.executable, "-m", "mailweave", "preview"]


def no_file() -> None:
    """No file can grow, as on a full disk; pipes and sockets can be written."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_address_that_cannot_be_written_is_told_elsewhere() -> None:
    with Path("/dev/full").open("wb") as full:
        process = subprocess.Popen(
            [*COMMAND, str(CORNER), "--no-open"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert process.stderr is not None
    said = process.stderr.readline()
    assert "standard output cannot be written (No space left on device)" in said
    running = Running(said.rpartition(" ")[2].strip(), CORNER)
    assert running.compiled()["current"], "it goes on"
    process.terminate()
    assert process.communicate(timeout=30)[1] == ""


def test_nothing_that_can_be_written_is_no_fault(tmp_path: Path) -> None:
    shutil.copytree(CORNER, tmp_path / "corner")
    settings = {**os.environ, "MAILWEAVE_CACHE": str(tmp_path / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        [*COMMAND, str(tmp_path / "corner"), "--no-open"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=settings,
        preexec_fn=no_file,
    )
    assert process.stdout is not None
    running = Running(process.stdout.readline().strip(), tmp_path / "corner")
    state = running.compiled()
    asked = [
        running.ask("search", text="di@"),
        *(running.ask("mail", kind=kind, name=name) for kind, name in (("saved", "ann"), ("listed", "k1"))),
        running.ask("cover"),
    ]
    assert state["current"]
    assert "internal fault" not in json.dumps([state, *asked])
    assert [one["status"] for one in asked[1:3]] == ["rendered", "rendered"]
    process.terminate()
    assert process.communicate(timeout=30)[1] == ""
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert kept == [], "nothing was kept"


def test_a_refusal_of_the_system_is_said_plainly() -> None:
    found = own_fault(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/tmp/mailweave-x"))
    assert found.message == "this cannot be done as asked: the system refuses a file: No space left on device"
    assert "TMPDIR" in found.help
    assert "mailweave-x" not in str(found)
    assert "internal fault" in own_fault(ValueError("ann@example.com")).message

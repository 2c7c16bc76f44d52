"""Killed at random moments and resumed until it ends: the bytes are those of a clean run."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.batch.conftest import batch, command, output
from tests.conftest import part_of


def disturb(people: Path, out: Path, kills: int, seed: int) -> int:
    """Kills a batch, or one of its workers, at random moments; returns how often."""
    psutil = pytest.importorskip("psutil")
    chance, done = random.Random(seed), 0
    longest = 3.0
    while done < kills:
        process = subprocess.Popen(
            command(people, out, "--format", "jsonl", "--resume"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(timeout=chance.uniform(0.5, longest))
            longest = max(1.0, longest * 0.8)  # it ended by itself: strike earlier
            for part in out.rglob("*"):
                if part.is_file():
                    part.unlink()
            continue
        except subprocess.TimeoutExpired:
            family = psutil.Process(process.pid).children(recursive=True)
        victims = [p.pid for p in family] if family and chance.random() < 0.3 else [process.pid]
        for victim in victims[:1]:
            with_suppressed_kill(victim)
        done += 1
        if victims[0] != process.pid:
            time.sleep(0.2)
            with_suppressed_kill(process.pid)
        process.wait()
        tear(out, chance)
    return done


def with_suppressed_kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def tear(out: Path, chance: random.Random) -> None:
    """Sometimes what a crash of the machine may leave: a torn or garbage end of the manifest."""
    manifest = out / "manifest.jsonl"
    if not manifest.exists() or chance.random() > 0.3:
        return
    with manifest.open("r+b") as file:
        end = file.seek(0, os.SEEK_END)
        if chance.random() < 0.5:
            file.truncate(max(0, end - chance.randint(1, 30)))
        else:
            file.write(chance.randbytes(20))


def test_twenty_kills(people: Path, clean: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert disturb(people, out, 20, seed=1) == 20
    done = batch(people, out, "--format", "jsonl", "--resume")
    assert done.returncode == 0, done.stderr
    assert output(out) == output(clean)


@pytest.mark.deep
def test_two_hundred_kills(people: Path, clean: Path, tmp_path: Path) -> None:
    for seed in range(part_of(10)):
        out = tmp_path / str(seed)
        assert disturb(people, out, 20, seed=seed) == 20
        done = batch(people, out, "--format", "jsonl", "--resume")
        assert done.returncode == 0, done.stderr
        assert output(out) == output(clean)

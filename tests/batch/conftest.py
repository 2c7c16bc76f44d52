"""A list of made-up recipients, some of them wrong, and ways to run a batch over it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = ROOT / "fixtures" / "campaigns" / "smallest"
SIZE = 400


def row(number: int) -> str:
    """One line of the list: mostly good, some without consent, some broken."""
    if number % 53 == 7:
        return '{"id": "broken", '
    person: dict[str, Any] = {
        "id": f"{number:05d}",
        "email": f"p{number}@example.com",
        "first_name": f"Zoë {number}",
    }
    person["consent"] = {"marketing": number % 11 != 3}
    if number % 29 == 5:
        person["first_name"] = number
    return json.dumps(person)


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("list") / "people.jsonl"
    path.write_text("\n".join(map(row, range(SIZE))) + "\n", encoding="utf-8")
    return path


def command(people: Path, out: Path, *options: str) -> list[str]:
    """The command line of a batch with small shards and two workers."""
    base = [sys.executable, "-m", "mailweave", "batch", str(CAMPAIGN), "--profiles", str(people)]
    return [*base, "--out", str(out), "--shard-size", "20", "--workers", "2", *options]


def batch(
    people: Path, out: Path, *options: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(people, out, *options),
        capture_output=True,
        text=True,
        env={**os.environ, **(env or {})},
        check=False,
        timeout=900,
    )


def output(out: Path) -> dict[str, bytes]:
    """Everything that depends on the input alone."""
    names = [
        "manifest.jsonl",
        "dead.jsonl",
        *(f"shards/{p.name}" for p in sorted((out / "shards").iterdir())),
    ]
    return {name: (out / name).read_bytes() for name in names}


@pytest.fixture(scope="session")
def clean(people: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run that nothing disturbed."""
    out = tmp_path_factory.mktemp("clean") / "out"
    done = batch(people, out, "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    return out

"""A list of made-up people, the mails that a batch makes of it, and what comes back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mailweave import Campaign, Environment

ROOT = Path(__file__).resolve().parents[2]
TRIAL = ROOT / "fixtures" / "insight" / "trial"
SENT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PEOPLE = 600
Row = dict[str, Any]


def person(number: int) -> Row:
    """One of the list; every eleventh has not agreed to anything, and gets the mail all the same: no rule asks."""
    return {
        "id": f"{number:05d}",
        "email": f"p{number}@example.com",
        "household": f"h{number // 2}",
        "plan": "gold" if number % 3 else "free",
        "locale": "de" if number % 5 == 0 else "en",
    }


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return Environment().compile(TRIAL)


@pytest.fixture(scope="session")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The output of a batch in a format."""
    folder = tmp_path_factory.mktemp("sent")
    people = folder / "people.jsonl"
    people.write_text("".join(json.dumps(person(n)) + "\n" for n in range(PEOPLE)), encoding="utf-8")

    @cache
    def batch(form: str) -> Path:
        command = [sys.executable, "-m", "mailweave", "batch", str(TRIAL), "--profiles", str(people)]
        command += ["--out", str(folder / form), "--format", form, "--shard-size", "250", "--workers", "1"]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        return folder / form

    return batch


def event(number: int, kind: str, hours: float = 5, **others: Any) -> Row:
    """What somebody did, so many hours behind the mail."""
    at = (SENT + timedelta(hours=hours)).isoformat().replace("+00:00", "Z")
    return {"profile": f"{number:05d}", "type": kind, "at": at, **others}


def happened() -> list[Row]:
    """Readers and machines, clicks in blocks, orders; and what does not count."""
    made = [event(n, "open", id=f"o{n}") for n in range(0, PEOPLE, 2)]
    made += [event(n, "open", machine=True) for n in range(0, PEOPLE, 3)]
    made += [event(n, "click", block="welcome" if n % 4 else "shelf") for n in range(0, PEOPLE, 7)]
    made += [event(n, "click", machine="true") for n in range(5, PEOPLE, 90)]
    made += [event(n, "purchase", 30, total="12.50", id=f"p{n}") for n in range(0, PEOPLE, 9)]
    made += [event(n, "purchase", 60, total=7.5) for n in range(0, PEOPLE, 18)]
    made += [event(n, "complaint", 1, idempotency_key="") for n in range(0, PEOPLE, 150)]
    made += [event(0, "open", id="o0"), event(9, "purchase", 30, total="12.50", id="p9")]  # doubled
    made += [event(1, "purchase", 24 * 7, total="99"), event(1, "click", -1)]  # outside of the days
    made += [event(99_999, "open"), event(3, "visit")]  # of nobody, of another type
    return made


def write(path: Path, events: list[Row]) -> str:
    """A list of events in lines of JSON."""
    path.write_text("".join(json.dumps(one) + "\n" for one in events), encoding="utf-8")
    return str(path)


@pytest.fixture
def events(tmp_path: Path) -> str:
    return write(tmp_path / "events.jsonl", happened())

"""Made-up recipients, and the output of a batch over them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mailweave.batch import run

ROOT = Path(__file__).resolve().parents[3]
CAMPAIGN = ROOT / "fixtures" / "delivery" / "sending" / "letter"
ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo", "")


def person(number: int) -> dict[str, Any]:
    """Most want mail; names are of several scripts; domains differ."""
    return {
        "id": f"{number:05d}",
        "email": f"p{number}@{'example.org' if number % 3 else 'mail.example.net'}",
        "name": ("Ann Lee", "Zoë, Inc.", "李 明")[number % 3],
        "zone": ZONES[number % len(ZONES)],
        "consent": {"marketing": number % 11 != 3},
    }


def rendered(
    folder: Path, people: Iterable[dict[str, Any]], form: str = "eml", shard_size: int = 20, workers: int = 1
) -> Path:
    """The folder of a finished output."""
    people_file, out = folder / "people.jsonl", folder / "out"
    people_file.write_text("".join(json.dumps(one) + "\n" for one in people), encoding="utf-8")
    run(CAMPAIGN, people_file, out, format=form, shard_size=shard_size, workers=workers)
    return out

"""The list of `tests/campaign/event_campaign.py`, in files."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tests.campaign.event_campaign import people


def listed(folder: Path, count: int, seed: int) -> tuple[Path, Path]:
    """Profiles and events, as lines of JSON."""
    who, happened = folder / "people.jsonl", folder / "events.jsonl"
    with who.open("w", encoding="utf-8") as profiles, happened.open("w", encoding="utf-8") as events:
        for profile, mine in people(count, seed):
            profiles.write(json.dumps(profile) + "\n")
            for one in mine:
                events.write(json.dumps({"profile": profile["id"], **one}) + "\n")
    return who, happened


def typed(folder: Path, count: int, seed: int) -> tuple[Path, Path]:
    """The same as Parquet, in columns of their own types."""
    who, happened = folder / "people.parquet", folder / "events.parquet"
    everybody = list(people(count, seed))
    events = [
        {**one, "profile": profile["id"], "at": datetime.fromisoformat(one["at"])}
        | ({"total": Decimal(one["total"])} if "total" in one else {})
        for profile, mine in everybody
        for one in mine
    ]
    kinds = {"at": pa.timestamp("us", "UTC"), "total": pa.decimal128(18, 4), "seconds": pa.float64()}
    names = ("profile", "type", "at", "total", "item", "page", "seconds", "url")
    columns = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    pq.write_table(pa.Table.from_pylist(events, columns), happened)
    consent = pa.struct([("profiling", pa.bool_())])
    own = pa.schema([("id", pa.string()), ("email", pa.string()), ("tz", pa.string()), ("consent", consent)])
    pq.write_table(pa.Table.from_pylist([profile for profile, _ in everybody], own), who)
    return who, happened

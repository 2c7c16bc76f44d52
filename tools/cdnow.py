"""python tools/cdnow.py CDNOW_master.txt: write fixtures/cdnow/{profiles,events}.parquet.

Customers and purchases are real (CDNOW 1997-98); what the data does not hold is derived from a hash
of the customer id, so that every run writes the same rows. fixtures/cdnow/README.md says which is which.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

OUT = Path(__file__).resolve().parents[1] / "fixtures" / "cdnow"
NOW = datetime(1998, 7, 1, 9, tzinfo=UTC)
NAMES = (
    "Ada Alan Amelia Anna Bela Benoit Carla Chen Clara Daniel Dina Edgar Elena Emil Fatima Felix Grace Hana "
    "Henry Ines Ivan Jonas Julia Karim Kofi Laura Leo Lina Marc Maria Mina Nadia Nils Nora Olga Omar Paul "
    "Petra Rosa Sami Sofia Theo Tomas Uma Vera Viktor Wanda Yusuf Zoe"
).split()
COUNTRIES = ("US",) * 7 + ("CA",) * 2 + ("GB",)
ZONES = {
    "US": ("America/New_York", "America/Chicago", "America/Los_Angeles"),
    "CA": ("America/Toronto", "America/Vancouver"),
    "GB": ("Europe/London",),
}
GENRES = ("rock", "jazz", "blues", "classical", "folk", "pop")
DISCS = tuple(f"CD-{number:04d}" for number in range(1, 41))

Purchase = tuple[date, int, Decimal]


def chance(*parts: object) -> float:
    """A number in 0..1 that depends on `parts` alone."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def pick(options: tuple[str, ...] | list[str], *parts: object) -> str:
    return options[int(chance(*parts) * len(options))]


def read(path: Path) -> dict[str, list[Purchase]]:
    customers: dict[str, list[Purchase]] = {}
    for line in path.read_text().splitlines()[1:]:
        key, day, count, dollars = line.split()
        on = date(int(day[:4]), int(day[4:6]), int(day[6:]))
        customers.setdefault(key, []).append((on, int(count), Decimal(dollars)))
    return customers


def profile(key: str, purchases: list[Purchase]) -> dict[str, Any]:
    seen = [p for p in purchases if p[0] <= NOW.date()]
    country = pick(list(COUNTRIES), "country", key)
    wanted = [genre for genre in GENRES if chance("genre", key, genre) < 0.25]
    born = date(1930, 1, 1) + timedelta(days=int(chance("born", key) * 55 * 365.25))
    return {
        "id": key,
        "email": f"customer{key}@example.com",
        "first_name": None if chance("nameless", key) < 0.06 else pick(NAMES, "name", key),
        "country": country,
        "tz": None if chance("zoneless", key) < 0.1 else pick(list(ZONES[country]), "zone", key),
        "birthday": None if chance("ageless", key) < 0.3 else born,
        "signup_at": at_noon(purchases[0][0]),
        "orders": len(seen),
        "lifetime_value": sum((p[2] for p in seen), Decimal(0)),
        "interests": wanted,
        "consent": {
            "marketing": chance("marketing", key) < 0.9,
            "profiling": chance("profiling", key) < 0.7,
        },
        "lists": {"for_you": recommended(key)},
    }


def recommended(key: str) -> list[str]:
    """Six in ten have recommendations of their own; the others are a cold start."""
    if chance("known", key) >= 0.6:
        return []
    ranked = sorted(DISCS, key=lambda sku: chance("taste", key, sku))
    return ranked[: 2 + int(chance("many", key) * 5)]


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def events(key: str, purchases: list[Purchase]) -> Iterator[dict[str, Any]]:
    for on, count, dollars in purchases:
        yield {"type": "purchase", "at": at_noon(on), "total": dollars, "quantity": count}
    last = max((p[0] for p in purchases if p[0] <= NOW.date()), default=NOW.date())
    keen = 0.9 if (NOW.date() - last).days < 90 else 0.35
    for week in range(26):  # a made-up newsletter each week of the half year before `now`
        sent = NOW - timedelta(days=7 * week + 2, hours=int(chance("hour", key, week) * 12))
        if chance("opened", key, week) < keen * 0.3:
            yield {"type": "open", "at": sent, "machine": chance("machine", key, week) < 0.2}
            if chance("clicked", key, week) < 0.2:
                yield {"type": "click", "at": sent + timedelta(minutes=3)}
    if chance("winback", key) < 0.04:
        yield {"type": "sent", "at": NOW - timedelta(days=5), "block": "hero_winback"}
    if chance("complaint", key) < 0.003:
        yield {"type": "complaint", "at": NOW - timedelta(days=40)}


def main(path: str) -> None:
    customers = read(Path(path))
    profiles = [profile(key, customers[key]) for key in sorted(customers)]
    rows = [{"profile": key, **event} for key in sorted(customers) for event in events(key, customers[key])]
    write("profiles", profiles, PROFILES)
    write("events", rows, EVENTS)


INSTANT = pa.timestamp("us", tz="UTC")
PROFILES = pa.schema(
    [
        ("id", pa.string()),
        ("email", pa.string()),
        ("first_name", pa.string()),
        ("country", pa.string()),
        ("tz", pa.string()),
        ("birthday", pa.date32()),
        ("signup_at", INSTANT),
        ("orders", pa.int32()),
        ("lifetime_value", pa.decimal128(18, 4)),
        ("interests", pa.list_(pa.string())),
        ("consent", pa.struct([("marketing", pa.bool_()), ("profiling", pa.bool_())])),
        ("lists", pa.struct([("for_you", pa.list_(pa.string()))])),
    ]
)
EVENTS = pa.schema(
    [
        ("profile", pa.string()),
        ("type", pa.string()),
        ("at", INSTANT),
        ("total", pa.decimal128(18, 4)),
        ("quantity", pa.int32()),
        ("machine", pa.bool_()),
        ("block", pa.string()),
    ]
)


def write(name: str, rows: list[dict[str, Any]], schema: pa.Schema) -> None:
    table = pa.Table.from_pylist(rows, schema=schema)
    OUT.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, OUT / f"{name}.parquet", compression="zstd", compression_level=19)
    print(f"{name}: {table.num_rows} rows, {(OUT / f'{name}.parquet').stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1])

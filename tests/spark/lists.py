"""Lists for tests of Spark: some people wrong, some without consent, in each kind of file."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from mailweave.batch.columns import rows

ROOT = Path(__file__).resolve().parents[2]
CDNOW, SMALLEST = ROOT / "fixtures/campaigns/cdnow-winback", ROOT / "fixtures/campaigns/smallest"
CUSTOMERS = ROOT / "fixtures/cdnow"


def person(number: int) -> dict[str, Any]:
    """Mostly good; some have not agreed, some have an address that is none."""
    address = "two words" if number % 29 == 5 else f"p{number}@example.com"
    name = f'Zoë "{number}",\nit\'s me' if number % 7 else None
    return {
        "id": f"{number:05d}",
        "email": address,
        "first_name": name,
        "consent": {"marketing": number % 11 != 3},
    }


def people(folder: Path, kind: str, size: int) -> Path:
    """A list for the smallest campaign."""
    path = folder / f"people.{kind}"
    listed = [person(number) for number in range(size)]
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(listed), path, row_group_size=50)
    elif kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(["id", "email", "first_name", "consent.marketing"])
            for one in listed:
                out.writerow([one["id"], one["email"], one["first_name"] or "", one["consent"]["marketing"]])
    else:
        lines = [
            '{"id": "broken", ' if number % 53 == 7 else json.dumps(one) for number, one in enumerate(listed)
        ]
        lines.insert(3, "")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def customers(folder: Path, size: int, kind: str = "parquet") -> tuple[Path, Path]:
    """The first customers of CDNOW and their events, and events of people who are not on the list."""
    profiles = pq.read_table(CUSTOMERS / "profiles.parquet").slice(0, size)
    keys = [*profiles["id"].to_pylist(), "23000"]
    events = pq.read_table(CUSTOMERS / "events.parquet")
    events = events.filter(pa.compute.is_in(events["profile"], pa.array(keys)))
    for name, table in (("profiles", profiles), ("events", events)):
        if kind == "parquet":
            pq.write_table(table, folder / f"{name}.parquet")
            continue
        found = (row for batch in table.to_batches() for row in rows(batch))
        text = "".join(json.dumps(row, default=_plain) + "\n" for row in found)
        (folder / f"{name}.{kind}").write_text(text, encoding="utf-8")
    return folder / f"profiles.{kind}", folder / f"events.{kind}"


def _plain(value: Any) -> str:
    return str(value) if isinstance(value, Decimal) else value.isoformat()

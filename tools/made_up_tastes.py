"""python tools/made_up_tastes.py FOLDER: people with tastes, what they bought, and a catalogue; all of it made up.

For `make recommend`. Everybody likes one of six kinds of discs, says so, and takes four of five from it; every tenth has
not agreed to profiling, and the last 200 come late. The same files come out each time.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PEOPLE, LATE, OF_A_KIND, DAYS, LATE_DAYS = 1_200, 200, 20, 300, 20
KINDS = ("rock", "folk", "jazz", "soul", "classic", "world")


def people() -> Iterator[dict[str, Any]]:
    for at in range(PEOPLE):
        consent = {"marketing": True, "profiling": at % 10 != 0}
        yield {
            "id": f"{at:05d}",
            "email": f"p{at}@example.com",
            "orders": 1,
            "interests": [KINDS[at % len(KINDS)]],
            "consent": consent,
        }


def bought() -> Iterator[dict[str, Any]]:
    drawn = random.Random(2)
    for at in range(PEOPLE):
        for _ in range(drawn.randint(0, 12)):
            kind = at % len(KINDS) if drawn.random() < 0.8 else drawn.randrange(len(KINDS))
            since = DAYS - LATE_DAYS if at >= PEOPLE - LATE else 0
            when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=drawn.randrange(since, DAYS))
            sku = f"CD-{kind * OF_A_KIND + int(OF_A_KIND * drawn.random() ** 2):04d}"
            yield {"profile": f"{at:05d}", "type": "bought", "at": when.isoformat(), "sku": sku}


def discs() -> Iterator[dict[str, Any]]:
    drawn = random.Random(3)
    for at in range(len(KINDS) * OF_A_KIND):
        kind, price = KINDS[at // OF_A_KIND], 9.99 + drawn.randrange(12)
        yield {"sku": f"CD-{at:04d}", "title": f"Disc {at}", "kind": kind, "price": f"{price:.2f}"}


def main(folder: Path) -> None:
    (folder / "context.json").write_text(json.dumps({"catalogs": {"discs": list(discs())}}), encoding="utf-8")
    for name, rows in (("people", people()), ("bought", bought())):
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

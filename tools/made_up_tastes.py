"""python tools/made_up_tastes.py FOLDER: people with tastes, and what they bought; all of it made up.

For `make recommend`. Everybody likes one of six kinds of discs and takes four of five from it; every tenth has not agreed
to profiling. The same files come out each time.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

PEOPLE, KINDS, OF_A_KIND, DAYS = 1_000, 6, 20, 300


def people() -> Iterator[dict[str, Any]]:
    for at in range(PEOPLE):
        consent = {"marketing": True, "profiling": at % 10 != 0}
        yield {
            "id": f"{at:05d}",
            "email": f"p{at}@example.com",
            "orders": 1,
            "interests": [],
            "consent": consent,
        }


def bought() -> Iterator[dict[str, Any]]:
    drawn = random.Random(2)
    for at in range(PEOPLE):
        for _ in range(drawn.randint(0, 12)):
            kind = at % KINDS if drawn.random() < 0.8 else drawn.randrange(KINDS)
            when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=drawn.randrange(DAYS))
            sku = f"CD-{kind * OF_A_KIND + int(OF_A_KIND * drawn.random() ** 2):04d}"
            yield {"profile": f"{at:05d}", "type": "bought", "at": when.isoformat(), "sku": sku}


def main(folder: Path) -> None:
    for name, rows in (("people", people()), ("bought", bought())):
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

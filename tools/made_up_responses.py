"""python tools/made_up_responses.py OUTPUT FILE: what recipients of an output of rows might have done, all of it made up.

For `make insight` and `make learned`. It follows from a hash of the idempotency key, so that every run writes the same;
who is shown a block of `BETTER` does more than others, by construction.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

MADE_UP = {"machine": 0.35, "open": 0.22, "click": 0.05, "purchase": 0.03, "complaint": 0.002}
BETTER = {
    "hero_soft_winback": {"click": 0.065, "purchase": 0.05},
    "gift": {"click": 0.09},
    "jazz": {"click": 0.07},
}


def chance(key: str, what: str) -> float:
    """A number in 0..1 that depends on these alone."""
    return int.from_bytes(hashlib.sha256(f"{what} {key}".encode()).digest()[:8], "big") / 2**64


def responses(key: str, selection: str, sent: datetime) -> Iterator[dict[str, Any]]:
    """The events of one recipient."""
    shown = json.loads(selection)
    rates = MADE_UP | BETTER.get(shown["hero"][0], {})
    for what, rate in rates.items():
        if chance(key, what) < rate:
            hours = 1 if what == "machine" else 100 * chance(key, f"when {what}")
            event = {"idempotency_key": key, "type": "open" if what == "machine" else what}
            event["at"] = (sent + timedelta(hours=hours)).isoformat(timespec="seconds")
            if what == "machine":
                yield {**event, "machine": True}
            elif what == "click":
                yield {**event, "block": shown["hero"][0]}
            else:
                yield (
                    {**event, "total": f"{8 + 60 * chance(key, 'total') ** 3:.2f}"}
                    if what == "purchase"
                    else event
                )


def main(output: Path, file: Path) -> None:
    import duckdb

    head = json.loads((output / "manifest.jsonl").open(encoding="utf-8").readline())["entry"]
    sent = datetime.fromisoformat(head["options"]["now"])
    query = "SELECT idempotency_key, selection FROM read_parquet(?) ORDER BY idempotency_key"
    rows = duckdb.execute(query, [str(output / "shards" / "*.parquet")]).fetchall()
    with file.open("w", encoding="utf-8") as to:
        to.writelines(
            json.dumps(event) + "\n" for key, selection in rows for event in responses(key, selection, sent)
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

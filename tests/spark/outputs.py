"""Outputs of a list, compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from mailweave.batch.rows import COLUMNS

SAME = ("recipients", "rendered", "skipped", "dead", "input_rows", "merged_duplicates", "events_of_nobody")
SAME_TOO = ("slots", "arms", "skips", "codes", "amp", "characters", "largest")


def messages(out: Path) -> dict[str, dict[str, Any]]:
    """Messages by key; each is there once."""
    found: list[dict[str, Any]] = []
    for file in sorted((out / "shards").glob("*.parquet")):
        table = pq.read_table(file)
        assert tuple(table.schema.names) == COLUMNS
        assert table["key"].to_pylist() == sorted(table["key"].to_pylist())
        found += table.to_pylist()
    by_key = {one["key"]: one for one in found}
    assert len(by_key) == len(found)
    return by_key


def skipped(out: Path) -> list[str]:
    files = (out / "shards").glob("*.skipped.jsonl")
    return sorted(line for file in files for line in file.read_text(encoding="utf-8").splitlines())


def letters(out: Path) -> list[str]:
    """Dead letters, in their order."""
    return (out / "dead.jsonl").read_text(encoding="utf-8").splitlines()


def same(at_home: Path, on_spark: Path) -> None:
    """Whether two outputs say the same of everybody."""
    assert messages(on_spark) == messages(at_home)
    assert skipped(on_spark) == skipped(at_home)
    assert letters(on_spark) == letters(at_home)
    one, other = (json.loads((out / "report.json").read_text()) for out in (at_home, on_spark))
    for name in (*SAME, *SAME_TOO):
        assert one[name] == other[name], name

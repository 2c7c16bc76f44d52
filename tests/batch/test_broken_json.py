"""A line that readers of JSON disagree about is nobody's, and letters stand in one order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mailweave.batch import run
from tests.batch.broken_json import write

SMALLEST = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "smallest"


def letters_of(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "dead.jsonl").read_bytes().splitlines()]


def test_who_stands_in_a_broken_line_is_a_dead_letter_behind_the_others(tmp_path: Path) -> None:
    wanted = write(tmp_path / "list.jsonl")
    report = run(SMALLEST, tmp_path / "list.jsonl", tmp_path / "out", workers=1, shard_size=5)
    found = letters_of(tmp_path / "out")
    told = {letter["line"]: letter["code"] for letter in found}
    assert {n: told.get(n, "mail") for n in range(1, len(wanted) + 1)} == {
        number: outcome for number, (_, outcome) in enumerate(wanted, 1)
    }
    assert (report["rendered"], report["duplicates"]) == (9, 0)
    keyed = [letter["key"] for letter in found if letter["key"]]
    assert keyed == sorted(keyed)
    assert [letter["key"] for letter in found] == [*keyed, *[""] * (len(found) - len(keyed))]
    unkeyed = [letter["line"] for letter in found if not letter["key"]]
    assert unkeyed == sorted(unkeyed)

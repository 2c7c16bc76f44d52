"""Cases of triggers: what happened, and the mails that go out; in any order of the lines."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.triggers.shop import FIXTURES, PEOPLE, UNTIL, campaign, event, mails, rows, run, written

CASES = tomllib.loads((FIXTURES / "cases.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_the_mails_of_a_case(case: dict[str, Any], tmp_path: Path) -> None:
    lines = [event(line) for line in case["events"]]
    random.Random(case["name"]).shuffle(lines)
    more = [*PEOPLE, *(("--since", case["since"]) if "since" in case else ())]
    asked = written(tmp_path / "events.jsonl", lines)
    result = run(
        tmp_path, campaign(tmp_path, case["rules"]), events=asked, until=case.get("until", UNTIL), more=more
    )
    assert result.exit_code == 0, result.output
    assert mails(tmp_path) == sorted(case["mails"], key=lambda one: one.split()[-1])
    found = rows(tmp_path)
    assert len({row["mail"] for row in found} | {row["idempotency_key"] for row in found}) == 2 * len(found)
    assert [row["subject"] for row in found] == case.get("subjects", ["Hello"] * len(found))
    assert all(case.get("shows", "") in row["html"] for row in found)

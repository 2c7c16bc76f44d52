"""Cases of triggers: what happened, and the mails that go out; in any order of the lines."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.triggers.shop import FIXTURES, PEOPLE, UNTIL, campaign, event, exposed, mails, rows, run, written

CASES = [
    case
    for name in ("cases.toml", "waits.toml")
    for case in tomllib.loads((FIXTURES / name).read_text(encoding="utf-8"))["case"]
]


def _changed(folder: Path, people: list[str]) -> Path:
    """A list of profiles that come after those of everybody."""
    return written(folder / "changed.jsonl", people)


def _declare(rules: Path, attribute: str) -> None:
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("profile {\n", f"profile {{\n  {attribute}\n", 1), encoding="utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_the_mails_of_a_case(case: dict[str, Any], tmp_path: Path) -> None:
    more = [*PEOPLE, *(("--since", case["since"]) if "since" in case else ())]
    made = campaign(tmp_path, case["rules"])
    _declare(made / "shop.rules", case.get("schema", ""))
    for again in [case, *case.get("then", ())]:
        (made / "triggers.rules").write_text(again.get("rules", case["rules"]) + "\n", encoding="utf-8")
        lines = [event(line) for line in again.get("events", case["events"])]
        random.Random(case["name"]).shuffle(lines)
        asked = written(tmp_path / "events.jsonl", lines)
        people = [] if "people" not in again else ["--profiles", str(_changed(tmp_path, again["people"]))]
        until = again.get("until", UNTIL)
        result = run(tmp_path, made, events=asked, until=until, more=[*more, *people])
        assert result.exit_code == case.get("exit", 0), result.output
        assert all(said in result.output for said in again.get("says", ())), result.output
        assert not any(said in result.output for said in again.get("says_not", ())), result.output
    assert mails(tmp_path) == sorted(case["mails"], key=lambda one: one.split()[-1])
    found = rows(tmp_path)
    assert len({row["mail"] for row in found} | {row["idempotency_key"] for row in found}) == 2 * len(found)
    assert [row["subject"] for row in found] == case.get("subjects", ["Hello"] * len(found))
    assert all(case.get("shows", "") in row["html"] for row in found)
    assert [row["arms"] for row in found] == case.get("arms", [row["arms"] for row in found])
    assert exposed(tmp_path) == sorted(case.get("exposed", []))

"""A batch of a campaign that varies constants: the same mails whoever answers the rules, and everybody counted."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailweave import Environment
from mailweave.batch.run import run
from mailweave.batch.segments import count_segments
from mailweave.decisions import Selection
from tests.batch.conftest import ROOT, output

TRIAL = ROOT / "fixtures" / "insight" / "threshold"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SIZE = 240


def person(number: int) -> dict[str, Any]:
    plan = "gold" if number % 3 else "free"
    who = {"id": f"{number:05d}", "email": f"p{number}@example.com", "household": f"h{number // 2}"}
    return {**who, "plan": plan, "orders": number % 9}


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("list")
    profiles, events = folder / "people.jsonl", folder / "events.jsonl"
    profiles.write_text("".join(json.dumps(person(n)) + "\n" for n in range(SIZE)), encoding="utf-8")
    bought = [
        {"type": "buy", "profile": f"{n:05d}", "at": "2026-11-01T09:00:00Z", "total": total}
        for n in range(0, SIZE, 2)
        for total in (20, 150 if n % 4 else 30)
    ]
    events.write_text("".join(json.dumps(one) + "\n" for one in bought), encoding="utf-8")
    return profiles, events


def test_bytes_and_counts_do_not_depend_on_who_answers_the_rules(
    people: tuple[Path, Path], tmp_path: Path
) -> None:
    profiles, events = map(str, people)
    reports = {}
    for in_sql in (True, False):
        out = tmp_path / str(in_sql)
        reports[in_sql] = run(
            TRIAL, profiles, out, events=events, format="jsonl", shard_size=50, workers=1, in_sql=in_sql
        )
    assert output(tmp_path / "True") == output(tmp_path / "False")
    assert reports[True]["rules"]["answered_in_sql"] == 0
    assert "the arm of `by_house`" in reports[True]["rules"]["why_not_in_sql"]
    assert reports[True]["arms"] == reports[False]["arms"] == counted(people)


def counted(people: tuple[Path, Path]) -> dict[str, dict[str, int]]:
    """The arms that the campaign draws, asked one by one."""
    campaign, found = Environment().compile(TRIAL), dict[str, Counter[str]]()
    history: dict[str, list[dict[str, Any]]] = {}
    for line in people[1].read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        history.setdefault(event.pop("profile"), []).append(event)
    for n in range(SIZE):
        chosen = campaign.select(person(n), events=history.get(f"{n:05d}", ()), now=NOW)
        assert isinstance(chosen, Selection)
        for name, arm in chosen.arms.items():
            found.setdefault(name, Counter())[arm] += 1
    return {name: dict(sorted(arms.items())) for name, arms in sorted(found.items())}


def test_segments_are_counted_with_the_arms_that_people_are_in(people: tuple[Path, Path]) -> None:
    campaign = Environment().compile(TRIAL)
    found = count_segments(campaign, [str(people[0])], [str(people[1])], now=NOW)
    often = sum(
        "often" in chosen.evaluation.segments
        for n in range(SIZE)
        if isinstance(chosen := campaign.select(person(n), now=NOW), Selection)
    )
    assert found.segments["often"] == often

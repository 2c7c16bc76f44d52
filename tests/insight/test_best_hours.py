"""mailweave score --model hour: on the recipient's clock, without machines, drawn to everybody, judged later."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.stats import dirichlet_multinomial

from mailweave.cli import group
from mailweave.insight.best_hours import shrunk
from mailweave.insight.local_hours import Hours

LEARNED = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "learned"
ZONES = ("America/New_York", "Europe/Paris", "Asia/Kathmandu")
RULES = """\
event opened { mail: text } keep forever
score hour : int ttl 90 days else 9
score share : ratio ttl 90 days else unknown
segment mornings = score.hour < 12
"""


def events(favourite: bool = True) -> list[dict[str, Any]]:
    """Each of 300 opens at 8 or at 20 on their clock, three of four times; machines open all at 3 in UTC."""
    drawn, made = np.random.default_rng(6), []
    for at in range(300):
        zone = ZoneInfo(ZONES[at % 3])
        for day in np.flatnonzero(drawn.random(360) < 0.05).tolist():
            own = (8 if at % 2 else 20) if favourite else 9
            hour = own if drawn.random() < 0.75 else int(drawn.integers(24))
            moment = datetime(2026, 1, 1, hour, 30, tzinfo=zone) + timedelta(days=day)
            made.append(
                {
                    "profile": f"{at:03d}",
                    "type": "opened",
                    "mail": "x",
                    "at": moment.astimezone(UTC).isoformat(),
                }
            )
            machine: dict[str, Any] = {"at": f"{moment.date()}T03:00:00Z", "machine": True}
            made.extend({"profile": f"{at:03d}", "type": "opened", "mail": "x", **machine} for _ in range(4))
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    campaign = Path(shutil.copytree(LEARNED, tmp_path / "campaign"))
    rules = (campaign / "shop.rules").read_text(encoding="utf-8")
    rules = rules.replace("profile {", 'timezone zone else "UTC"\nprofile {\n  zone : zone?', 1)
    (campaign / "shop.rules").write_text(rules, encoding="utf-8")
    (campaign / "with_hours.rules").write_text(RULES, encoding="utf-8")
    people = [
        {
            "id": f"{at:03d}",
            "email": f"p{at}@example.com",
            "orders": 1,
            "interests": [],
            "zone": ZONES[at % 3],
        }
        for at in range(301)
    ]
    _write(tmp_path / "people.jsonl", people)
    _write(tmp_path / "events.jsonl", events())
    return tmp_path


def _write(file: Path, rows: list[dict[str, Any]]) -> None:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def run(folder: Path, *more: str) -> tuple[int, str]:
    lists = ["--profiles", str(folder / "people.jsonl"), "--events", str(folder / "events.jsonl")]
    asked = ["score", str(folder / "campaign"), *lists, "--model", "hour", "--out", str(folder / "out.jsonl")]
    done = CliRunner().invoke(group, [*asked, "--score", "hour", *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_hours_are_those_of_the_recipients_clock_and_not_of_machines(folder: Path) -> None:
    code, told = run(folder)
    assert code == 0, told
    rows = [json.loads(line) for line in (folder / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    found = {row["id"]: row.get("scores.hour.value") for row in rows}
    assert found.pop("300") is None
    right = [found[f"{at:03d}"] == (8 if at % 2 else 20) for at in range(300)]
    assert sum(right) >= 298
    assert all(isinstance(hour, int) for hour in found.values())
    card = json.loads((folder / "campaign" / "models" / "hour.json").read_text(encoding="utf-8"))
    assert card["facts"]["gain_low"] > 0.2
    done = CliRunner().invoke(
        group,
        [
            "segments",
            str(folder / "campaign"),
            "--profiles",
            str(folder / "out.jsonl"),
            "--now",
            "2026-12-28",
        ],
    )
    assert "mornings" in done.output


def test_hours_that_all_share_are_not_shown_to_help(folder: Path) -> None:
    _write(folder / "events.jsonl", events(favourite=False))
    code, told = run(folder)
    assert (code, "MW892" in told) == (1, True), told
    assert (folder / "out.jsonl").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--score", "share"], "MW893"),
        (["--event", "opning"], "MW886"),
        (["--event", "purchase"], "MW882"),
    ],
)
def test_what_has_no_hour_is_said(arguments: list[str], says: str, folder: Path) -> None:
    code, told = run(folder, *arguments)
    assert (code, says in told) == (1, True), told


def test_the_weight_of_everybody_is_the_likeliest_and_few_events_are_drawn_to_them() -> None:
    drawn = np.random.default_rng(7)
    chances = drawn.dirichlet(8 * np.full(24, 1 / 24) + np.eye(24)[9], size=400)
    counts = np.array([drawn.multinomial(30, one) for one in chances])
    people, hours = np.nonzero(counts)
    times = counts[people, hours]
    found = shrunk(400, Hours(np.repeat(people, times), np.repeat(hours, times), np.zeros(times.sum())))
    base = (counts.sum(axis=0) + 1 / 24) / (counts.sum() + 1)

    def likely(weight: float) -> float:
        return float(dirichlet_multinomial.logpmf(counts, weight * base, 30).sum())

    assert likely(found.weight) > max(likely(found.weight * 1.1), likely(found.weight / 1.1))
    assert found.of_all == 9
    people, hours = np.append(np.repeat(people, times), 400), np.append(np.repeat(hours, times), 3)
    assert shrunk(401, Hours(people, hours, np.zeros(len(hours)))).hours[400] == (
        9 if found.weight * base[9] > 1 else 3
    )

"""mailweave score --clusters: people who act alike, and a tier that the rules take."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from mailweave.cli import group

pytest.importorskip("sklearn")
LEARNED = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "learned"
END = datetime(2026, 6, 30, tzinfo=UTC)
ORDERS, RATES = (2, 12, 60), (0.0, 0.02, 0.2)


def lists(folder: Path, people: int = 450) -> None:
    """Three kinds: few orders and none of late, some, and many."""
    drawn = np.random.default_rng(8)
    rows: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for at in range(people):
        orders = int(drawn.poisson(ORDERS[at % 3])) + 1
        rows.append({"id": f"{at:03d}", "email": "x@example.com", "orders": orders, "interests": []})
        for day in np.flatnonzero(drawn.random(365) < RATES[at % 3]).tolist():
            moment = (END - timedelta(days=day, hours=1)).isoformat()
            events.append({"profile": f"{at:03d}", "type": "purchase", "at": moment, "total": "9.99"})
    for name, written in (("people", rows), ("events", events)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(one) + "\n" for one in written), "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(LEARNED, tmp_path / "campaign")
    lists(tmp_path)
    return tmp_path


def run(folder: Path, *more: str) -> tuple[int, str, str]:
    asked = ["score", str(folder / "campaign"), "--profiles", str(folder / "people.jsonl")]
    done = CliRunner().invoke(group, [*asked, "--events", str(folder / "events.jsonl"), *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_a_tier_that_check_takes_puts_people_where_they_are(folder: Path) -> None:
    code, tier, told = run(folder, "--clusters", "auto")
    assert code == 0, told
    assert "3 clusters" in told, told
    share = float(told.rpartition("the tier puts ")[2].partition("%")[0])
    assert share > 95
    (folder / "campaign" / "with_behaviour.rules").write_text(tier, encoding="utf-8")
    done = CliRunner().invoke(group, ["check", str(folder / "campaign")])
    assert done.exit_code == 0, done.output
    asked = ["segments", str(folder / "campaign"), "--profiles", str(folder / "people.jsonl")]
    asked += [
        "--events",
        str(folder / "events.jsonl"),
        "--now",
        END.isoformat(),
        "--out",
        str(folder / "out"),
    ]
    assert CliRunner().invoke(group, asked).exit_code == 0
    pq = pytest.importorskip("pyarrow.parquet")
    members = pq.read_table(folder / "out" / "members.parquet").to_pylist()
    kinds: dict[int, list[str]] = {}
    for row in members:
        kinds.setdefault(int(row["id"]) % 3, []).append(row["behaviour"])
    usual = [max(set(one), key=one.count) for one in kinds.values()]
    assert len(set(usual)) == 3
    assert sum(one.count(name) for one, name in zip(kinds.values(), usual, strict=True)) > 0.95 * len(members)


def test_the_same_lists_give_the_same_tier_under_a_name_that_is_free(folder: Path) -> None:
    first, again = (run(folder, "--clusters", "2")[1] for _ in range(2))
    assert first == again
    assert first.count("group_") == 2
    (folder / "campaign" / "with_behaviour.rules").write_text(first, encoding="utf-8")
    assert run(folder, "--clusters", "2")[1].startswith("tier behaviour2 {")


def test_people_who_differ_by_degrees_are_said_to(folder: Path) -> None:
    drawn = np.random.default_rng(9)
    rules = (folder / "campaign" / "shop.rules").read_text(encoding="utf-8")
    fields = "".join(f"  n{at} : number\n" for at in range(6))
    (folder / "campaign" / "shop.rules").write_text(
        rules.replace("  orders ", f"{fields}  orders ", 1), "utf-8"
    )
    rows = [json.loads(line) for line in (folder / "people.jsonl").read_text("utf-8").splitlines()]
    told = [row | {f"n{at}": drawn.normal() for at in range(6)} | {"orders": 1} for row in rows]
    (folder / "people.jsonl").write_text("".join(json.dumps(one) + "\n" for one in told), "utf-8")
    one = {"profile": "000", "type": "purchase", "at": END.isoformat(), "total": "9.99"}
    (folder / "events.jsonl").write_text(json.dumps(one) + "\n", "utf-8")
    code, tier, said = run(folder, "--clusters", "5")
    assert (code, "MW894" in said) == (1, True), said
    assert tier.startswith("tier behaviour {")


def test_people_who_are_all_alike_make_no_clusters(folder: Path) -> None:
    rows = [json.loads(line) for line in (folder / "people.jsonl").read_text("utf-8").splitlines()]
    unseen = int(
        np.random.default_rng(1).permutation(len(rows))[0]
    )  # of the third that the bounds are not learned from
    one = {"profile": f"{unseen:03d}", "type": "purchase", "at": END.isoformat(), "total": "9.99"}
    (folder / "events.jsonl").write_text(json.dumps(one) + "\n", "utf-8")
    alike = "".join(json.dumps(row | {"orders": 1}) + "\n" for row in rows)
    (folder / "people.jsonl").write_text(alike, "utf-8")
    code, tier, told = run(folder, "--clusters", "3")
    assert (code, tier, "2 of them different" in told) == (1, "", True), told
    code, tier, told = run(folder, "--clusters", "2")
    assert (code, tier, "in one cluster" in told) == (1, "", True), told


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--clusters", "1"], 2, "from 2 to 20"),
        (["--clusters", "auto", "--score", "churn"], 2, "no --score"),
        ([], 2, "--score"),
        (["--clusters", "20"], 1, "MW882"),
    ],
)
def test_what_cannot_be_clustered_is_said(arguments: list[str], code: int, says: str, folder: Path) -> None:
    found, _, told = run(folder, *arguments)
    assert (found, says in told) == (code, True), told

"""What `check` says of a list: complete, fresh, doubled, and what stands out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailweave.data.intake.checking import Checked, as_report, check, earlier_report
from mailweave.diagnostics import MailweaveError
from tests.data_edge.projects import as_lines, project

NOW = datetime(2026, 11, 30, tzinfo=UTC)
RULES = """
profile {
  id : key
  email : text? pii
  orders : int?
  born : date? pii
  joined : instant?
  plan : enum(free, club)?
}
consent marketing
event purchase { total: money(EUR)? } keep 90 days
segment a = id is known
"""
MAPPING = """
[profile]
files = "rows.jsonl"
consent = { marketing = "ok" }
[profile.columns]
id = "id"
email = { from = "email", as = "email" }
orders = "orders"
born = "born"
joined = "joined"
plan = "plan"
[event.purchase]
files = "rows.jsonl"
columns = { profile = "id", at = "joined" }
"""


def seen(folder: Path, rows: list[dict[str, Any]], **asked: Any) -> Checked:
    return check(project(folder, RULES, MAPPING, rows_jsonl=as_lines(rows)), NOW, **asked)


def people(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{**_person(n), **more} for n in range(count)]


def _person(n: int) -> dict[str, Any]:
    joined = f"2026-0{n % 9 + 1}-01T00:00:00Z"
    return {"id": str(n), "email": f"a{n}@example.com", "orders": n % 7, "joined": joined, "plan": "free"}


def test_a_list_in_which_nothing_stands_out(tmp_path: Path) -> None:
    found = seen(tmp_path, people(100, born="1990-01-01", ok=True)[:5])
    assert found.diagnostics == ()
    told = {column.name: column for column in found.quality.columns}
    assert (told["joined"].newest, told["born"].newest) == ("2026-05-01", None), "a birthday is somebody's"
    assert told["plan"].members == {"free": 5}
    assert told["consent.marketing"].members == {"true": 5}


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"orders": 5_000}, "orders", "1 rows lie far away"),
        ({"id": "1"}, "id", "MW834"),
    ],
)
def test_a_row_that_stands_out(change: dict[str, Any], column: str, says: str, tmp_path: Path) -> None:
    rows = people(60)
    rows[30] |= change
    found = [one for one in seen(tmp_path, rows).diagnostics if f"`{column}`" in one.message]
    assert any(says in one.code + one.message for one in found)


def test_a_default_that_somebody_typed(tmp_path: Path) -> None:
    rows = [
        {**row, "born": "1970-01-01" if n % 3 == 0 else f"1980-01-{n % 28 + 1:02d}"}
        for n, row in enumerate(people(60))
    ]
    (found,) = [one for one in seen(tmp_path, rows).diagnostics if "`born`" in one.message]
    assert "one value stands in 20 of 60 rows" in found.message
    assert "1970" not in found.message


def test_a_column_that_is_empty(tmp_path: Path) -> None:
    told = [one.message for one in seen(tmp_path, people(3)).diagnostics]
    assert "`born`: it is empty in every row" in told


def test_events_of_the_future_and_several_of_one_recipient(tmp_path: Path) -> None:
    rows = [{"id": "1", "joined": "2026-11-29T00:00:00Z"}, {"id": "1", "joined": "2027-01-01T00:00:00Z"}]
    (found,) = seen(tmp_path, rows, event="purchase").diagnostics
    assert "1 rows are after `now`" in found.message


def test_what_has_changed_since_an_earlier_report(tmp_path: Path) -> None:
    before = seen(tmp_path, people(100, ok=True, born="1990-01-01")).quality
    rows = people(100, ok=True, born="1990-01-01")
    for row in rows[:20]:
        row["plan"] = "club"
    for row in rows[:6]:
        row["email"] = None
    told = [one.message for one in seen(tmp_path, rows, before=before).diagnostics]
    assert "`email`: missing in 6.0% of the rows, and was in 0.0%" in told
    assert "`plan`: `club` is 20.0% of the rows, and was 0.0%" in told
    fewer = [one.message for one in seen(tmp_path, rows[:50], before=before).diagnostics]
    assert "`*`: there are 50 rows, and were 100" in fewer


def test_nothing_stays_behind(tmp_path: Path) -> None:
    seen(tmp_path, people(3))
    assert {path.name for path in tmp_path.rglob("*")} == {"shop.rules", "data.toml", "rows.jsonl"}


def test_a_report_is_read_again(tmp_path: Path) -> None:
    import json

    found = seen(tmp_path, people(30))
    (tmp_path / "report.json").write_text(json.dumps(as_report(found.loaded, found.quality)))
    assert earlier_report(tmp_path / "report.json") == found.quality
    (tmp_path / "report.json").write_text("{}")
    with pytest.raises(MailweaveError, match="MW833"):
        earlier_report(tmp_path / "report.json")

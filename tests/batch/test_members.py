"""Members of records have columns of their own in every kind of list, and SQL reads them as Python does."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mailweave.batch.name_counts import undeclared
from mailweave.batch.row_decoding import Profiles
from mailweave.batch.stage_writer import opened, stage
from mailweave.decisions import DecisionProgram, compile_decisions
from mailweave.rules import BadData
from mailweave.source import Source
from tests.batch.test_answers import NOW, staged

RULES = """
ruleset "members" version 1
profile {
  id   : key
  name : text?
}
consent marketing
consent news
score churn : number ttl 900 days else 0
event open { device: text? } keep forever
segment agreed = consent.marketing
segment told   = consent.news
segment going  = score.churn > 0.5
"""
AT = "1998-06-30T09:00:00Z"
ROWS: list[dict[str, Any]] = [
    {
        "id": "1",
        "consent.marketing": True,
        "consent.news": False,
        "scores.churn.value": 0.75,
        "scores.churn.at": AT,
    },
    {
        "id": "2",
        "consent.marketing": False,
        "consent.news": True,
        "scores.churn.value": 0.25,
        "scores.churn.at": AT,
    },
    {
        "id": "3",
        "consent.marketing": None,
        "consent.news": None,
        "scores.churn.value": None,
        "scores.churn.at": AT,
    },
]
WANTED = [{"agreed", "going"}, {"told"}, set()]


def in_parquet(folder: Path, rows: list[dict[str, Any]]) -> str:
    pq.write_table(pa.Table.from_pylist(rows), folder / "people.parquet")
    return str(folder / "people.parquet")


def in_texts(folder: Path, rows: list[dict[str, Any]]) -> str:
    texts = [{n: None if v is None else str(v) for n, v in row.items()} for row in rows]
    return in_parquet(folder, texts)


def in_lines(folder: Path, rows: list[dict[str, Any]]) -> str:
    path = folder / "people.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def in_csv(folder: Path, rows: list[dict[str, Any]]) -> str:
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return str(folder / "people.csv")


def in_duckdb(folder: Path, rows: list[dict[str, Any]]) -> str:
    parquet, path = in_parquet(folder, rows), folder / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"CREATE TABLE people AS FROM '{parquet}'")
    return f"{path}::people"


def in_sqlite(folder: Path, rows: list[dict[str, Any]]) -> str:
    path, names = folder / "shop.sqlite", list(rows[0])
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE people ({', '.join(f'{chr(34)}{n}{chr(34)}' for n in names)})")
        marks = ", ".join("?" * len(names))
        connection.executemany(f"INSERT INTO people VALUES ({marks})", [tuple(row.values()) for row in rows])
    return f"{path}::people"


KINDS = [in_parquet, in_texts, in_lines, in_csv, in_duckdb, in_sqlite]


@pytest.fixture(scope="module")
def decisions() -> DecisionProgram:
    return compile_decisions(Source("members.rules", RULES))


def segments(decisions: DecisionProgram, listed: str, folder: Path) -> tuple[list[Any], list[Any], int]:
    """What SQL says of each and what Python says, or the field that is refused."""
    nobody = folder / "events.jsonl"
    nobody.write_text(
        json.dumps({"profile": "x", "type": "open", "at": "1998-01-01T00:00:00Z"}) + "\n", encoding="utf-8"
    )
    with staged(decisions, listed, str(nobody), NOW, {}, "id") as (quick, slow, answers):
        program, both = decisions.program, []
        for people in (quick, slow):
            said: list[Any] = []
            for one in people:
                assert one is not None
                if one.refused is not None:
                    said.append(one.refused.field)
                    continue
                admitted = program.admit(one.profile, one.events, now=NOW)
                mask = program.mask(admitted) if one.answers is None else one.answers
                said.append(set(program.evaluation_of(mask).segments))
            both.append(said)
        return both[0], both[1], answers.in_sql


@pytest.mark.parametrize("write", KINDS, ids=lambda f: f.__name__)
def test_members_have_columns_in_every_kind_of_list(
    tmp_path: Path, decisions: DecisionProgram, write: Callable[[Path, list[dict[str, Any]]], str]
) -> None:
    quick, slow, in_sql = segments(decisions, write(tmp_path, ROWS), tmp_path)
    assert quick == slow == WANTED
    assert in_sql == 3 or write is in_lines  # flat keys of lines are for Python


BOTH: list[dict[str, Any]] = [
    {
        "id": "1",
        "consent": {"marketing": True, "news": None},
        "consent.marketing": True,
        "consent.news": None,
    },
    {
        "id": "2",
        "consent": {"marketing": None, "news": True},
        "consent.marketing": True,
        "consent.news": None,
    },
    {"id": "3", "consent": None, "consent.marketing": None, "consent.news": True},
]


@pytest.mark.parametrize("write", [in_parquet, in_lines, in_duckdb], ids=lambda f: f.__name__)
def test_a_member_that_is_said_twice_is_refused_by_name(
    tmp_path: Path, decisions: DecisionProgram, write: Callable[[Path, list[dict[str, Any]]], str]
) -> None:
    quick, slow, _ = segments(decisions, write(tmp_path, BOTH), tmp_path)
    assert quick == slow == ["consent.marketing", {"agreed", "told"}, {"told"}]


@pytest.mark.parametrize("write", [in_parquet, in_lines, in_csv], ids=lambda f: f.__name__)
@pytest.mark.parametrize("form", ["scores.churn", "nested"])
def test_a_bare_score_has_no_date_and_counts_for_nobody(
    tmp_path: Path,
    decisions: DecisionProgram,
    write: Callable[[Path, list[dict[str, Any]]], str],
    form: str,
) -> None:
    rows: list[dict[str, Any]] = [
        {"id": str(n), form: value} if form != "nested" else {"id": str(n), "scores": {"churn": value}}
        for n, value in enumerate((0.75, 0.25))
    ]
    if write is in_csv and form == "nested":
        rows = [{**row, "scores": json.dumps(row["scores"])} for row in rows]
    quick, slow, _ = segments(decisions, write(tmp_path, rows), tmp_path)
    assert quick == slow == [set(), set()]


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"scores": {"churn": 0.3}, "scores.churn.value": 0.5}, "scores.churn.value"),
        ({"scores.churn": 0.3, "scores.churn.value": 0.5}, "scores.churn.value"),
        ({"lists": {"best": ["1"]}, "lists.best": '["2"]'}, "lists.best"),
    ],
)
def test_forms_that_do_not_go_together(decisions: DecisionProgram, row: dict[str, Any], field: str) -> None:
    with pytest.raises(BadData) as raised:
        Profiles(decisions.program.schema, "columns")(row)
    assert raised.value.field == field


MISSPELT: list[dict[str, Any]] = [
    {"id": "1", "nmae": "Ann", "consent.marketting": True, "consent": {"newz": True}, "scores": {"chrun": 1}}
]


@pytest.mark.parametrize("write", [in_parquet, in_lines, in_csv, in_duckdb], ids=lambda f: f.__name__)
def test_what_is_misspelt_is_counted_and_named(
    tmp_path: Path, decisions: DecisionProgram, write: Callable[[Path, list[dict[str, Any]]], str]
) -> None:
    rows = MISSPELT
    if write is in_csv:
        rows = [{n: json.dumps(v) if isinstance(v, dict) else v for n, v in row.items()} for row in rows]
    events = tmp_path / "events.jsonl"
    happened = [("1", "Open", "device"), ("1", "open", "devise"), ("2", "Open", "x")]
    lines = [json.dumps({"profile": p, "type": t, "at": AT, d: "x"}) + "\n" for p, t, d in happened]
    events.write_text("".join(lines), encoding="utf-8")
    found = stage(tmp_path, [write(tmp_path, rows)], [str(events)], "id")
    with opened(tmp_path, "people") as connection:
        said = undeclared(connection, found.shape, decisions.program.schema, "id")
    assert said.columns == {"nmae": 1, "scores.chrun": 1}
    assert said.purposes == {"marketting": 1, "newz": 1}
    assert said.events == {"Open": 1}
    assert said.properties == {"devise": 1}
    assert said.absent == ("name", "consent.marketing", "consent.news", "scores.churn")
    told = said.diagnostics(decisions.program.schema, "people", "events")
    assert [one.code for one in told] == ["MW812"] * 4 + ["MW813", "MW812", "MW814"]
    assert [one.place for one in told] == ["people"] * 4 + ["events"] * 2 + ["people"]
    assert any(one.help.startswith("did you mean `consent.marketing`?") for one in told)
    assert next(one for one in told if one.code == "MW813").help.startswith("did you mean `open`?")

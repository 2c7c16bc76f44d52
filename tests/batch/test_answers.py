"""What SQL says of a staged list is what Python says, whatever the data are; and who SQL is not sure of is left alone."""

from __future__ import annotations

import csv
import json
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unicodedata import normalize

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mailweave.batch.precomputed_masks import Answers, answer
from mailweave.batch.sources import Recipient
from mailweave.batch.stage_reader import Stage
from mailweave.batch.stage_writer import stage
from mailweave.decisions import DecisionProgram, compile_decisions
from mailweave.rules import BadData, CheckedDocument, check, parse
from mailweave.source import Source
from tests.properties.rule_worlds import rule_texts
from tests.properties.sql_worlds import SOURCE, statements, worlds

ROOT = Path(__file__).resolve().parents[2]
WINBACK = ROOT / "fixtures" / "campaigns" / "cdnow-winback" / "winback.rules"
NOW = datetime(1998, 7, 1, 9, tzinfo=UTC)
FOUND = settings(
    suppress_health_check=list(HealthCheck),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


@contextmanager
def staged(
    decisions: DecisionProgram, profiles: str, events: str, now: datetime, context: dict[str, Any], key: str
) -> Iterator[tuple[list[Recipient | None], list[Recipient | None], Answers]]:
    """The recipients of a list as workers get them with answers, and without; and the answers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = stage(folder, [profiles], [events], key, "refuse")
        answers = answer(folder, found.shape, decisions, now, context)
        both = []
        for given_ in (answers, replace(answers, words=0)):
            reader = Stage(folder, found.shape, decisions.program.schema, key, given_)
            both.append([recipient for _, _, recipient in reader.read(0, found.recipients)])
            reader.close()
        yield both[0], both[1], answers


def outcome(decisions: DecisionProgram, who: Recipient, now: datetime, context: dict[str, Any]) -> object:
    """Whatever a worker would make of a recipient's rules."""
    program = decisions.program
    try:
        admitted = program.admit(who.profile, who.events, context=context, now=now)
    except BadData:
        return "bad data"
    mask = program.mask(admitted) if who.answers is None else who.answers
    found = program.evaluation_of(mask)
    chosen = decisions.decide(admitted, None, who.answers)
    if found.skip is not None:
        return found.skip
    return found.segments, found.tiers, found.conditions, chosen


def agree(
    decisions: DecisionProgram, profiles: str, events: str, now: datetime, context: dict[str, Any], key: str
) -> int:
    """All outcomes are the same with and without answers; returns how many were answered."""
    with staged(decisions, profiles, events, now, context, key) as (quick, slow, answers):
        for one, other in zip(quick, slow, strict=True):
            assert (one is None) == (other is None)
            if one is not None and other is not None:
                assert outcome(decisions, one, now, context) == outcome(decisions, other, now, context)
        assert answers.in_sql == sum(one is not None and one.answers is not None for one in quick)
        return answers.in_sql


# ---- the list of the fixtures, in every form


def in_duckdb(folder: Path, rows: int) -> tuple[str, str]:
    path = folder / "list.duckdb"
    connection = duckdb.connect(str(path))
    for name, column in (("profiles", "id"), ("events", "profile")):
        source = ROOT / "fixtures" / "cdnow" / f"{name}.parquet"
        connection.execute(
            f"CREATE TABLE {name} AS SELECT * FROM '{source}' WHERE CAST({column} AS INT) % 97 < {rows}"
        )
    connection.close()
    return f"{path}::profiles", f"{path}::events"


def in_lines(folder: Path, rows: int) -> tuple[str, str]:
    return exported(folder, rows, "jsonl", "(FORMAT json)")


def in_parquet(folder: Path, rows: int) -> tuple[str, str]:
    return exported(folder, rows, "parquet", "(FORMAT parquet)")


def in_csv(folder: Path, rows: int) -> tuple[str, str]:
    return exported(folder, rows, "csv", "(FORMAT csv, HEADER)")


def exported(folder: Path, rows: int, suffix: str, form: str) -> tuple[str, str]:
    database = in_duckdb(folder, rows)[0].split("::")[0]
    made = []
    with duckdb.connect(database) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for name in ("profiles", "events"):
            path = folder / f"{name}.{suffix}"
            # texts as people write them: JSON in a cell, instants with a T and a Z
            kinds = connection.sql(f"SELECT * FROM {name}")
            columns = [
                f"to_json({c}) AS {c}"
                if suffix == "csv" and k.id in ("list", "struct")
                else f"strftime({c}, '%Y-%m-%dT%H:%M:%SZ') AS {c}"
                if suffix != "parquet" and k.id == "timestamp with time zone"
                else f"CAST({c} AS VARCHAR) AS {c}"
                if suffix != "parquet" and k.id == "decimal"
                else c
                for c, k in zip(map('"{}"'.format, kinds.columns), kinds.types, strict=True)
            ]
            connection.execute(f"COPY (SELECT {', '.join(columns)} FROM {name}) TO '{path}' {form}")
            made.append(str(path))
    return made[0], made[1]


@pytest.mark.parametrize("written", [in_duckdb, in_parquet, in_lines, in_csv])
def test_the_rules_of_the_fixture_are_answered_in_sql(
    tmp_path: Path, written: Callable[[Path, int], tuple[str, str]]
) -> None:
    decisions = compile_decisions(Source("winback.rules", WINBACK.read_text(encoding="utf-8")))
    context = json.loads((WINBACK.parent / "context.json").read_text(encoding="utf-8"))
    profiles, events = written(tmp_path, 2)
    answered = agree(decisions, profiles, events, NOW, context, "id")
    assert answered == 485  # everybody: nothing in good data is doubtful


# ---- generated rules and data


def checked(text: str) -> CheckedDocument:
    document = check(parse(Source("random.rules", text)).document).document
    assert document is not None
    return document


@settings(FOUND, max_examples=15)
@given(rule_texts((3, 8)), st.data())
def test_generated_rules_over_a_duckdb_file(text: str, data: st.DataObject) -> None:
    document = checked(text)
    decisions, people = DecisionProgram.of(document), data.draw(worlds(document))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            for statement in statements(document.schema, people, "duckdb"):
                connection.execute(statement.replace("TIMESTAMP", "TIMESTAMPTZ"))
        agree(decisions, f"{path}::profiles", f"{path}::events", people[0].now, people[0].context, SOURCE)


JUNK: tuple[Any, ...] = (
    "",
    "x",
    "12",
    "1.5",
    "-1",
    1,
    2.5,
    True,
    [],
    ["x"],
    {},
    None,
    "2026-02-30",
    "2026-01-05T10:00:00",
)
JUNK += (
    "cafe\u0301",
    "2026-01-05T10:00:00.123456+02:00",
    "1e3",
    10**18,
    "NaN",
    "Europe/Paris",
    "jazz",
    "1900-01-01",
)


def plain(value: Any) -> Any:
    """As JSON."""
    if isinstance(value, timedelta):
        return f"{abs(value) // timedelta(seconds=1)} seconds"
    return list(value) if isinstance(value, set | frozenset) else str(value)


def spoil(row: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Sometimes a value is something else."""
    if row and chance.random() < 0.25:
        row = {**row, chance.choice(sorted(row)): chance.choice(JUNK)}
    return row


def write_lines(path: Path, rows: list[dict[str, Any]]) -> None:
    path.write_text("".join(json.dumps(row, default=plain) + "\n" for row in rows), encoding="utf-8")


def write_cells(path: Path, rows: list[dict[str, Any]]) -> None:
    names = sorted({name for row in rows for name in row})
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows({n: cell(v) for n, v in row.items()} for row in rows)


def cell(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, default=plain) if isinstance(value, bool | dict | list | set) else plain(value)


@settings(FOUND, max_examples=25)
@given(
    rule_texts((3, 8)),
    st.data(),
    st.sampled_from([write_lines, write_cells]),
    st.randoms(use_true_random=False),
)
def test_generated_rules_over_texts_some_of_them_wrong(
    text: str, data: st.DataObject, write: Callable[[Path, list[dict[str, Any]]], None], chance: random.Random
) -> None:
    document = checked(text)
    decisions, people = DecisionProgram.of(document), data.draw(worlds(document))
    suffix = "jsonl" if write is write_lines else "csv"
    with tempfile.TemporaryDirectory() as folder:
        profiles, events = (Path(folder) / f"{name}.{suffix}" for name in ("profiles", "events"))
        write(profiles, [{SOURCE: f"k{n}", **spoil(p.profile, chance)} for n, p in enumerate(people)])
        happened = [{"profile": f"k{n}", **spoil(e, chance)} for n, p in enumerate(people) for e in p.events]
        write(events, happened or [{"profile": "nobody", "type": "none", "at": "2026-01-01T00:00:00Z"}])
        agree(decisions, str(profiles), str(events), people[0].now, people[0].context, SOURCE)


# ---- scores of the whole list

RFM = """
ruleset "rfm" version 1
profile { id: key }
event purchase { total: money(USD) } keep forever
score value : int by rfm(purchase.total in last 365 days) ttl 7 days else unknown
score r : int by recency(purchase in last 365 days) ttl 7 days else unknown
score f : int by frequency(purchase in last 365 days) ttl 7 days else 0
score m : int by monetary(purchase.total in last 365 days) ttl 7 days else unknown
segment one_of_three = score.r == 5 or score.f >= 4 or score.m == 1
segment nobody_came  = score.f == 0 and score.r is unknown
segment best   = score.value >= 400
segment unseen = score.value is unknown
segment middle = score.value between 222 and 399
"""


def fifths(ranked: list[str]) -> dict[str, int]:
    """NTILE(5): the first fifths are one larger where the list does not divide."""
    size, rest = divmod(len(ranked), 5)
    sizes = [size + 1] * rest + [size] * (5 - rest)
    places = (fifth for fifth, many in enumerate(sizes, 1) for _ in range(many))
    return dict(zip(ranked, places, strict=True))


@pytest.mark.parametrize("broken", [False, True])
def test_rfm_scores_reach_rendering_and_agree_with_an_oracle(tmp_path: Path, broken: bool) -> None:
    decisions, chance = compile_decisions(Source("rfm.rules", RFM)), random.Random(3)
    people = [
        {"id": f"{n:03d}", "scores": {"value": {"value": 999, "at": NOW.isoformat()}}} for n in range(83)
    ]
    events = [
        {
            "profile": f"{chance.randrange(70):03d}",
            "type": "purchase",
            "at": (NOW - timedelta(days=chance.randrange(500))).isoformat(),
            "total": str(chance.randrange(5) * 10),
        }
        for _ in range(200)
    ]
    if broken:  # a list that SQL may not answer has its scores all the same
        people = [{**one, "id": f"{one['id']}\u00e9\u0300"} for one in people]
        events = [{**one, "profile": f"{one['profile']}\u00e9\u0300"} for one in events]
    write_lines(tmp_path / "people.jsonl", people)
    write_lines(tmp_path / "events.jsonl", events)
    lists = str(tmp_path / "people.jsonl"), str(tmp_path / "events.jsonl")
    agree(decisions, *lists, NOW, {}, "id")
    seen: dict[str, tuple[datetime, int, int]] = {}
    for event in events:
        at = datetime.fromisoformat(event["at"])
        if at > NOW - timedelta(days=365):
            last, count, total = seen.get(event["profile"], (at, 0, 0))
            seen[event["profile"]] = max(last, at), count + 1, total + int(event["total"])
    digits = [fifths(sorted(seen, key=lambda key, n=n: (seen[key][n], key))) for n in range(3)]  # type: ignore[misc]  # n is bound
    wanted = {key: digits[0][key] * 100 + digits[1][key] * 10 + digits[2][key] for key in seen}
    with staged(decisions, *lists, NOW, {}, "id") as (quick, _, _answers):
        found = {who.key: who.profile["scores"] for who in quick if who is not None}
    assert {key: scores["value"]["value"] for key, scores in found.items() if "value" in scores} == {
        normalize("NFC", key): value for key, value in wanted.items()
    }
    for name, digit in zip("rfm", digits, strict=True):
        assert {key: scores[name]["value"] for key, scores in found.items() if name in scores} == {
            normalize("NFC", key): value for key, value in digit.items()
        }
    assert len(found) == 83


def test_what_sql_cannot_say_is_left_to_python(tmp_path: Path) -> None:
    text = RFM.replace("{ id: key }", "{ id: key\n weight: number }").replace(
        "total: money(USD) }", "total: money(USD), weight: number }"
    )
    decisions = compile_decisions(
        Source("sums.rules", text + "segment heavy = sum(purchase.weight) >= weight\n")
    )
    write_lines(tmp_path / "people.jsonl", [{"id": "1", "weight": 0.6}])
    event = {"profile": "1", "type": "purchase", "at": NOW.isoformat(), "total": "1"}
    write_lines(tmp_path / "events.jsonl", [{**event, "weight": weight} for weight in (0.1, 0.2, 0.3)])
    lists = str(tmp_path / "people.jsonl"), str(tmp_path / "events.jsonl")
    assert agree(decisions, *lists, NOW, {}, "id") == 0
    with staged(decisions, *lists, NOW, {}, "id") as (_, _, answers):
        assert answers.why == "the sum of numbers that are no whole ones"

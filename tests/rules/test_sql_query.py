"""Rules as SQL: the text for each dialect, what is refused, scores over the population, missing columns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import sqlglot

from mailweave.rules import CheckedDocument, check, parse
from mailweave.rules.sql import Name, NotInSql, Relations, eligibility, segments_query, write
from mailweave.source import Source

CASES = Path(__file__).resolve().parents[2] / "fixtures/sql"
NOW = "2026-11-22T09:00:00Z"
STOCK = {
    "lookups": {
        "stock": {
            "jazz": 3,
            "old": {"value": 5, "at": "2026-11-20T09:00:00Z"},
            "new": {"value": 1, "at": "2026-11-22T08:00Z"},
        }
    }
}


def document(text: str) -> CheckedDocument:
    found = check(parse(Source("case.rules", text)).document).document
    assert found is not None
    return found


def shop() -> CheckedDocument:
    return document((CASES / "shop.rules").read_text(encoding="utf-8"))


@pytest.mark.parametrize("dialect", ["duckdb", "spark", "postgres", "snowflake", "redshift"])
def test_the_query_of_a_dialect(dialect: Name, golden: Callable[[Path, str], None]) -> None:
    query = segments_query(shop(), now=NOW, dialect=dialect, context=STOCK)
    text = write(query, dialect)
    sqlglot.parse_one(text, dialect=dialect)
    golden(CASES / f"shop.{dialect}.sql", text + "\n")


def test_what_a_dialect_cannot_say_is_refused_with_its_place() -> None:
    with pytest.raises(NotInSql) as raised:
        segments_query(shop(), now=NOW, dialect="bigquery", context=STOCK)
    (finding,) = raised.value.diagnostics
    assert finding.code == "MW808"
    assert "a pattern with special characters" in finding.message
    assert "bigquery" in finding.message
    assert finding.location is not None
    assert finding.location.line == 34


@pytest.mark.parametrize("dialect", ["snowflake", "bigquery", "redshift"])
def test_lists_of_records_are_refused_where_nobody_has_tried_them(dialect: Name) -> None:
    profile = "profile {\n id: key\n cart: list of { qty: int }\n}"
    text = f'ruleset "x" version 1\n{profile}\nsegment s = sum(cart.qty) > 1'
    with pytest.raises(NotInSql, match="a list of records"):
        segments_query(document(text), now=NOW, dialect=dialect)


def answers(query: sqlglot.exp.Select, *tables: str) -> list[tuple[object, ...]]:
    connection = duckdb.connect()
    for table in tables:
        connection.execute(table)
    return sorted(connection.sql(write(query, "duckdb")).fetchall())


RFM = """ruleset "x" version 1
profile { id: key }
event buy { total: money(USD) } keep forever
score r : int by rfm(buy.total in last 30 days) ttl 1 day else 7
segment best = score.r == 555
segment worst = score.r == 111
segment middle = score.r == 333
segment nothing = score.r == 7
"""


def test_rfm_cuts_the_population_into_fifths() -> None:
    people = "CREATE TABLE profiles AS SELECT 'p' || n AS id FROM range(0, 6) t(n)"
    bought = (
        "CREATE TABLE events AS SELECT 'p' || n AS profile, 'buy' AS type, "
        "TIMESTAMP '2026-11-01 00:00:00' + INTERVAL (n) DAY AS \"at\", n * 10 AS total "
        "FROM range(1, 6) t(n), range(0, 5) m(m) WHERE m < n"
    )
    found = answers(segments_query(document(RFM), now=NOW), people, bought)
    assert [row[0] for row in found if row[1]] == ["p5"]
    assert [row[0] for row in found if row[2]] == ["p1"]
    assert [row[0] for row in found if row[3]] == ["p3"]
    assert [row[0] for row in found if row[4]] == ["p0"]


def test_what_is_not_there_is_missing() -> None:
    relations = Relations(profile_columns=("id", "plan"), event_columns=("profile", "type", "at"))
    query = segments_query(shop(), now=NOW, relations=relations)
    people = "CREATE TABLE profiles AS SELECT 'u1' AS id, 'gold' AS plan"
    happened = (
        "CREATE TABLE events AS SELECT 'u1' AS profile, 'open' AS type, TIMESTAMP '2026-11-21 09:00' AS \"at\" "
        "FROM range(0, 2)"
    )
    ((_, *segments),) = answers(query, people, happened)
    names = [*shop().segments, *shop().tiers, "skip"]
    assert dict(zip(names, segments, strict=True)) == {
        **dict.fromkeys(shop().segments, False),
        "readers": True,
        "upgraded": True,
        "activity": "asleep",
        "skip": "no_consent",
    }


@pytest.mark.parametrize(("label", "counted"), [("", [2, 0, 0]), ("?", [2, 0, None])])
def test_an_absent_list_is_empty_unless_it_may_be_missing(label: str, counted: list[int | None]) -> None:
    profile = f"profile {{\n id: key\n cart: list of {{ qty: int = 1, due: instant? }}{label}\n}}"
    segments = "\n".join(f"segment s{n} = count(cart) == {n}" for n in (0, 2))
    rules = document(f'ruleset "x" version 1\n{profile}\n{segments}')
    rows = "('a', [{'qty': n, 'due': TIMESTAMP '2026-11-22'} for n in [1, 2]]), ('b', []), ('c', NULL)"
    people = f"CREATE TABLE profiles AS FROM (VALUES {rows}) t(id, cart)"
    expected = [(n == 0, n == 2) for n in counted]
    assert [row[1:3] for row in answers(segments_query(rules, now=NOW), people)] == expected
    absent = segments_query(rules, now=NOW, relations=Relations(profile_columns=("id",)))
    assert {row[1] for row in answers(absent, people)} == {label == ""}


def test_the_largest_amounts_do_not_overflow_on_the_way() -> None:
    profile = "profile {\n id: key\n a: money(USD)\n n: int\n}\nevent buy { total: money(USD) } keep forever"
    conditions = (
        "a / a == 1",
        "a + a is unknown",
        "a * n is unknown",
        "avg(buy.total) == a",
        "n + n is unknown",
    )
    segments = "\n".join(f"segment s{at} = {each}" for at, each in enumerate(conditions))
    largest = "CAST('99999999999999.9999' AS DECIMAL(18, 4))"
    people = f"CREATE TABLE profiles AS SELECT 'u' AS id, {largest} AS a, 9223372036854775807 AS n"
    bought = (
        f"CREATE TABLE events AS SELECT 'u' AS profile, 'buy' AS type, TIMESTAMP '2026-01-01' AS \"at\", "
        f"{largest} AS total FROM range(0, 3)"
    )
    query = segments_query(document(f'ruleset "x" version 1\n{profile}\n{segments}'), now=NOW)
    assert answers(query, people, bought) == [("u", True, True, True, True, True, None)]


def test_blocks_are_eligible_until_they_expire() -> None:
    text = """ruleset "x" version 1
profile {
  id     : key
  orders : int?
}
segment everybody = id is known
slot hero max 1 fallback plain
block plain for hero
block gift for hero requires orders > 1 expires 2026-11-22
block late for hero expires 2026-11-21
matrix m policy first {
  tie order
            | hero  |
  everybody | gift  |
  everybody | late  |
  otherwise | plain |
}
"""
    rules = document(text)
    conditions = eligibility(rules, NOW)
    query = segments_query(rules, now=NOW, conditions=conditions)
    people = "CREATE TABLE profiles AS FROM (VALUES ('a', 2), ('b', 1), ('c', NULL)) t(id, orders)"
    assert list(conditions) == ["eligible_gift", "eligible_late"]
    assert [row[-2:] for row in answers(query, people)] == [(True, False), (False, False), (False, False)]


def test_what_an_arm_decides_is_refused_and_never_counted_wrong() -> None:
    text = (CASES.parent / "insight/threshold/threshold.rules").read_text(encoding="utf-8")
    with pytest.raises(NotInSql) as raised:
        segments_query(document(text), now=NOW)
    (finding,) = raised.value.diagnostics
    assert (finding.code, finding.message) == (
        "MW808", "what the arm of `by_house` decides cannot be said in the SQL of duckdb",
    )  # fmt: skip
    assert "mailweave segments" in finding.help

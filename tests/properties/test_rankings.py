"""Scores over the population against a count by hand: random events, many ties, missing amounts."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties.test_sql import in_psql, server

from mailweave.rules import check, parse
from mailweave.rules.sql import Name, scores_query, write
from mailweave.source import Source

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
RANKINGS = ("recency", "frequency", "monetary", "rfm")
DAYS = {"": 400, " in last 30 days": 30, " in last 3 days": 3}
Bought: TypeAlias = tuple[str, int, int | None]  # who, hours ago, what it cost

bought = st.tuples(
    st.sampled_from([f"p{n}" for n in range(9)]),
    st.sampled_from([1, 2, 24, 71, 72, 73, 719, 720, 5_000]),
    st.sampled_from([None, -5, 0, 10, 20]),
)


def rules(window: str) -> str:
    lines = ['ruleset "ranks" version 1', "profile { id: key }", "event buy { total: int } keep forever"]
    for by in RANKINGS:
        amount = ".total" if by in ("monetary", "rfm") else ""
        lines.append(f"score s_{by} : int by {by}(buy{amount}{window}) ttl 7 days else unknown")
    return "\n".join([*lines, "segment seen = score.s_rfm is known"])


def fifths(ranked: list[str]) -> dict[str, int]:
    """The first fifths are one larger where the list does not divide."""
    size, rest = divmod(len(ranked), 5)
    sizes = [size + 1] * rest + [size] * (5 - rest)
    places = (fifth for fifth, many in enumerate(sizes, 1) for _ in range(many))
    return dict(zip(ranked, places, strict=True))


def by_hand(events: list[Bought], window: str, people: list[str]) -> dict[str, list[int | None]]:
    seen: dict[str, list[Bought]] = defaultdict(list)
    for event in events:
        if event[0] in people and event[1] < DAYS[window] * 24:
            seen[event[0]].append(event)
    measures: list[Callable[[list[Bought]], int]] = [
        lambda found: -min(hours for _, hours, _ in found),
        len,
        lambda found: sum(cost or 0 for *_, cost in found),
    ]
    r, f, m = (fifths(sorted(seen, key=lambda who, n=n: (n(seen[who]), who))) for n in measures)  # type: ignore[misc]  # n is bound
    return {
        who: [r[who], f[who], m[who], 100 * r[who] + 10 * f[who] + m[who]] if who in seen else [None] * 4
        for who in people
    }


def tables(events: list[Bought], people: list[str]) -> list[str]:
    rows = [
        f"('{who}', 'buy', TIMESTAMP '{NOW - timedelta(hours=hours):%Y-%m-%d %H:%M}', "
        f"{'NULL' if cost is None else cost})"
        for who, hours, cost in events
    ]
    columns = 'profile TEXT, type TEXT, "at" TIMESTAMP, total BIGINT'
    return [
        "CREATE TEMP TABLE profiles (id TEXT)",
        f"INSERT INTO profiles VALUES {', '.join(f'({who!r})' for who in people)}",
        f"CREATE TEMP TABLE events ({columns})",
        *([f"INSERT INTO events VALUES {', '.join(rows)}"] if rows else []),
    ]


def query(window: str, dialect: Name) -> str:
    document = check(parse(Source("ranks.rules", rules(window))).document).document
    assert document is not None
    return write(scores_query(document, now=NOW, dialect=dialect), dialect)


def in_duckdb(made: list[str], asked: str) -> list[list[Any]]:
    connection = duckdb.connect()
    for statement in made:
        connection.execute(statement)
    return [list(row) for row in connection.sql(asked).fetchall()]


worlds = (
    st.lists(bought, max_size=40),
    st.sampled_from(list(DAYS)),
    st.lists(st.sampled_from([f"p{n}" for n in range(12)]), min_size=1, unique=True),
)
MANY = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)


@settings(MANY)
@given(*worlds)
def test_each_digit_alone_is_that_of_all_three(events: list[Bought], window: str, people: list[str]) -> None:
    found = in_duckdb(tables(events, people), query(window, "duckdb"))
    assert {row[0]: row[1:] for row in found} == by_hand(events, window, people)


@pytest.mark.postgres
@settings(MANY, max_examples=15)
@given(*worlds)
def test_in_postgres_too(events: list[Bought], window: str, people: list[str]) -> None:
    if reason := server():
        pytest.skip(reason)
    lines = in_psql(tables(events, people), query(window, "postgres"))
    found = [list(json.loads(line).values()) for line in lines]
    assert {row[0]: row[1:] for row in found} == by_hand(events, window, people)

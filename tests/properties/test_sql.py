"""SQL against the compiled program and the naive interpreter, on random rule texts and recipients."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from shutil import which

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st
from tests.properties.rule_worlds import Recipient, rule_texts
from tests.properties.sql_worlds import SOURCE, Answer, statements, worlds

from mailweave.rules import CheckedDocument, check, compile_checked, parse
from mailweave.rules.reference_evaluator import interpret
from mailweave.rules.sql import NotInSql, segments_query, write
from mailweave.source import Source

SLOW = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=40)
# what shrinks is a whole text: without it a failure is reported at once, as found
FOUND = settings(SLOW, phases=(Phase.explicit, Phase.reuse, Phase.generate))


def checked(text: str) -> CheckedDocument:
    document = check(parse(Source("random.rules", text)).document).document
    assert document is not None
    return document


def in_duckdb(document: CheckedDocument, people: list[Recipient]) -> dict[str, Answer]:
    """What one query says of all recipients; they share `now` and the snapshot."""
    query = segments_query(document, now=people[0].now, context=people[0].context, key=SOURCE)
    connection = duckdb.connect()
    for statement in statements(document.schema, people, "duckdb"):
        connection.execute(statement)
    found = connection.sql(write(query, "duckdb"))
    return {row[0]: Answer.of(document, row[1:]) for row in found.fetchall()}


def in_postgres(document: CheckedDocument, people: list[Recipient]) -> dict[str, Answer]:
    """The same, by psql. What Postgres cannot say is refused, and too large a double stops it: no answer."""
    try:
        query = segments_query(
            document, now=people[0].now, context=people[0].context, key=SOURCE, dialect="postgres"
        )
    except NotInSql:
        reject()
    tables = [
        line.replace("CREATE TABLE", "CREATE TEMP TABLE")
        for line in statements(document.schema, people, "postgres")
    ]
    rows = [list(json.loads(line).values()) for line in in_psql(tables, write(query, "postgres"))]
    return {row[0]: Answer.of(document, tuple(row[1:])) for row in rows}


def in_psql(made: list[str], asked: str) -> list[str]:
    """The rows of a query as JSON, over tables that are made before."""
    script = ";\n".join([*made, f"SELECT row_to_json(q) FROM ({asked}) AS q;"])
    done = subprocess.run([*PSQL, "-f", "-"], input=script, capture_output=True, text=True, check=False)
    if "out of range" in done.stderr and "flow" in done.stderr:
        reject()
    assert done.returncode == 0, done.stderr[:2000]
    return done.stdout.splitlines()


PSQL = ("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", "postgres")


def server() -> str:
    """Why there is no server to ask, or an empty text."""
    if which("psql") is None:
        return "psql is not installed"
    asked = subprocess.run([*PSQL, "-c", "SELECT 1"], capture_output=True, text=True, check=False)
    return "no Postgres server answers psql" if asked.returncode else ""


def agree(
    document: CheckedDocument,
    people: list[Recipient],
    found_by: Callable[[CheckedDocument, list[Recipient]], Mapping[str, Answer]],
) -> None:
    """All three executions say the same of every recipient."""
    program, found = compile_checked(document), found_by(document, people)
    assert len(found) == len(people)
    for at, person in enumerate(people):
        evaluation = program.evaluate(
            person.profile, events=person.events, context=person.context, now=person.now
        )
        wanted = interpret(document, person.profile, person.events, context=person.context, now=person.now)
        answer = found[f"k{at}"]
        assert answer.segments == evaluation.segments == wanted.segments
        assert answer.tiers == evaluation.tiers == wanted.tiers
        assert answer.skip == (evaluation.skip.code if evaluation.skip else None) == wanted.skip


@settings(FOUND, max_examples=30)
@given(rule_texts((3, 8)), st.data())
def test_sql_on_duckdb_equals_both_others(text: str, data: st.DataObject) -> None:
    document = checked(text)
    agree(document, data.draw(worlds(document)), in_duckdb)


@pytest.mark.deep
@settings(FOUND, max_examples=1500)
@given(rule_texts((3, 8)), st.data())
def test_sql_on_duckdb_equals_both_others_at_length(text: str, data: st.DataObject) -> None:
    document = checked(text)
    agree(document, data.draw(worlds(document)), in_duckdb)


@pytest.mark.postgres
@settings(FOUND, max_examples=25)
@given(rule_texts((1, 4)), st.data())
def test_sql_on_postgres_equals_both_others(text: str, data: st.DataObject) -> None:
    if reason := server():
        pytest.skip(reason)
    document = checked(text)
    agree(document, data.draw(worlds(document)), in_postgres)

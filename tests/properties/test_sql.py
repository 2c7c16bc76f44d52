"""SQL against the compiled program and the naive interpreter, on random rule texts and recipients."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from rule_worlds import Recipient, rule_texts
from sql_worlds import SOURCE, Answer, statements, worlds

from mailweave.rules import CheckedDocument, check, compile_checked, parse
from mailweave.rules.interpreter import interpret
from mailweave.rules.sql import segments_query, write
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


def agree(document: CheckedDocument, people: list[Recipient]) -> None:
    """All three executions say the same of every recipient."""
    program, found = compile_checked(document), in_duckdb(document, people)
    assert len(found) == len(people)
    for at, person in enumerate(people):
        given = {"events": person.events, "context": person.context, "now": person.now}
        evaluation = program.evaluate(person.profile, **given)
        wanted = interpret(document, person.profile, person.events, context=person.context, now=person.now)
        answer = found[f"k{at}"]
        assert answer.segments == evaluation.segments == wanted.segments
        assert answer.tiers == evaluation.tiers == wanted.tiers
        assert answer.skip == (evaluation.skip.code if evaluation.skip else None) == wanted.skip


@settings(FOUND)
@given(rule_texts((3, 8)), st.data())
def test_sql_on_duckdb_equals_both_others(text: str, data: st.DataObject) -> None:
    document = checked(text)
    agree(document, data.draw(worlds(document)))


@pytest.mark.deep
@settings(FOUND, max_examples=1500)
@given(rule_texts((3, 8)), st.data())
def test_sql_on_duckdb_equals_both_others_at_length(text: str, data: st.DataObject) -> None:
    document = checked(text)
    agree(document, data.draw(worlds(document)))

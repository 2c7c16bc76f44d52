"""The compiled program against the naive interpreter, on random rule texts and random recipients."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, event, given, seed, settings
from hypothesis import strategies as st
from tests.properties.rule_worlds import Recipient, constructs, recipients, rule_texts

from mailweave.rules import CheckedDocument, Program, check, compile_checked, parse
from mailweave.rules.reference_evaluator import interpret
from mailweave.source import Source

SLOW = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=50)
# what shrinks is a whole text: without it a failure is reported at once, as found
FOUND = settings(SLOW, phases=(Phase.explicit, Phase.reuse, Phase.generate))


def checked(text: str) -> CheckedDocument:
    """The text, which must pass the checker: the generator knows grammar and types."""
    parsed = parse(Source("random.rules", text))
    result = check(parsed.document)
    findings = (*parsed.diagnostics, *result.diagnostics)
    assert result.document is not None, [(str(d.location), d.message, d.help) for d in findings]
    return result.document


def agree(document: CheckedDocument, program: Program, person: Recipient) -> None:
    """Both executions say the same."""
    found = program.evaluate(person.profile, events=person.events, context=person.context, now=person.now)
    wanted = interpret(document, person.profile, person.events, context=person.context, now=person.now)
    assert found.segments == wanted.segments
    assert found.tiers == wanted.tiers
    assert (found.skip.code if found.skip else None) == wanted.skip


@settings(FOUND)
@given(rule_texts(), st.data())
def test_the_compiled_program_equals_the_interpreter(text: str, data: st.DataObject) -> None:
    document = checked(text)
    for construct in sorted(constructs(document)):
        event(construct)
    program = compile_checked(document)
    for _ in range(5):
        agree(document, program, data.draw(recipients(document)))


@pytest.mark.deep
@settings(FOUND, max_examples=3000)
@given(rule_texts(), st.data())
def test_the_compiled_program_equals_the_interpreter_at_length(text: str, data: st.DataObject) -> None:
    document = checked(text)
    program = compile_checked(document)
    for _ in range(5):
        agree(document, program, data.draw(recipients(document)))


EVERY = {
    *("And", "Or", "Not", "Const", "Attribute", "ItemField", "ConsentGiven", "ScoreValue", "LookupValue"),
    *("TierValue", "Inlined", "Negate", "TimeSince", "Anniversary", "InSegment", "Between", "In", "InWindow"),
    *(
        "Exists",
        "TextContains",
        "SetContains",
        "SetContainsMany any",
        "SetContainsMany all",
        "Matches",
        "Known",
    ),
    *(
        f"EventAggregate {name}"
        for name in ("count", "sum", "min", "max", "avg", "first", "last", "distinct")
    ),
    *(f"ListAggregate {name}" for name in ("count", "sum", "min", "max", "avg", "distinct")),
    *("EventAggregate where", "ListAggregate where", "window exact last", "window exact next"),
    *(f"window {unit} {way}" for unit in ("day", "week", "month", "year") for way in ("last", "next")),
    *(f"Compare {sign}" for sign in ("==", "!=", "<", "<=", ">", ">=")),
    *(f"Arithmetic {sign}" for sign in "+-*/"),
}


def test_the_generator_reaches_every_construct() -> None:
    reached: set[str] = set()
    for attempt in range(8):  # as many as it takes, and seldom more than one

        @seed(attempt)
        @settings(FOUND, max_examples=40, database=None)
        @given(rule_texts((8, 14)))
        def gather(text: str) -> None:
            for construct in constructs(checked(text)):
                reached.add(construct)
                reached.add(" ".join(construct.split()[:2]))

        gather()
        if reached >= EVERY:
            return
    assert sorted(EVERY - reached) == []

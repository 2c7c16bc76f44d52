"""What z3 and boxes say of random conditions is held against recipients, evaluators, and each other."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.properties import rule_worlds

from mailweave.rules import CheckedDocument, check, parse
from mailweave.rules import typed as x
from mailweave.rules.prover.boxes import nobody
from mailweave.rules.prover.prover import Prover
from mailweave.rules.prover.questions import AllOf, Holds, NotSo, Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.replay import Replay, Sample
from mailweave.rules.prover.smt import has_smt
from mailweave.rules.prover.solver import Found, Nobody, Undecided, solved
from mailweave.schema.types import Bool
from mailweave.source import Source, Span
from mailweave.values.instants import to_instant

pytestmark = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def checked(text: str) -> CheckedDocument:
    found = check(parse(Source("t.rules", text)).document)
    assert found.document is not None, found.diagnostics
    return found.document


def member(name: str) -> Question:
    return Holds(x.InSegment(Span(0, 0), Bool(), False, name))


def as_asked(document: CheckedDocument, who: rule_worlds.Recipient) -> tuple[Question, Recipient]:
    """Everything that the evaluator says of somebody, as one question."""
    data = {**who.profile, "lists": {}}
    recipient = Recipient(data, tuple(who.events), to_instant(who.now), who.context)
    sample = Sample(document, recipient)
    parts = [member(name) for name in document.segments]
    return AllOf(tuple(each if sample.is_so(each) else NotSo(each) for each in parts)), recipient


def judged(draw: st.DataObject) -> None:
    document = checked(draw.draw(rule_worlds.rule_texts((1, 3))))
    asked, recipient = as_asked(document, draw.draw(rule_worlds.recipients(document)))
    assert Replay(document, [asked]).is_so(asked, recipient)
    answer = solved(
        document, asked, lambda each: Sample(document, each).is_so(asked), now=recipient.now, budget=1_500
    )
    event(type(answer).__name__)
    assert not isinstance(answer, Nobody), (document.source.text, recipient.as_json())
    assert not nobody(document, asked)
    if isinstance(answer, Found):
        smaller = Prover(document).plain(asked, answer.recipient)
        assert Replay(document, [asked]).is_so(asked, smaller) or not Replay(document, [asked]).is_so(
            asked, answer.recipient
        )
    if isinstance(answer, Undecided):
        event(answer.reason)


@given(st.data())
@settings(deadline=None, max_examples=15, suppress_health_check=SLOW)
def test_whoever_there_is_is_not_called_nobody(draw: st.DataObject) -> None:
    judged(draw)


@pytest.mark.deep
@given(st.data())
@settings(deadline=None, max_examples=400, suppress_health_check=SLOW)
def test_whoever_there_is_is_not_called_nobody_at_length(draw: st.DataObject) -> None:
    judged(draw)

"""What `mailweave diff` says of random rules is held against recipients and the evaluators of both texts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st
from tests.properties import rule_worlds

from mailweave.diff import Comparison, Side, compare
from mailweave.diff.changes import RuleChange
from mailweave.rules import CheckedDocument, check, parse
from mailweave.rules import nodes as n
from mailweave.rules.compiler import compile_checked
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.smt import has_smt
from mailweave.rules.validation import BadData
from mailweave.source import Source
from mailweave.values.instants import to_instant

pytestmark = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

SAME_WORDS = (
    "not (not ({a}))",
    "({a}) and (({a}) or ({b}))",
    "(({a}) and ({b})) or ({a})",
    "not (not ({a}) and not (({b}) and ({a})))",
    "({a}) or ({a})",
)
OTHER_WORDS = ("{b}", "not ({a})", "({a}) and ({b})", "({a}) or ({b})")


def checked(text: str) -> CheckedDocument | None:
    return check(parse(Source("t.rules", text)).document, proofs=False).document


def conditions(document: CheckedDocument) -> list[tuple[str, n.Expression]]:
    """Segments with one condition behind `=`."""
    return [
        (each.name.id, each.conditions[0])
        for each in document.document.statements
        if isinstance(each, n.Segment) and not each.braces
    ]


def rewritten(draw: st.DataObject, forms: tuple[str, ...]) -> tuple[str, CheckedDocument, CheckedDocument]:
    """A text, and the same with the condition of one segment in other words."""
    old = checked(draw.draw(rule_worlds.rule_texts((2, 4))))
    assert old is not None
    found = conditions(old)
    assume(len(found) >= 2)
    (name, one), (_, other) = draw.draw(st.permutations(found))[:2]
    text = old.source.text
    a, b = (text[each.span.start : each.span.stop] for each in (one, other))
    form = draw.draw(st.sampled_from(forms)).format(a=a, b=b)
    new = checked(text[: one.span.start] + form + text[one.span.stop :])
    assume(new is not None)
    assert new is not None
    return name, old, new


def compared(old: CheckedDocument, new: CheckedDocument) -> Comparison:
    return compare(Side("old", old, None), Side("new", new, None), budget=500)


def inside(document: CheckedDocument, who: Recipient) -> frozenset[str] | None:
    program = compile_checked(document)
    try:
        admitted = program.admit(who.profile, who.events, context=who.context, now=who.now)
    except BadData:
        return None
    return program.evaluation(admitted).segments


def segments(found: Comparison) -> dict[str, RuleChange]:
    return {change.name: change for change in found.rules if change.kind == "segment"}


def keeps_its_meaning(draw: st.DataObject) -> None:
    _, old, new = rewritten(draw, SAME_WORDS)
    for change in compared(old, new).rules:
        event(change.status)
        assert change.status == "undecided", (change, old.source.text, new.source.text)


def is_held_against_recipients(draw: st.DataObject) -> None:
    name, old, new = rewritten(draw, OTHER_WORDS)
    told = segments(compared(old, new))
    event(told[name].status if name in told else "same")
    for change in told.values():
        for side, witness in ((True, change.verdict.only_old), (False, change.verdict.only_new)):
            if witness is not None:
                mine, yours = (
                    inside(each, witness.recipient) for each in ((old, new) if side else (new, old))
                )
                assert mine is not None
                assert change.name in mine
                assert yours is None or change.name not in yours
    for _ in range(3):
        made = draw.draw(rule_worlds.recipients(old))
        who = Recipient({**made.profile, "lists": {}}, tuple(made.events), to_instant(made.now), made.context)
        before, after = inside(old, who), inside(new, who)
        if before is not None and after is not None:
            moved = before ^ after
            assert moved <= set(told), (moved, old.source.text, new.source.text, who.as_json())


@given(st.data())
@settings(deadline=None, max_examples=6, suppress_health_check=SLOW)
def test_other_words_are_never_a_change(draw: st.DataObject) -> None:
    keeps_its_meaning(draw)


@given(st.data())
@settings(deadline=None, max_examples=6, suppress_health_check=SLOW)
def test_whoever_moves_is_in_a_segment_that_is_told(draw: st.DataObject) -> None:
    is_held_against_recipients(draw)


@pytest.mark.deep
@given(st.data())
@settings(deadline=None, max_examples=300, suppress_health_check=SLOW)
def test_other_words_are_never_a_change_at_length(draw: st.DataObject) -> None:
    keeps_its_meaning(draw)


@pytest.mark.deep
@given(st.data())
@settings(deadline=None, max_examples=300, suppress_health_check=SLOW)
def test_whoever_moves_is_in_a_segment_that_is_told_at_length(draw: st.DataObject) -> None:
    is_held_against_recipients(draw)

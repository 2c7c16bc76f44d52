"""What cannot matter does not: order of statements, keys and events, segments nobody is in, unread data."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.properties.rule_worlds import EVENT_TEXT, Recipient, every_expression, recipients, rule_texts

from mailweave.rules import CheckedDocument, Program, check, compile_checked, parse, typed
from mailweave.rules.optimizer import PASSES, optimized
from mailweave.rules.program import Evaluation
from mailweave.rules.reference_evaluator import RecipientValues
from mailweave.source import Source

FOUND = settings(
    suppress_health_check=list(HealthCheck),
    deadline=None,
    max_examples=20,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def checked(text: str) -> CheckedDocument:
    document = check(parse(Source("random.rules", text)).document).document
    assert document is not None
    return document


def asked(program: Program, person: Recipient) -> Evaluation:
    return program.evaluate(person.profile, events=person.events, context=person.context, now=person.now)


def same(one: Evaluation, other: Evaluation) -> bool:
    """The mask numbers segments in file order; what it stands for is what counts."""
    return (one.segments, one.tiers, one.skip) == (other.segments, other.tiers, other.skip)


def statements(text: str) -> list[str]:
    """The statements of a random text: each starts at the margin, and a brace closes it there."""
    return re.findall(r"^(?:\w.*?)(?=^\w|\Z)", text, re.MULTILINE | re.DOTALL)


@settings(FOUND)
@given(rule_texts((3, 6)), st.data(), st.integers(0, 999))
def test_the_order_of_statements_changes_nothing(text: str, data: st.DataObject, seed: int) -> None:
    head, *rest = statements(text)
    shuffled = list(rest)
    random.Random(seed).shuffle(shuffled)
    document = checked(text)
    one, other = compile_checked(document), compile_checked(checked(head + "".join(shuffled)))
    for _ in range(3):
        person = data.draw(recipients(document))
        assert same(asked(one, person), asked(other, person))


@settings(FOUND)
@given(rule_texts(), st.data(), st.integers(0, 999))
def test_the_order_of_keys_and_events_changes_nothing(text: str, data: st.DataObject, seed: int) -> None:
    document = checked(text)
    program, order = compile_checked(document), random.Random(seed)
    for _ in range(3):
        person = data.draw(recipients(document))
        events = [shuffled(event, order) for event in person.events]
        order.shuffle(events)
        profile, context = shuffled(person.profile, order), shuffled(person.context, order)
        other = Recipient(profile, events, context, person.now)
        assert asked(program, person) == asked(program, other)


def shuffled(value: Any, order: random.Random) -> Any:
    """The same data, its keys in another order, at every depth; lists stay as they are."""
    if isinstance(value, Mapping):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(item, order) for item in value] if isinstance(value, list) else value


NEVER = "segment nobody = consent.marketing and not consent.marketing\n"


@settings(FOUND)
@given(rule_texts(), st.data())
def test_a_segment_that_nobody_is_in_changes_nothing(text: str, data: st.DataObject) -> None:
    document = checked(text)
    one, other = compile_checked(document), compile_checked(checked(text + NEVER))
    for _ in range(3):
        person = data.draw(recipients(document))
        assert same(asked(one, person), asked(other, person))


@settings(FOUND)
@given(rule_texts(), st.data())
def test_what_is_not_read_does_not_matter(text: str, data: st.DataObject) -> None:
    document = checked(text)
    program = compile_checked(document)
    read = {each.name for each in every_expression(document) if isinstance(each, typed.Attribute)}
    read |= {document.schema.timezone.attribute or ""}
    events = {name for name in EVENT_TEXT if re.search(rf"\b{name}\b", "".join(statements(text)[-12:]))}
    first, second = data.draw(recipients(document)), data.draw(recipients(document))
    profile = dict(first.profile)
    for name, declared in document.schema.profile.items():
        if name not in read:
            column = declared.column or name
            profile.pop(column, None)
            profile |= {column: second.profile[column]} if column in second.profile else {}
    extra = [event for event in second.events if event["type"] not in events]
    undeclared = {"type": "unheard_of", "at": first.now.isoformat(), "total": object()}
    other = Recipient(
        {**profile, "never declared": object()},
        [*first.events, *extra, undeclared],
        {**first.context, "snippets": {"a": 1}},
        first.now,
    )
    assert asked(program, first) == asked(program, other)


@settings(FOUND)
@given(rule_texts(), st.data(), st.integers(-3, 3))
def test_a_recipient_can_be_read_at_another_moment(text: str, data: st.DataObject, days: int) -> None:
    document = checked(text)
    program = compile_checked(document)
    person = data.draw(recipients(document))
    later = person.now + timedelta(days=days)
    admitted = program.admit(person.profile, person.events, context=person.context, now=person.now)
    program.evaluation(admitted)
    moved = Recipient(person.profile, person.events, person.context, later)
    assert program.evaluate(admitted, now=later) == asked(program, moved)
    assert program.evaluate(admitted, now=person.now) == asked(program, person)


@settings(FOUND)
@given(rule_texts())
def test_negations_stand_before_atoms_only(text: str) -> None:
    for segment in checked(text).segments.values():
        waiting = [optimized(segment.condition)]
        while waiting:
            expr = waiting.pop()
            assert not isinstance(expr, typed.Inlined)
            if isinstance(expr, typed.And | typed.Or):
                waiting += expr.terms
            elif isinstance(expr, typed.Not):
                assert not isinstance(expr.term, typed.And | typed.Or | typed.Not | typed.Inlined)


@settings(FOUND)
@given(rule_texts(), st.data())
def test_every_pass_keeps_what_is_true(text: str, data: st.DataObject) -> None:
    """What a pass makes of a condition is true for the same recipients, says the interpreter."""
    document = checked(text)
    for _ in range(3):
        one = data.draw(recipients(document))
        person = RecipientValues(document, one.profile, one.events, one.context, one.now)
        for segment in document.segments.values():
            expr, holds = segment.condition, person.ask(segment.condition) is True
            for each in PASSES:
                expr = each(expr)
                assert (person.ask(expr) is True) is holds


@settings(FOUND)
@given(rule_texts())
def test_no_word_of_the_author_becomes_code(text: str) -> None:
    """Generated code holds the engine's own names, keywords and literals, and nothing else."""
    document = checked(text)
    source = compile_checked(document).generated.source
    bare = re.sub(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"", "''", source)
    names = set(re.findall(r"(?<![\w.])[A-Za-z_]\w*", bare))
    own = re.compile(
        r"[vsxciK]\d*|log\d+|list\d+|value\d+|mask|a|m|e|p|i|_|moment|rows|kept|known|now|zone|count"
    )
    for name in names - KNOWN:
        assert own.fullmatch(name), name


KNOWN = {
    *("def", "return", "if", "elif", "else", "for", "in", "not", "and", "or", "is", "None", "True", "False"),
    *("CalendarWindow", "MISSING", "Series", "amount", "average_double", "average_units", "average_whole"),
    *("bounds", "days", "double", "first_moment", "glob", "last_moment", "quotient", "returns", "times"),
    *("total", "whole", "frozenset", "len", "max", "min", "set", "sum", "unit", "last", "default", "key"),
}

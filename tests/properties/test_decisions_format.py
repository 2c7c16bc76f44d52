"""Formatting rule texts with decisions: the same meaning, the same comments, and nothing left to change."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties.decision_worlds import NOW, World, recipients, worlds

from mailweave.decisions import compile_decisions
from mailweave.rules import parse
from mailweave.rules.formatter import format_source
from mailweave.source import Source

seeds = st.integers(0, 2**32 - 1).map(random.Random)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), seeds)
def test_formatting_keeps_meaning_and_comments_and_is_done_at_once(
    world: World, chance: random.Random
) -> None:
    untidy = "\n".join(_untidy(line, number, chance) for number, line in enumerate(world.text().splitlines()))
    once = format_source(untidy)
    assert format_source(once) == once
    before, after = parse(Source("a", untidy)).document, parse(Source("b", once)).document
    assert before.statements == after.statements
    assert sorted(c.text for c in before.comments) == sorted(c.text for c in after.comments)
    one, other = compile_decisions(untidy), compile_decisions(once)
    for who in recipients(world, chance, 5):
        events = who.events()
        answers = [p.select(who.profile(), events=events, now=NOW) for p in (one, other)]
        assert answers[0] == answers[1]


def _untidy(line: str, number: int, chance: random.Random) -> str:
    """The line with blanks, and with comments behind it or on a line before it."""
    spaced = "".join(char + " " * chance.choice([0, 0, 0, 2]) if char == " " else char for char in line)
    behind = f"  # behind {number}" if chance.random() < 0.2 else ""
    before = f"{' ' * chance.randrange(4)}# before {number}\n" if chance.random() < 0.2 else ""
    return before + ("\n" if chance.random() < 0.1 else "") + spaced + behind

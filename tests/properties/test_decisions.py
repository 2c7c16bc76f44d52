"""Decisions over random rule texts: what the program chooses is what the documentation says."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.properties.decision_worlds import (
    NOW,
    Cell,
    Recipient,
    Row,
    World,
    decide,
    recipients,
    with_rows,
    worlds,
)

from mailweave.decisions import DecisionProgram, Selection, Skip, compile_decisions

seeds = st.integers(0, 2**32 - 1).map(random.Random)
checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
some = settings(max_examples=25, deadline=None, suppress_health_check=checks)
PEOPLE = 12


@lru_cache(maxsize=64)
def compiled(text: str) -> DecisionProgram:
    return compile_decisions(text)


def chosen(world: World, who: Recipient) -> Selection | Skip:
    return compiled(world.text()).select(who.profile(), events=who.events(), now=NOW)


def compare(world: World, chance: random.Random) -> None:
    for who in recipients(world, chance, PEOPLE):
        got, expected = chosen(world, who), decide(world, who)
        if expected is None:
            assert isinstance(got, Skip)
            event("skipped")
            continue
        assert isinstance(got, Selection)
        assert dict(got) == expected.blocks
        assert dict(got.arms) == expected.arms
        assert dict(got.unexposed) == expected.unexposed
        for reason in got.reasons.values():
            event(reason.how)
        for outcome in [*got.arms.values(), *got.unexposed.values()]:
            event(outcome)
        _is_sound(world, got, expected.eligible)


def _is_sound(world: World, got: Selection, eligible: dict[str, set[str]]) -> None:
    """Every slot has an answer, within its limit, of eligible blocks (or an arm of one)."""
    assert list(got) == [slot.name for slot in world.slots]
    for slot in world.slots:
        assert len(slot.spare) <= len(got[slot.name]) <= slot.max
        assert len(set(got[slot.name])) == len(got[slot.name])
        arms = set(slot.arms) if f"x_{slot.name}" in got.arms else set()
        assert set(got[slot.name]) <= eligible[slot.name] | arms


@settings(some, max_examples=50)
@given(worlds(), seeds)
def test_the_program_is_the_naive_selector(world: World, chance: random.Random) -> None:
    compare(world, chance)


@pytest.mark.deep
@settings(max_examples=1_500, deadline=None, suppress_health_check=checks)
@given(worlds(), seeds)
def test_the_program_is_the_naive_selector_at_length(world: World, chance: random.Random) -> None:
    compare(world, chance)


@some
@given(worlds(), seeds)
def test_who_was_decided_before_has_no_influence(world: World, chance: random.Random) -> None:
    people = recipients(world, chance, PEOPLE)
    one, other = compile_decisions(world.text()), compile_decisions(world.text())
    forwards = [one.select(who.profile(), events=who.events(), now=NOW) for who in people]
    backwards = [other.select(who.profile(), events=who.events(), now=NOW) for who in reversed(people)]
    assert forwards == backwards[::-1]


@some
@given(worlds(policies=("priority", "collect")), seeds)
def test_raising_the_winners_priority_keeps_it(world: World, chance: random.Random) -> None:
    world = replace(world, experiments=())
    for who in recipients(world, chance, 3):
        got = chosen(world, who)
        for index, slot in enumerate(world.slots):
            if isinstance(got, Selection) and got.reasons[slot.name].how == "matrix":
                _check_raised(world, who, index, got[slot.name][0])


def _check_raised(world: World, who: Recipient, index: int, winner: str) -> None:
    raised = with_rows(world, lambda rows: [_raised(row, index, winner) for row in rows])
    again = chosen(raised, who)
    assert isinstance(again, Selection)
    assert again[world.slots[index].name][0] == winner
    event("raised")


def _raised(row: Row, index: int, block: str) -> Row:
    cell = row.cells[index]
    if cell is None or cell.block != block or not isinstance(cell.rank, int):
        return row
    return Row(row.segment, (*row.cells[:index], Cell(block, cell.rank + 7), *row.cells[index + 1 :]))


@some
@given(worlds(), seeds)
def test_shuffling_rows_that_do_not_compete_changes_nothing(world: World, chance: random.Random) -> None:
    """Rows compete when they fill the same slot; here each fills one, and rows of several slots are mixed."""
    slots = range(len(world.slots))
    groups = [[_only_one(row, index) for row in world.rows if row.cells[index]] for index in slots]
    rows = [row for group in groups for row in group] or list(world.rows)
    mixed = _mixed(groups, chance) or rows
    event("mixed" if mixed != rows else "as it was")
    before, after = (replace(world, rows=tuple(r), overrides=()) for r in (rows, mixed))
    for who in recipients(world, chance, PEOPLE):
        assert chosen(before, who) == chosen(after, who)


def _mixed(groups: list[list[Row]], chance: random.Random) -> list[Row]:
    """The rows of all groups in a random order that keeps the order within each group."""
    waiting = [list(group) for group in groups]
    turns = [at for at, group in enumerate(groups) for _ in group]
    chance.shuffle(turns)
    return [waiting[at].pop(0) for at in turns]


def _only_one(row: Row, index: int) -> Row:
    return Row(row.segment, tuple(c if at == index else None for at, c in enumerate(row.cells)))


@some
@given(worlds(), seeds)
def test_the_order_of_data_and_of_segments_changes_nothing(world: World, chance: random.Random) -> None:
    lines = world.text().splitlines(keepends=True)
    segments = [line for line in lines if line.startswith("segment ")]
    chance.shuffle(segments)
    shuffled = compiled("".join([line for line in lines if not line.startswith("segment ")] + segments))
    for who in recipients(world, chance, PEOPLE):
        events, profile = who.events(), list(who.profile().items())
        chance.shuffle(events)
        chance.shuffle(profile)
        assert shuffled.select(dict(profile), events=events, now=NOW) == chosen(world, who)


@some
@given(worlds(), seeds)
def test_admitting_first_changes_nothing(world: World, chance: random.Random) -> None:
    program = compiled(world.text())
    for who in recipients(world, chance, PEOPLE):
        admitted = program.program.admit(who.profile(), who.events(), now="2020-01-01T00:00Z")
        assert program.select(admitted, now=NOW) == chosen(world, who)


@some
@given(worlds().filter(lambda world: bool(world.experiments)), seeds, st.integers(0, 49))
def test_a_smaller_holdout_moves_nobody(world: World, chance: random.Random, less: int) -> None:
    large = replace(world, experiments=tuple(replace(e, holdout=50) for e in world.experiments))
    small = replace(world, experiments=tuple(replace(e, holdout=less) for e in world.experiments))
    for who in recipients(world, chance, PEOPLE):
        before, after = chosen(large, who), chosen(small, who)
        if isinstance(before, Skip) or isinstance(after, Skip):
            assert before == after
            continue
        for name, arm in before.arms.items():
            assert after.arms[name] == arm
            event("still in " + arm)

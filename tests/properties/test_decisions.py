"""Decisions over random rule texts: what the program chooses is what the documentation says."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache

from decision_worlds import (
    NOW,
    Answer,
    Cell,
    Recipient,
    Row,
    World,
    decide,
    recipients,
    with_rows,
    worlds,
)
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from mailweave.decisions import DecisionProgram, Selection, Skip, compile_decisions

slow = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@lru_cache(maxsize=64)
def compiled(text: str) -> DecisionProgram:
    return compile_decisions(text)


def chosen(world: World, who: Recipient) -> Selection | Skip:
    return compiled(world.text()).select(who.profile(), events=who.events(), now=NOW)


@slow
@given(st.data())
def test_the_program_is_the_naive_selector(data: st.DataObject) -> None:
    world = data.draw(worlds())
    for _ in range(8):
        who = data.draw(recipients(world))
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


@slow
@given(st.data())
def test_every_slot_has_an_answer_and_every_block_in_it_is_eligible(data: st.DataObject) -> None:
    world = data.draw(worlds())
    who = data.draw(recipients(world))
    got, expected = chosen(world, who), decide(world, who)
    assume(isinstance(got, Selection))
    assert isinstance(got, Selection)
    assert expected is not None
    assert list(got) == [slot.name for slot in world.slots]
    for slot in world.slots:
        assert 1 <= len(got[slot.name]) <= slot.max
        assert len(set(got[slot.name])) == len(got[slot.name])
        arms = set(slot.arms) if any(e.name in got.arms for e in world.experiments) else set()
        assert set(got[slot.name]) <= expected.eligible[slot.name] | arms


@slow
@given(st.data())
def test_a_memo_changes_nothing(data: st.DataObject) -> None:
    """Others who were decided before have no influence: each answer is that of a new program."""
    world = data.draw(worlds())
    shared = compile_decisions(world.text())
    for who in data.draw(st.lists(recipients(world), min_size=2, max_size=4)):
        alone = compile_decisions(world.text()).select(who.profile(), events=who.events(), now=NOW)
        assert shared.select(who.profile(), events=who.events(), now=NOW) == alone


@slow
@given(st.data())
def test_raising_the_winners_priority_keeps_it(data: st.DataObject) -> None:
    world = replace(data.draw(worlds(policies=("priority", "collect"))), experiments=())
    who = data.draw(recipients(world))
    got = chosen(world, who)
    assume(isinstance(got, Selection))
    assert isinstance(got, Selection)
    for index, slot in enumerate(world.slots):
        reason = got.reasons[slot.name]
        if reason.how != "matrix":
            continue
        winner = got[slot.name][0]
        raised = with_rows(world, lambda rows: [_raised(row, index, winner) for row in rows])  # noqa: B023
        again = chosen(raised, who)
        assert isinstance(again, Selection)
        assert again[slot.name][0] == winner
        event("raised")


def _raised(row: Row, index: int, block: str) -> Row:
    cell = row.cells[index]
    if cell is None or cell.block != block or not isinstance(cell.rank, int):
        return row
    cells = list(row.cells)
    cells[index] = Cell(block, cell.rank + 7)
    return Row(row.segment, tuple(cells))


@slow
@given(st.data())
def test_shuffling_rows_that_do_not_compete_changes_nothing(data: st.DataObject) -> None:
    """Rows compete when they fill the same slot; here each row fills one slot, so groups may be shuffled."""
    world = data.draw(worlds())
    single = with_rows(
        world, lambda rows: [_only_one(row, at % len(world.slots)) for at, row in enumerate(rows)]
    )
    who = data.draw(recipients(world))
    groups = [[r for r in single.rows if r.cells[i] is not None] for i in range(len(world.slots))]
    assume(sum(bool(group) for group in groups) > 1)
    order = data.draw(st.permutations(range(len(groups))))
    shuffled = replace(single, rows=tuple(row for at in order for row in groups[at]))
    before = replace(single, rows=tuple(row for group in groups for row in group))
    assert chosen(before, who) == chosen(shuffled, who)


def _only_one(row: Row, index: int) -> Row:
    return Row(row.segment, tuple(c if at == index else None for at, c in enumerate(row.cells)))


@slow
@given(st.data())
def test_the_order_of_data_and_of_segments_changes_nothing(data: st.DataObject) -> None:
    world = data.draw(worlds())
    who = data.draw(recipients(world))
    before = chosen(world, who)
    events, profile = who.events(), list(who.profile().items())
    chance = random.Random(data.draw(st.integers(0, 99)))
    chance.shuffle(events)
    chance.shuffle(profile)
    program = compiled(world.text())
    assert program.select(dict(profile), events=events, now=NOW) == before
    lines = world.text().splitlines(keepends=True)
    segments = [line for line in lines if line.startswith("segment ")]
    rest = [line for line in lines if not line.startswith("segment ")]
    chance.shuffle(segments)
    assert compiled("".join(rest + segments)).select(who.profile(), events=who.events(), now=NOW) == before


@slow
@given(st.data())
def test_admitting_first_changes_nothing(data: st.DataObject) -> None:
    world = data.draw(worlds())
    who = data.draw(recipients(world))
    program = compiled(world.text())
    admitted = program.program.admit(who.profile(), who.events(), now="2020-01-01T00:00Z")
    assert program.select(admitted, now=NOW) == chosen(world, who)


@slow
@given(st.data(), st.integers(0, 49))
def test_a_smaller_holdout_keeps_everybody_where_they_are(data: st.DataObject, less: int) -> None:
    world = data.draw(worlds())
    assume(world.experiments)
    large = replace(world, experiments=tuple(replace(e, holdout=50) for e in world.experiments))
    small = replace(world, experiments=tuple(replace(e, holdout=less) for e in world.experiments))
    for _ in range(6):
        who = data.draw(recipients(world))
        before, after = chosen(large, who), chosen(small, who)
        if isinstance(before, Skip) or isinstance(after, Skip):
            assert before == after
            continue
        for name, arm in before.arms.items():
            assert after.arms[name] == arm
            event("still in " + arm)


def test_the_naive_selector_knows_all_its_answers() -> None:
    """Answer has a field for all that a selection says, so that the comparison above leaves nothing out."""
    assert set(Answer.__dataclass_fields__) == {"blocks", "arms", "unexposed", "eligible"}

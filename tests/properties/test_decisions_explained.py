"""Explanations replayed: every reason that is stated is true of the data, and none is left out."""

from __future__ import annotations

import random
from collections.abc import Iterator

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.properties.decision_worlds import (
    FLAGS,
    NUMBERS,
    Block,
    Cell,
    Condition,
    Recipient,
    Slot,
    World,
    recipients,
    worlds,
)
from tests.properties.decision_worlds import NOW as AT

from mailweave.decisions import Explanation, Selection, compile_decisions
from mailweave.decisions.explanation.model import Atom, Cause, Contender, SlotExplanation

PEOPLE = 25  # of each of 40 worlds: a thousand
seeds = st.integers(0, 2**32 - 1).map(random.Random)
ELIGIBILITY = {
    "row_does_not_hold", "consent_not_given", "requires_is_false", "requires_is_unknown", "expired", "capped",
    "nothing_to_show", "rank_is_unknown",
}  # fmt: skip
BY_THE_POLICY = {
    "outranked", "lost_tie", "later_row", "better_cell_of_same_block", "beyond_max", "promise_broken",
}  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), seeds)
def test_a_thousand_explanations_are_true_and_complete(world: World, chance: random.Random) -> None:
    program = compile_decisions(world.text())
    for who in recipients(world, chance, PEOPLE):
        story = program.explain(who.profile(), events=who.events(), now=AT)
        answer = program.select(who.profile(), events=who.events(), now=AT)
        check_people(world, who, story)
        if not isinstance(answer, Selection):
            assert story.skip is not None
            assert story.slots == ()
            continue
        assert story.skip is None
        for index, slot in enumerate(world.slots):
            told = story.slots[index]
            assert told.chosen == answer[slot.name]
            assert told.how == answer.reasons[slot.name].how
            check_trials(told, answer)
            check_slot(world, index, who, told)


def check_people(world: World, who: Recipient, story: Explanation) -> None:
    for index, condition in enumerate(world.segments):
        told = next(m for m in story.segments if m.name == f"s{index}")
        value = condition.value(who)
        assert (told.member, told.unknown) == (value is True, value is None)
        assert told.atoms
        check_atoms(told.atoms, who)


def check_atoms(atoms: tuple[Atom, ...], who: Recipient) -> None:
    """Each comparison has the result and the values that the data gives it."""
    names = {f"f{i}": who.flags[i] for i in range(FLAGS)} | {f"n{i}": who.numbers[i] for i in range(NUMBERS)}
    for atom in atoms:
        name, _, limit = atom.text.partition(" > ")
        if limit:
            assert atom.result is Condition("above", int(name[1:]), int(limit)).value(who)
        elif name in names:
            assert atom.result is names[name]
        for reading in atom.readings:
            if reading.name.startswith("last(sent)"):
                continue
            value = names[reading.name]
            assert reading.value == (None if value is None else str(value).lower())


def check_trials(told: SlotExplanation, answer: Selection) -> None:
    for trial in told.trials:
        if trial.exposure == "exposed":
            assert answer.arms[trial.experiment] == trial.arm
        else:
            assert answer.unexposed[trial.experiment] == trial.exposure
        assert trial.shown in told.chosen


def check_slot(world: World, index: int, who: Recipient, told: SlotExplanation) -> None:
    slot = world.slots[index]
    rows = [c for c in told.contenders if c.kind == "row"]
    cells = [(at, row.cells[index]) for at, row in enumerate(world.rows) if row.cells[index] is not None]
    assert len(rows) == len(cells)
    before = {trial.shown: trial.block for trial in told.trials}
    decided = {before.get(block, block) for block in told.chosen}
    assert {c.block for c in told.contenders if c.status == "won"} == decided
    for contender, (at, cell) in zip(rows, cells, strict=True):
        assert cell is not None
        check_contender(world, slot, at, cell, who, contender)
        check_policy(told, rows, contender)
    for contender in told.contenders:
        assert (contender.status == "won") == (contender.causes == ())


def check_contender(
    world: World, slot: Slot, at: int, cell: Cell, who: Recipient, contender: Contender
) -> None:
    """The causes before the policy are exactly those that the documentation names."""
    expected = sorted(ineligible(world, slot, at, cell, who))
    stated = sorted(cause.why for cause in contender.causes if cause.why in ELIGIBILITY)
    assert stated == expected
    assert not expected or len(stated) == len(contender.causes)
    for cause in contender.causes:
        event(cause.why)
        check_atoms(cause.atoms, who)
        check_facts(world, slot, cell, who, cause)


def ineligible(world: World, slot: Slot, at: int, cell: Cell, who: Recipient) -> Iterator[str]:
    if world.segments[world.rows[at].segment].value(who) is not True:
        yield "row_does_not_hold"
    block = next(b for b in slot.blocks if b.name == cell.block)
    for condition in block.requires:
        value = condition.value(who)
        if value is not True:
            unknown = "requires_is_unknown" if value is None else "requires_is_false"
            yield "consent_not_given" if condition.kind == "consent" else unknown
    if block.hours_left is not None and block.hours_left <= 0:
        yield "expired"
    if block.ends_after is not None:
        newest = who.newest_send()
        if newest is None:
            yield "requires_is_unknown"
        elif newest >= block.ends_after:
            yield "expired"
    if block.cap is not None and sends(world, block, who) >= block.cap[0]:
        yield "capped"
    if block.shows and not who.picks:
        yield "nothing_to_show"
    if cell.value(who) is None:
        yield "rank_is_unknown"


def sends(world: World, block: Block, who: Recipient) -> int:
    assert block.cap is not None
    arms = {to for e in world.experiments if e.block == block.name for _, _, to in e.arms if to}
    hours = 24 * block.cap[1]
    return sum(name in {block.name, *arms} and 0 <= ago < hours for name, ago in who.sends)


def check_facts(world: World, slot: Slot, cell: Cell, who: Recipient, cause: Cause) -> None:
    """The figures of a cause, worked out again."""
    block, facts = next(b for b in slot.blocks if b.name == cell.block), cause.facts
    if cause.why == "capped":
        assert block.cap is not None
        assert (facts["sends"], facts["cap"]) == (sends(world, block, who), block.cap[0])
    elif cause.why == "outranked":
        assert facts["rank"] == cell.value(who)
        assert float(str(facts["winner_rank"])) > float(str(facts["rank"]))
    elif cause.why == "later_row":
        assert int(str(facts["winner_row"])) < int(str(facts["row"]))
    elif cause.why == "overridden":
        overrides = [o for o in world.overrides if f"s{o.winner}" == facts["by_row"]]
        assert any(o.when is None or o.when.value(who) is True for o in overrides)
    elif cause.why == "lost_tie":
        assert facts["value"] != facts["winner_value"]


def check_policy(told: SlotExplanation, rows: list[Contender], contender: Contender) -> None:
    """Whoever lost by the policy lost to a row that won, and has exactly one such cause."""
    causes = [cause for cause in contender.causes if cause.why in BY_THE_POLICY]
    assert len(causes) <= 1
    winners = {(c.row, c.block) for c in rows if c.status == "won"}
    for cause in causes:
        if cause.why == "promise_broken":
            assert told.how == "broken"
        else:
            assert (cause.facts["by_row"], cause.facts["by_block"]) in winners
        if cause.why == "better_cell_of_same_block":
            assert cause.facts["by_block"] == contender.block
        if cause.why == "beyond_max":
            assert len(told.contenders) > int(str(cause.facts["max"]))

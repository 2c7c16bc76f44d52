"""What a proof says of random campaigns is held against thousands of recipients aimed at it, by the naive selector."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from tests.properties.decision_worlds import (
    NOW,
    Block,
    Condition,
    Recipient,
    World,
    decide,
    recipients,
    survivors,
    winners,
    worlds,
)

from mailweave.diagnostics import Diagnostic
from mailweave.prove import prove_rules
from mailweave.rules.prover.smt import has_smt
from mailweave.source import Source
from mailweave.values.instants import to_instant

pytestmark = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
AIMED, FEW = 20_000, 1_000

Denies = Callable[[Recipient], bool]


@dataclass(frozen=True)
class Claim:
    """What was said of everybody: whom it aims at, and what would deny it."""

    told: Diagnostic
    aim: tuple[Condition, ...]
    denied_by: Denies


# ---- what each finding says


def claims(world: World, found: tuple[Diagnostic, ...]) -> Iterator[Claim]:
    """What is said of everybody, each with somebody whom it would concern."""
    for each in found:
        names = re.findall(r"`([^`]*)`", each.message)
        match each.code:
            case "MW901" if (condition := _segment(world, names[0])) is not None:
                yield Claim(each, (condition,), partial(_is_in, condition))
            case "MW902" if (condition := _segment(world, names[0])) is not None:
                yield Claim(each, (), partial(_is_not_in, condition))
            case "MW912":
                row = _row(world, each)
                for index in range(len(world.slots)):
                    yield _of_a_cell(world, each, row, index)
            case "MW913":
                yield _of_a_cell(world, each, _row(world, each), _slot(world, names[2]))
            case "MW914":
                yield Claim(each, (), partial(_gets, world, names[0]))
            case "MW915":
                yield _of_an_override(world, each, *(int(name[1:]) for name in names[:2]))
            case "MW916":
                yield Claim(each, (), partial(_is_in_arm, world, names[1], names[0]))
            case "MW919":
                yield Claim(each, (), partial(_asks_otherwise, world, _slot(world, names[1])))
            case "MW906" | "MW907":
                one, other = (_segment(world, name) for name in names[:2])
                yield _of_two(each, one, other, both_ways=each.code == "MW906")
            case _:  # shown by a witness, or said of a part of a condition
                pass


def _segment(world: World, name: str) -> Condition | None:
    """The condition of a segment; None for other names."""
    if name == "skipped":
        return world.skip
    return world.segments[int(name[1:])] if re.fullmatch(r"s\d+", name) else None


def _slot(world: World, name: str) -> int:
    return [slot.name for slot in world.slots].index(name)


def _row(world: World, told: Diagnostic) -> int:
    """The number of the row in which a finding stands."""
    assert told.source is not None
    assert told.span is not None
    text = told.source.text
    first = text.index("\n", text.index("\n  | ") + 1) + 1
    return text[first : told.span.start].count("\n")


def _of_a_cell(world: World, told: Diagnostic, row: int, index: int) -> Claim:
    cell, segment = world.rows[row].cells[index], world.segments[world.rows[row].segment]
    blocks = [b for b in world.slots[index].blocks if cell is not None and b.name == cell.block]
    aim = (segment, *(condition for block in blocks for condition in block.requires))
    return Claim(told, aim, lambda who: any(row == number for number, _ in winners(world, index, who)))


def _of_an_override(world: World, told: Diagnostic, loser: int, winner: int) -> Claim:
    ours = next(o for o in world.overrides if (o.winner, o.loser) == (winner, loser))
    without = replace(world, overrides=tuple(o for o in world.overrides if o is not ours))
    when = () if ours.when is None else (ours.when,)
    aim = (world.segments[winner], world.segments[loser], *when)
    return Claim(told, aim, lambda who: decide(world, who) != decide(without, who))


def _of_two(told: Diagnostic, one: Condition | None, other: Condition | None, *, both_ways: bool) -> Claim:
    assert one is not None
    assert other is not None

    def denied(who: Recipient) -> bool:
        here, there = _is_in(one, who), _is_in(other, who)
        return here != there if both_ways else here and not there

    return Claim(told, (one,), denied)


def _is_in(segment: Condition, who: Recipient) -> bool:
    return segment.value(who) is True


def _is_not_in(segment: Condition, who: Recipient) -> bool:
    return not _is_in(segment, who)


def _gets(world: World, block: str, who: Recipient) -> bool:
    answer = decide(world, who)
    return answer is not None and any(block in blocks for blocks in answer.blocks.values())


def _is_in_arm(world: World, experiment: str, arm: str, who: Recipient) -> bool:
    answer = decide(world, who)
    return answer is not None and answer.arms.get(experiment) == arm


def _asks_otherwise(world: World, index: int, who: Recipient) -> bool:
    return decide(world, who) is not None and not survivors(world, index, who)


# ---- recipients who are aimed at a claim


def aimed(who: Recipient, conditions: tuple[Condition, ...]) -> Recipient:
    """Somebody for whom the conditions are true, as far as they allow it; whatever else stays as it was."""
    flags, numbers, consent = list(who.flags), list(who.numbers), who.consent
    for each in conditions:
        if each.kind == "consent":
            consent = True
        elif each.kind == "above":
            number = numbers[each.index]
            numbers[each.index] = max(each.limit + 1, each.limit if number is None else number)
        else:
            flags[each.index] = each.kind == "flag"
    return replace(who, flags=tuple(flags), numbers=tuple(numbers), consent=consent)


def nobody_denies(world: World, claim: Claim, chance: random.Random, count: int) -> None:
    for at, who in enumerate(recipients(world, chance, count)):
        one = aimed(who, claim.aim) if at % 4 else who
        one = replace(one, sends=()) if at % 3 else one  # no cap in the way
        if decide(world, one) is not None:  # a skip denies nothing
            assert not claim.denied_by(one), (claim.told.code, claim.told.message, world.text(), one)


# ---- recipients who are shown


def shown(told: Diagnostic) -> tuple[Recipient, datetime] | None:
    """The recipient of a finding, as the naive selector knows them, and the moment of their mail."""
    if not isinstance(told.witness, Mapping):  # nobody, or a pair of twins
        return None
    profile: dict[str, Any] = dict(told.witness)
    now = datetime.fromisoformat(told.witness["now"])
    who = Recipient(
        profile.get("id", ""),
        tuple(profile.get(f"f{at}") for at in range(5)),
        tuple(profile.get(f"n{at}") for at in range(3)),
        profile.get("consent", {}).get("profiling") is True,
        tuple(item["sku"] for item in profile.get("lists", {}).get("picks", ())),
        tuple(_send(each, now) for each in told.witness["events"] if each["type"] == "sent"),
    )
    return who, now


def at(now: datetime, world: World) -> World:
    """The world as it is at another moment than NOW: blocks expire earlier or later."""
    hours: Any = (now - NOW) / timedelta(hours=1)

    def moved(block: Block) -> Block:
        return block if block.hours_left is None else replace(block, hours_left=block.hours_left - hours)

    slots = tuple(replace(slot, blocks=tuple(map(moved, slot.blocks))) for slot in world.slots)
    return replace(world, slots=slots)


def _send(event_at: dict[str, Any], now: datetime) -> tuple[str, Any]:
    age = now - datetime.fromisoformat(event_at["at"])
    return event_at.get("block", ""), age / timedelta(hours=1)


def is_as_claimed(world: World, told: Diagnostic, who: Recipient) -> bool:
    """Whether a recipient shows what a finding says, by the naive selector."""
    names = re.findall(r"`([^`]*)`", told.message)
    match told.code:
        case "MW910" | "MW911" | "MW917":
            *pair, slot = names[:3] if told.code != "MW911" else (*names[1:3], names[0])
            index = _slot(world, slot)
            there = {f"s{world.rows[number].segment}" for number, _ in survivors(world, index, who)}
            broken = told.code != "MW917" or not winners(world, index, who)
            return decide(world, who) is not None and broken and {*pair} <= there
        case "MW912" | "MW913":
            return world.segments[world.rows[_row(world, told)].segment].value(who) is True
        case "MW902":
            condition = _segment(world, names[0])
            return condition is None or _is_in(condition, who)
        case "MW918":
            answer = decide(world, who)
            return answer is not None and set(names[:2]) <= {*answer.arms, *answer.unexposed}
        case "MW907":
            one, other = (_segment(world, name) for name in names[:2])
            assert one is not None
            assert other is not None
            return _is_in(other, who) and not _is_in(one, who)
        case _:  # what is said is of everybody, and the recipient illustrates it
            return True


def is_borne_out(world: World, seed: int, count: int) -> None:
    found = prove_rules(Source("world.rules", world.text()), now=to_instant(NOW))
    said = list(claims(world, found))
    event(f"claims: {min(len(said), 5)}")
    for told in found:
        by = shown(told)
        event(f"{told.code}{'' if by is None else ' shown'}")
        if by is not None:
            assert is_as_claimed(at(by[1], world), told, by[0]), (told.code, told.message, world.text(), by)
    chance = random.Random(seed)
    for hours in (0, -200, 2, 200):  # what nobody gets, nobody gets at any moment
        then = at(NOW + timedelta(hours=hours), world)
        for claim in claims(then, found):
            nobody_denies(then, claim, chance, count // (4 * len(said)) + 1)


@given(worlds())
@settings(deadline=None, max_examples=8, suppress_health_check=SLOW)
def test_what_is_proved_is_borne_out(world: World) -> None:
    is_borne_out(world, 7, FEW)


@pytest.mark.deep
@given(worlds())
@settings(deadline=None, max_examples=150, suppress_health_check=SLOW)
def test_what_is_proved_is_borne_out_by_twenty_thousand(world: World) -> None:
    is_borne_out(world, 11, AIMED)

"""Random rule texts with decisions, random recipients, and a naive selector.

A `World` is a plain model. It is written out as a rule text for the compiler, and decided here by code that
follows docs/decisions.md sentence by sentence and shares nothing with the engine but the bucket of a unit.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from mailweave.rules.reserved import reserved
from mailweave.values.hashing import bucket_after, fnv1a32

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
FLAGS, NUMBERS = 5, 3
POLICIES = ("unique", "any", "first", "priority", "score", "collect")


@dataclass(frozen=True)
class Condition:
    """A flag, `not` a flag, a number above a threshold, or the consent; True, False or unknown (None)."""

    kind: str
    index: int = 0
    limit: int = 0

    def text(self) -> str:
        return {
            "flag": f"f{self.index}",
            "not": f"not f{self.index}",
            "above": f"n{self.index} > {self.limit}",
            "consent": "consent.profiling",
        }[self.kind]

    def value(self, who: Recipient) -> bool | None:
        if self.kind == "consent":
            return who.consent
        if self.kind == "above":
            number = who.numbers[self.index]
            return None if number is None else number > self.limit
        flag = who.flags[self.index]
        return flag if flag is None or self.kind == "flag" else not flag


@dataclass(frozen=True)
class Block:
    name: str
    requires: tuple[Condition, ...] = ()
    hours_left: int | None = None
    cap: tuple[int, int] | None = None
    shows: bool = False
    ends_after: int | None = None
    """Hours after the newest of all sends."""

    def end(self, who: Recipient) -> float:
        """Hours until it ends; infinite where it never does, and where what its end is counted from is unknown."""
        fixed = math.inf if self.hours_left is None else self.hours_left
        newest = who.newest_send()
        return fixed if self.ends_after is None or newest is None else min(fixed, self.ends_after - newest)

    def text(self, slot: str) -> str:
        parts = [f"block {self.name} for {slot}", *(f"requires {c.text()}" for c in self.requires)]
        if self.hours_left is not None:
            parts.append(f"expires {(NOW + timedelta(hours=self.hours_left)):%Y-%m-%dT%H:%MZ}")
        if self.cap is not None:
            parts.append(f"cap {self.cap[0]} per {self.cap[1]} days")
        parts += ["shows picks"] if self.shows else []
        parts += [] if self.ends_after is None else [f"expires {self.ends_after} hours after last(sent)"]
        return " ".join(parts)


@dataclass(frozen=True)
class Cell:
    """`rank`: a number, or the index and factor of a number attribute, or None where no rank is allowed."""

    block: str
    rank: int | tuple[int, int] | None = None

    def text(self) -> str:
        if self.rank is None:
            return self.block
        return f"{self.block} {self.rank if isinstance(self.rank, int) else self._expression()}"

    def _expression(self) -> str:
        assert isinstance(self.rank, tuple)
        return f"({self.rank[1]} * n{self.rank[0]})"

    def value(self, who: Recipient) -> int | None:
        """0 where there is no rank; None is unknown."""
        if not isinstance(self.rank, tuple):
            return self.rank or 0
        number = who.numbers[self.rank[0]]
        rank = None if number is None else number * self.rank[1]
        return rank if rank is not None and abs(rank) < 2**63 else None  # more is no `int`


@dataclass(frozen=True)
class Slot:
    name: str
    max: int
    blocks: tuple[Block, ...]
    arms: tuple[str, ...] = ()
    optional: bool = False

    @property
    def fallback(self) -> str:
        """A block without conditions, shown where nothing was chosen unless the slot is optional."""
        return f"{self.name}_fallback"

    @property
    def spare(self) -> list[str]:
        return [] if self.optional else [self.fallback]

    def text(self) -> str:
        names = [block.text(self.name) for block in self.blocks]
        names += [f"block {name} for {self.name}" for name in (self.fallback, *self.arms)]
        last = "optional" if self.optional else f"fallback {self.fallback}"
        return "\n".join([f"slot {self.name} max {self.max} {last}", *names])


@dataclass(frozen=True)
class Row:
    segment: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Override:
    winner: int
    loser: int
    when: Condition | None

    def text(self) -> str:
        when = f" when {self.when.text()}" if self.when else ""
        return f"override s{self.winner} over s{self.loser}{when}"


@dataclass(frozen=True)
class Experiment:
    name: str
    block: str
    salt: str
    only: Condition | None
    holdout: int
    arms: tuple[tuple[str, int, str | None], ...]

    def text(self) -> str:
        arms = ", ".join(f"{name} {share}%" + (f" -> {to}" if to else "") for name, share, to in self.arms)
        only = f"  only {self.only.text()}\n" if self.only else ""
        return (
            f"experiment {self.name} on {self.block} {{\n"
            f'  unit id salt "{self.salt}"\n{only}  holdout {self.holdout}%\n  split {arms}\n}}'
        )


@dataclass(frozen=True)
class World:
    segments: tuple[Condition, ...]
    slots: tuple[Slot, ...]
    policy: str
    policies: tuple[str | None, ...]
    ties: tuple[str, ...]
    rows: tuple[Row, ...]
    otherwise: tuple[str | None, ...]
    overrides: tuple[Override, ...]
    experiments: tuple[Experiment, ...]
    skip: Condition | None = None

    def text(self) -> str:
        return (
            "\n".join([*self._head(), *self._people(), *(s.text() for s in self.slots), *self._choice()])
            + "\n"
        )

    def _head(self) -> list[str]:
        return [
            'ruleset "world" version 1',
            "profile {",
            "  id: key",
            *(f"  f{index}: bool?" for index in range(FLAGS)),
            *(f"  n{index}: int?" for index in range(NUMBERS)),
            "}",
            "event sent { block: text } keep 90 days",
            "consent profiling",
            "catalog things { sku: text }",
            'list picks of things by "cf" max 4 else "best"',
        ]

    def _people(self) -> list[str]:
        lines = [f"segment s{index} = {condition.text()}" for index, condition in enumerate(self.segments)]
        if self.skip is not None:
            # a condition that can be unknown is refused in a skip, so it is asked for as a member
            lines += [f"segment skipped = {self.skip.text()}", 'skip stop "because" when skipped']
        return lines

    def _choice(self) -> list[str]:
        heads = [s.name + (f" ({p})" if p else "") for s, p in zip(self.slots, self.policies, strict=True)]
        rows = [
            f"  s{row.segment} | " + " | ".join(cell.text() if cell else "-" for cell in row.cells) + " |"
            for row in self.rows
        ]
        return [
            f"matrix main policy {self.policy} {{",
            "  tie " + ", then ".join((*self.ties, "order")),
            "  | " + " | ".join(heads) + " |",
            *rows,
            "  otherwise | " + " | ".join(name or "-" for name in self.otherwise) + " |",
            "}",
            *(override.text() for override in self.overrides),
            *(experiment.text() for experiment in self.experiments),
        ]


@dataclass(frozen=True)
class Recipient:
    id: str
    flags: tuple[bool | None, ...]
    numbers: tuple[int | None, ...]
    consent: bool
    picks: tuple[str, ...]
    sends: tuple[tuple[str, int], ...] = field(default=())

    def profile(self) -> dict[str, Any]:
        flags = {f"f{index}": flag for index, flag in enumerate(self.flags)}
        numbers = {f"n{index}": number for index, number in enumerate(self.numbers)}
        lists = {"picks": [{"sku": sku} for sku in self.picks]}
        return {"id": self.id, **flags, **numbers, "consent": {"profiling": self.consent}, "lists": lists}

    def newest_send(self) -> int | None:
        """Hours since the newest send that is kept and not in the future."""
        return min((hours for _, hours in self.sends if 0 <= hours < 90 * 24), default=None)

    def events(self) -> list[dict[str, Any]]:
        return [
            {"type": "sent", "at": (NOW - timedelta(hours=hours)).isoformat(), "block": block}
            for block, hours in self.sends
        ]


# ---- the naive selector


@dataclass(frozen=True)
class Answer:
    blocks: dict[str, tuple[str, ...]]
    arms: dict[str, str]
    unexposed: dict[str, str]
    eligible: dict[str, set[str]]


def decide(world: World, who: Recipient) -> Answer | None:
    """The answer as the documentation says it; None for a skip."""
    if world.skip is not None and world.skip.value(who) is True:
        return None
    blocks, eligible = {}, {}
    arms: dict[str, str] = {}
    unexposed: dict[str, str] = {}
    for index, slot in enumerate(world.slots):
        chosen, eligible[slot.name] = _slot(world, index, who)
        blocks[slot.name] = _with_experiments(world, chosen, who, arms, unexposed)
    return Answer(blocks, arms, unexposed, eligible)


def _slot(world: World, index: int, who: Recipient) -> tuple[list[str], set[str]]:
    slot, candidates, eligible = (
        world.slots[index],
        survivors(world, index, who),
        _eligible(world, index, who),
    )
    if candidates:
        return [cell.block for _, cell in _best(world, index, candidates, who)] or slot.spare, eligible
    last = world.otherwise[index]
    return [last] if last is not None and last in eligible else slot.spare, eligible


def _eligible(world: World, index: int, who: Recipient) -> set[str]:
    slot = world.slots[index]
    return {b.name for b in slot.blocks if _is_eligible(world, b, who)} | {slot.fallback}


def survivors(world: World, index: int, who: Recipient) -> list[tuple[int, Cell]]:
    """The rows of a slot that hold and that no override takes away: number and cell."""
    eligible = _eligible(world, index, who)
    held = [
        (number, row, cell)
        for number, row in enumerate(world.rows)
        if (cell := row.cells[index]) is not None
        and world.segments[row.segment].value(who) is True
        and cell.block in eligible
        and cell.value(who) is not None
    ]
    present = {row.segment for _, row, _ in held}
    gone = {
        o.loser
        for o in world.overrides
        if o.winner in present and o.loser in present and (o.when is None or o.when.value(who) is True)
    }
    return [(number, cell) for number, row, cell in held if row.segment not in gone]


def winners(world: World, index: int, who: Recipient) -> list[tuple[int, Cell]]:
    """The rows of a slot whose cells are shown; none where a promise is broken."""
    return _best(world, index, survivors(world, index, who), who)


def _best(
    world: World, index: int, candidates: list[tuple[int, Cell]], who: Recipient
) -> list[tuple[int, Cell]]:
    slot, policy = world.slots[index], world.policies[index] or world.policy
    known = {block.name: block for block in slot.blocks}

    def order(candidate: tuple[int, Cell]) -> tuple[Any, ...]:
        number, cell = candidate
        rank = 0 if policy in ("first", "unique", "any") else cell.value(who)
        ties = (
            ()
            if rank == 0 and policy == "first"
            else tuple(_tie(world, k, known.get(cell.block), who) for k in world.ties)
        )
        return (-(rank or 0), *ties, number)

    if policy == "unique" and len(candidates) > 1:
        return []
    if policy == "any" and len({cell.block for _, cell in candidates}) > 1:
        return []
    distinct: dict[str, tuple[int, Cell]] = {}
    for number, cell in sorted(candidates, key=order):
        distinct.setdefault(cell.block, (number, cell))
    return list(distinct.values())[: slot.max if policy == "collect" else 1]


def _is_eligible(world: World, block: Block, who: Recipient) -> bool:
    if any(condition.value(who) is not True for condition in block.requires):
        return False
    if block.hours_left is not None and block.hours_left <= 0:
        return False
    newest = who.newest_send()
    if block.ends_after is not None and (newest is None or newest >= block.ends_after):
        return False
    if block.shows and not who.picks:
        return False
    if block.cap is None:
        return True
    count, days = block.cap
    names = _sent_as(world, block.name)
    return sum(name in names and 0 <= hours < days * 24 for name, hours in who.sends) < count


def _sent_as(world: World, block: str) -> set[str]:
    arms = {to for e in world.experiments if e.block == block for _, _, to in e.arms if to}
    return {block, *arms}


def _tie(world: World, key: str, block: Block | None, who: Recipient) -> float:
    if key == "expires soonest":
        return math.inf if block is None else block.end(who)
    names = _sent_as(world, block.name) if block is not None else set()
    kept = [hours for name, hours in who.sends if name in names and 0 <= hours < 90 * 24]
    return -min(kept) if kept else float("-inf")


def _with_experiments(
    world: World, chosen: list[str], who: Recipient, arms: dict[str, str], unexposed: dict[str, str]
) -> tuple[str, ...]:
    shown = []
    for block in chosen:
        experiment = next((e for e in world.experiments if e.block == block), None)
        if experiment is None:
            shown.append(block)
        elif experiment.only is not None and experiment.only.value(who) is not True:
            unexposed[experiment.name] = "outside"
            shown.append(block)
        else:
            shown.append(_arm(experiment, who, arms, unexposed))
    return tuple(dict.fromkeys(shown))


def _arm(e: Experiment, who: Recipient, arms: dict[str, str], unexposed: dict[str, str]) -> str:
    place, start = round(bucket_after(fnv1a32(e.salt), who.id) * 10_000), 0
    for name, share, to in e.arms:
        if start <= place < start + share * (100 - e.holdout):
            arms[e.name] = name
            return to or e.block
        start += share * 100
    unexposed[e.name] = "held_out"
    return e.block


# ---- strategies

conditions = st.one_of(
    st.builds(Condition, st.sampled_from(["flag", "flag", "flag", "not"]), st.integers(0, FLAGS - 1)),
    st.builds(Condition, st.just("above"), st.integers(0, NUMBERS - 1), st.integers(-2, 3)),
)
requirements = st.one_of(conditions, st.just(Condition("consent")))


_TIES = [
    (),
    ("least recently sent",),
    ("expires soonest",),
    ("least recently sent", "expires soonest"),
    ("expires soonest", "least recently sent"),
]


_SLOT_NAMES = ("slot0", "slot1", "slot2", *sorted(reserved()))  # words of the language, too


@st.composite
def worlds(draw: st.DrawFn, policies: tuple[str, ...] = POLICIES) -> World:
    segments = tuple(draw(st.lists(conditions, min_size=2, max_size=5)))
    names = draw(st.lists(st.sampled_from(_SLOT_NAMES), min_size=1, max_size=3, unique=True))
    slots = tuple(draw(_slots(name)) for name in names)
    policy = draw(st.sampled_from(policies))
    columns = tuple(draw(st.none() | st.sampled_from(policies)) for _ in slots)
    row = st.builds(Row, st.integers(0, len(segments) - 1), st.tuples(*_cells(slots, columns, policy)))
    rows = tuple(draw(st.lists(row, min_size=4, max_size=7)))
    otherwise = tuple(
        draw(st.sampled_from([*([None] if s.optional else []), s.fallback, *(b.name for b in s.blocks)]))
        for s in slots
    )
    return World(
        segments,
        slots,
        policy,
        columns,
        draw(st.sampled_from(_TIES)),
        rows,
        otherwise,
        tuple(draw(_overrides(sorted({row.segment for row in rows})))),
        tuple(draw(_experiments(slot)) for slot in slots if slot.arms),
        draw(conditions) if draw(st.integers(0, 4)) == 0 else None,
    )


@st.composite
def _slots(draw: st.DrawFn, name: str) -> Slot:
    blocks = tuple(draw(_blocks(f"{name}_b{index}")) for index in range(draw(st.integers(2, 4))))
    arms = (f"{name}_arm",) if draw(st.booleans()) else ()
    return Slot(name, draw(st.integers(1, 3)), blocks, arms, draw(st.integers(0, 2)) == 0)


def _blocks(name: str) -> st.SearchStrategy[Block]:
    return st.builds(
        Block,
        st.just(name),
        st.one_of(st.just(()), st.lists(requirements, max_size=2).map(tuple)),
        st.one_of(st.none(), st.none(), st.integers(-3, 3)),
        st.none() | st.tuples(st.integers(1, 2), st.integers(1, 3)),
        st.sampled_from([False, False, True]),
        st.sampled_from([None, None, None, 24, 48, 60]),
    )


def _cells(
    slots: tuple[Slot, ...], columns: tuple[str | None, ...], policy: str
) -> list[st.SearchStrategy[Cell | None]]:
    cells = [_cell(slot, column or policy) for slot, column in zip(slots, columns, strict=True)]
    return [st.one_of(cell, cell, cell, st.none()) for cell in cells]


def _cell(slot: Slot, policy: str) -> st.SearchStrategy[Cell]:
    numbers = st.integers(0, 4)
    expressions = st.tuples(st.integers(0, NUMBERS - 1), st.integers(1, 3))
    ranks: dict[str, st.SearchStrategy[Any]] = {
        "priority": numbers,
        "score": expressions,
        "collect": numbers | expressions,
    }
    return st.builds(Cell, st.sampled_from([b.name for b in slot.blocks]), ranks.get(policy, st.none()))


@st.composite
def _overrides(draw: st.DrawFn, segments: list[int]) -> list[Override]:
    """Winners stand before losers, so there is no cycle."""
    pairs = [(one, other) for one in segments for other in segments if one < other]
    found = draw(st.lists(st.sampled_from(pairs), max_size=3, unique=True)) if pairs else []
    return [Override(winner, loser, draw(st.none() | conditions)) for winner, loser in found]


@st.composite
def _experiments(draw: st.DrawFn, slot: Slot) -> Experiment:
    block = draw(st.sampled_from([*(b.name for b in slot.blocks), slot.fallback]))
    share = draw(st.integers(1, 99))
    arms = (("control", share, None), ("other", 100 - share, draw(st.sampled_from([None, slot.arms[0]]))))
    only = draw(st.none() | conditions)
    salt = draw(st.sampled_from(["a", "b", "2026-11"]))
    return Experiment(f"x_{slot.name}", block, salt, only, draw(st.sampled_from([0, 5, 50])), arms)


def recipients(world: World, chance: random.Random, count: int) -> list[Recipient]:
    """Random recipients; drawn from one seed, since Hypothesis would take longer than the decisions."""
    names = [
        name for slot in world.slots for name in (*(b.name for b in slot.blocks), *slot.arms, slot.fallback)
    ]
    return [_recipient(names, chance) for _ in range(count)]


def _recipient(names: list[str], chance: random.Random) -> Recipient:
    hours = [*range(-2, 100), *[24, 48, 72] * 10]
    return Recipient(
        "".join(chance.choices("abc012", k=chance.randint(1, 6))),
        tuple(chance.choice([True] * 6 + [False, None]) for _ in range(FLAGS)),
        tuple(chance.choice([None, *range(-3, 8)]) for _ in range(NUMBERS)),
        chance.random() < 0.6,
        tuple(chance.sample(["A", "B"], chance.randint(0, 2))),
        tuple((chance.choice(names), chance.choice(hours)) for _ in range(chance.randint(0, 10))),
    )


def with_rows(world: World, change: Callable[[list[Row]], list[Row]]) -> World:
    return replace(world, rows=tuple(change(list(world.rows))))

"""The state of a text that is being written: what is due before the next words, on each way through the conditions.

>>> joined(Block(State(0, False, True), [Way(State(2, False, False), 0), Way(State(2, False, False), 1)])).breaks
2
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

TURNS = "turns"
"""Marks the way through a loop that has turns: nothing can be put at the end of its last one."""


@dataclass(slots=True)
class State:
    """What is due before the next text, and of which turn or ways that depends."""

    breaks: int  # line ends that the next text needs before it
    space: bool  # a space is due, if text follows on the same line
    fresh: bool  # nothing has been written yet
    marker: str = ""  # of a heading or a list item, written before its first text
    turn: Loop | None = None  # the loop of which a turn may have written nothing yet
    ways: list[Way] = field(default_factory=list)  # through the condition just before, where they differ


@dataclass(slots=True)
class Way:
    """A way through a condition: how it left the text, and the place at its end. `tag` is to be written there first, if
    anything is: the `else` of a condition that has none."""

    state: State
    place: int
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a turn of a loop writes first: the place for the distance before it, and what its elements ask for."""

    place: int
    breaks: int
    space: bool
    indent: str


@dataclass(slots=True)
class Loop:
    """A loop that is being written. `place`: for a distance before it; `due`: what was due there; `begins`: whether it
    stands where a line begins; `skips`: whether a turn may leave out what another one writes first."""

    place: int
    due: State
    begins: bool
    skips: bool = False
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A branch, loop or capture that is open: how it began, and how its branches ended; `covered`: whether one of its
    branches is taken in any case; `divides`: whether it can be given an `else`."""

    start: State
    ends: list[Way] = field(default_factory=list)
    loop: Loop | None = None
    covered: bool = False
    divides: bool = True


def joined(block: Block) -> State:
    """How a block leaves the text: in one way, or in several."""
    states = [way.state for way in block.ends]
    turns = [s.turn for s in states if s.turn is not None and s.turn is not block.loop]
    state = State(
        max(s.breaks for s in states),
        any(s.space for s in states),
        all(s.fresh for s in states),
        min((s.marker for s in states), key=len),
        turns[0] if turns else None,
    )
    for loop in turns:
        loop.skips = loop.skips or bool(loop.entries)
    kinds = {(s.breaks, s.space, s.fresh, s.marker) for s in states}
    if turns or len(kinds) == 1 or not block.divides:
        return state
    if block.loop is not None:
        block.ends[0].tag = TURNS
    return State(0, False, False, ways=block.ends)


def distance(breaks: int, space: bool, indent: str) -> str:
    """Line ends and the indent of the next line, or a space, or nothing."""
    return "\n" * breaks + indent if breaks else " " if space else ""


def copy_of(state: State) -> State:
    """A state of its own, to be changed."""
    return replace(state)

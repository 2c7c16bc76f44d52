"""What an explanation holds. Plain frozen data: `text` says it to people, `json` to programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from mailweave.decisions.selection import How

Scalar: TypeAlias = str | int | float | bool | None

Why: TypeAlias = Literal[
    "row_does_not_hold",  # the row's segment is false for this recipient
    "consent_not_given",  # the block requires a consent that is not recorded
    "requires_is_false",
    "requires_is_unknown",  # data that the condition needs is missing
    "expired",
    "capped",
    "nothing_to_show",  # the list that the block shows is empty
    "rank_is_unknown",  # data that the rank expression needs is missing
    "overridden",
    "outranked",
    "lost_tie",
    "later_row",
    "better_cell_of_same_block",
    "beyond_max",
    "not_drawn",  # in a `learned` column another block was drawn
    "promise_broken",  # several candidates in a `unique` column, or different ones in an `any` column
    "not_reached",  # an otherwise row or a fallback, and something before it won
]
Status: TypeAlias = Literal["won", "lost"]
Kind: TypeAlias = Literal["row", "otherwise", "fallback"]
Exposure: TypeAlias = Literal["exposed", "outside", "held_out", "off"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the author wrote it: file, line and column, from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{PurePosixPath(self.file).name}:{self.line}"


@dataclass(frozen=True, slots=True)
class Reading:
    """A name in a condition and its value here; None is unknown.

    hidden: the value is masked, for it is pii. withheld: the consent without which it reads as missing.
    """

    name: str
    value: str | None
    hidden: bool = False
    withheld: str | None = None


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparison: as written, true, false or unknown (None), and what its names were."""

    text: str
    result: bool | None
    readings: tuple[Reading, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason why a candidate did not win; all of a candidate's causes are listed.

    `facts` are the figures that the reason rests on, so that a program can check it.
    """

    why: Why
    message: str
    place: Place | None = None
    atoms: tuple[Atom, ...] = ()
    facts: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contender:
    """A block that could have come into a slot, by a row, by `otherwise` or as the fallback."""

    kind: Kind
    row: str
    block: str
    status: Status
    rank: str | None = None
    place: Place | None = None
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """An experiment on a block that won: who saw which arm, or why nobody is counted."""

    experiment: str
    block: str
    exposure: Exposure
    arm: str | None = None
    shown: str | None = None
    bucket: float | None = None
    place: Place | None = None
    atoms: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True)
class ConstantTrial:
    """An experiment on a constant: the arm, and the value that the constant has for this recipient."""

    experiment: str
    constant: str
    value: str
    exposure: Exposure
    arm: str | None = None
    bucket: float | None = None
    place: Place | None = None
    atoms: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotExplanation:
    """One slot: what is shown in it, how it came there, and everything that was considered, in row order.

    sentence: the slot, its blocks and the one reason that decided, for a person.
    """

    name: str
    policy: str | None
    how: How
    chosen: tuple[str, ...]
    contenders: tuple[Contender, ...]
    trials: tuple[Trial, ...] = ()
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Membership:
    """A segment, or a member of a tier: whether its condition is true, and the comparisons that decided it.

    `unknown`: it is not true only because data is missing.
    """

    name: str
    member: bool
    unknown: bool = False
    title: str = ""
    place: Place | None = None
    atoms: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True)
class TierStory:
    """A tier: its member (None is unknown), and its lines down to the one that holds."""

    name: str
    member: str | None
    lines: tuple[Membership, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why this recipient gets no mail at all."""

    code: str
    reason: str
    place: Place | None = None
    atoms: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """What is told of one recipient: segments, tiers, and for every slot every candidate, won or lost.

    `skip` is set when the recipient gets nothing; segments are explained all the same (but for bad
    data), slots are empty. `locale`: in which the mail is written, where each recipient has their own. `trials`: the
    experiments on constants; those on blocks stand at their slots.
    """

    ruleset: str
    version: int
    now: str
    skip: Refusal | None
    segments: tuple[Membership, ...]
    tiers: tuple[TierStory, ...]
    slots: tuple[SlotExplanation, ...]
    locale: str | None = None
    trials: tuple[ConstantTrial, ...] = ()

"""What is fixed when a rule text is compiled: slots, blocks, the cells of the matrices, experiments.

Conditions are bits of the program's mask; expressions that rank are names of its values. Instants
are microseconds since 1970 in UTC, as the rules count them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailweave.decisions.drawing import Drawing
from mailweave.decisions.selection import Answer, Skip
from mailweave.rules.nodes import PolicyName
from mailweave.rules.policies import SortKey
from mailweave.source import Source, Span
from mailweave.values.bucket_ranges import Range


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """A slot of the layout, or of the headers when `is_text` (subject, preheader).

    fallback: None where the slot is optional, and so may stay empty.
    """

    name: str
    is_text: bool
    max: int
    fallback: str | None
    span: Span = field(compare=False)

    @property
    def spare(self) -> tuple[str, ...]:
        """The blocks that are shown where nothing was chosen: the fallback, or none."""
        return () if self.fallback is None else (self.fallback,)


@dataclass(frozen=True, slots=True)
class Cap:
    """Fewer than `count` sends of the block, its arms included, in the last `window` microseconds."""

    count: int
    window: int


@dataclass(frozen=True, slots=True)
class Says:
    """The Liquid of a text block. `source` holds exactly that and reports places of the rule file."""

    source: Source

    @property
    def text(self) -> str:
        return self.source.text


@dataclass(frozen=True, slots=True)
class End:
    """When an offer ends: `at`, and `length` microseconds after the instant that `value` names; the earlier of both.

    day: the last day, where the rules name a day.
    """

    at: int | None
    day: int | None
    value: str | None
    length: int


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """A block and what makes it eligible.

    requires: the bits of its conditions, all of which must be set. consents: those without which it is
    never shown (an arm is shown under those of its experiment's block). expires: the first instant at
    which it may no longer be sent. shows: the lists that must not be empty. end: when the offer ends, for ties and
    templates; that of an arm is the one of its experiment's block.
    """

    name: str
    slot: str
    says: Says | None
    requires: int
    consents: tuple[str, ...]
    expires: int | None
    shows: tuple[str, ...]
    cap: Cap | None
    end: End | None
    span: Span = field(compare=False)

    @property
    def is_live(self) -> bool:
        """Whether more than the mask and the clock decides if it is eligible."""
        return self.cap is not None or bool(self.shows)


@dataclass(frozen=True, slots=True)
class CellPlan:
    """A block in a row: it may win when its row's bit is set.

    score: the name of the expression that ranks it; without one, `rank` does, 0 where it is not `ranked`.
    alone: what the slot answers when this cell wins, and no other.
    """

    row: int
    segment: str
    holds: int
    block: str
    rank: int
    ranked: bool
    score: str | None
    alone: Answer
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ColumnPlan:
    """A slot's column: its cells in row order, the block of the `otherwise` row.

    keys: what its policy compares candidates by. limit: how many blocks it lets win. drawing: how its policy draws, if
    it does.
    """

    slot: str
    policy: PolicyName
    keys: tuple[SortKey, ...]
    limit: int
    cells: tuple[CellPlan, ...]
    otherwise: CellPlan | None
    span: Span = field(compare=False)
    drawing: Drawing | None = None


@dataclass(frozen=True, slots=True)
class OverridePlan:
    """Where both rows hold an eligible cell, the loser's go.

    condition: the name of its condition, if it has one; `when` is the bit of that, or 0.
    """

    winner: str
    loser: str
    condition: str | None
    when: int
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ArmPlan:
    """One arm; `block` is shown instead of the experiment's block, unless None."""

    name: str
    block: str | None


@dataclass(frozen=True, slots=True)
class AnyExperimentPlan:
    """Who is in which arm. `only`: the bit of its condition, 0 for everybody."""

    name: str
    unit: str
    salt_state: int
    only: int
    arms: tuple[ArmPlan, ...]
    ranges: tuple[Range, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class ExperimentPlan(AnyExperimentPlan):
    """Who of the recipients of a block sees what. `lists`: those that arms show; for whom one is empty is outside, so that
    all arms reach the same people."""

    block: str
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConstantPlan(AnyExperimentPlan):
    """The experiment on a constant: everybody is counted who gets a mail. The mask holds what the arm has decided."""

    constant: str


@dataclass(frozen=True, slots=True)
class DecisionPlan:
    """All of it. `experiments` by the block they are on, `constants`: those on constants; `skips`: bit and answer, in file
    order."""

    slots: tuple[SlotPlan, ...]
    blocks: Mapping[str, BlockPlan]
    columns: Mapping[str, ColumnPlan]
    overrides: tuple[OverridePlan, ...]
    experiments: Mapping[str, ExperimentPlan]
    skips: tuple[tuple[int, Skip], ...]
    constants: tuple[ConstantPlan, ...] = ()

    @property
    def all_experiments(self) -> tuple[AnyExperimentPlan, ...]:
        """Experiments of every kind."""
        return (*self.experiments.values(), *self.constants)

    def ends(self) -> tuple[int, ...]:
        """The instants at which a block expires, in order: between two of them the clock changes nothing."""
        return tuple(sorted({b.expires for b in self.blocks.values() if b.expires is not None}))

"""A rule text after checking: what the compiler, the interpreter and the decisions build on.

Lengths of time are microseconds, moments microseconds since 1970 in UTC, shares and percentages exact
`Fraction`s of one. Everything is in file order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from mailweave.rules.nodes import Document, PolicyName
from mailweave.rules.policies import TieKey
from mailweave.rules.typed import Const, Expr
from mailweave.schema.model import Schema
from mailweave.source import Source, Span


@dataclass(frozen=True, slots=True)
class Part:
    """Something the text names."""

    name: str
    span: Span = field(compare=False)


# ---- people


@dataclass(frozen=True, slots=True)
class Segment(Part):
    """A member is inside `within` (if any) and makes `condition` true."""

    label: str | None
    within: str | None
    condition: Expr


@dataclass(frozen=True, slots=True)
class TierMember(Part):
    condition: Expr


@dataclass(frozen=True, slots=True)
class Tier(Part):
    """The first member whose condition is true; else `otherwise`; without it and not `complete`, unknown."""

    complete: bool
    members: tuple[TierMember, ...]
    otherwise: str | None

    @property
    def answers(self) -> tuple[str, ...]:
        """Every member's name, `otherwise` last."""
        names = tuple(member.name for member in self.members)
        return names if self.otherwise is None else (*names, self.otherwise)


@dataclass(frozen=True, slots=True)
class Skip(Part):
    """`name` is the code; `condition` is never unknown."""

    reason: str | None
    condition: Expr


# ---- content and choice


@dataclass(frozen=True, slots=True)
class Slot(Part):
    """`fallback` is None where the slot may stay empty."""

    is_text: bool
    max: int
    fallback: str | None


@dataclass(frozen=True, slots=True)
class Cap:
    """Fewer than `count` sends in (now - per, now]."""

    count: int
    per: int


@dataclass(frozen=True, slots=True)
class After:
    """The end of an offer for each recipient: `length` microseconds after the instant `start`."""

    start: Expr
    length: int


@dataclass(frozen=True, slots=True)
class Block(Part):
    """`expires` is the first moment at which the block may no longer be sent, `last_day` the day before it, where a
    day was written. Of `after`, the condition that the end has not come is the last of `requires`.
    """

    slot: str
    requires: tuple[Expr, ...] = ()
    expires: int | None = None
    cap: Cap | None = None
    says: str | None = None
    says_span: Span | None = field(default=None, compare=False)
    shows: tuple[str, ...] = ()
    last_day: int | None = None
    after: After | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A block in a row, with its fixed number or its score, where its column's policy takes one."""

    block: str
    number: int | None
    score: Expr | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Column:
    slot: str
    policy: PolicyName
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Row:
    """One cell per column; None is `-`. `segment` is a segment, or None for the row `otherwise`."""

    segment: str | None
    cells: tuple[Cell | None, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Matrix:
    """`rows` without the row `otherwise`, whose cells are `otherwise`."""

    name: str | None
    policy: PolicyName
    ties: tuple[TieKey, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    otherwise: Row
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Override:
    winner: str
    loser: str
    condition: Expr | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class AnyArm(Part):
    """`share` of one."""

    share: Fraction


@dataclass(frozen=True, slots=True)
class AnyExperiment(Part):
    """`unit` is the attribute that is hashed with `salt`; `holdout` of one. The control is the first of `arms`."""

    unit: str
    salt: str
    only: Expr | None
    holdout: Fraction
    arms: tuple[AnyArm, ...]


@dataclass(frozen=True, slots=True)
class Arm(AnyArm):
    """`block` is the experiment's own for the control arm."""

    block: str


@dataclass(frozen=True, slots=True)
class Experiment(AnyExperiment):
    """Who gets `block`, or one of those of the arms in its place."""

    arms: tuple[Arm, ...]
    block: str


@dataclass(frozen=True, slots=True)
class ValueArm(AnyArm):
    """`value` stands in the place of what is written; of the control arm it is just that."""

    value: Const


@dataclass(frozen=True, slots=True)
class ConstantExperiment(AnyExperiment):
    """The value of the constant, a `let`, for who is in an arm."""

    arms: tuple[ValueArm, ...]
    constant: str


# ---- mails that start by themselves


@dataclass(frozen=True, slots=True)
class OnEvent:
    event: str


@dataclass(frozen=True, slots=True)
class OnDay:
    """The yearly day of a date, `minute` minutes after its midnight on clocks; `zone` names the attribute that says
    whose, None takes the zone of the text."""

    attribute: str
    minute: int
    zone: str | None


@dataclass(frozen=True, slots=True)
class OnEntering:
    segment: str


@dataclass(frozen=True, slots=True)
class TriggerMail(Part):
    """One mail, due `after` microseconds behind its cause, or behind the mail before it.

    `name` is a segment too: that of those whose mail this is. Events of `unless` in between keep the mail back, and
    so does a `condition` that is not true.
    """

    after: int
    unless: tuple[str, ...]
    condition: Expr | None


@dataclass(frozen=True, slots=True)
class Trigger(Part):
    cause: OnEvent | OnDay | OnEntering
    mails: tuple[TriggerMail, ...]


@dataclass(frozen=True, slots=True)
class WaitExperiment(AnyExperiment):
    """How long mail `number` of a trigger waits; `mail` is its name. Values are durations in microseconds, of the control
    the declared one. `only` reads nothing but the profile."""

    arms: tuple[ValueArm, ...]
    trigger: str
    number: int
    mail: str

    @property
    def declared(self) -> int:
        """The wait of everybody who is in no arm."""
        return int(self.arms[0].value.value)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` to `stop`, in minutes after midnight on clocks of `zone` (see `OnDay`), nothing is mailed."""

    start: int
    stop: int
    zone: str | None
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class MailCap:
    """At most `count` mails in (now - per, now]."""

    count: int
    per: int
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Triggers:
    """What starts by itself; empty for most texts."""

    triggers: tuple[Trigger, ...] = ()
    quiet: QuietHours | None = None
    caps: tuple[MailCap, ...] = ()
    experiments: Mapping[str, WaitExperiment] = field(default_factory=dict)

    def waits(self, trigger: Trigger, number: int) -> dict[int, str | None]:
        """Every wait that a mail may have, the declared one first, each with the first arm that gives it to somebody."""
        found: dict[int, str | None] = {trigger.mails[number].after: None}
        for one in self.experiments.values():
            if (one.trigger, one.number) == (trigger.name, number) and one.holdout < 1:
                for arm in (arm for arm in one.arms if arm.share):
                    found.setdefault(int(arm.value.value), f"{one.name}.{arm.name}")
        return found


# ---- tests


@dataclass(frozen=True, slots=True)
class TestEvent:
    """`ago` in microseconds before the test's `now`; `fields` as plain data."""

    type: str
    fields: Mapping[str, Any]
    ago: int


@dataclass(frozen=True, slots=True)
class TestScore:
    value: Any
    age: int


@dataclass(frozen=True, slots=True)
class Fact:
    """One expectation.

    `in`, `out`: `name` is a segment. `tier`: `answers` holds one member. `slot`: `answers` are blocks, in
    order. `skip`: `name` is a code.
    """

    kind: Literal["in", "out", "tier", "slot", "skip"]
    name: str
    answers: tuple[str, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Test(Part):
    """Data is plain, as callers give it: money as decimal text, dates and instants as ISO 8601 text.

    What a test does not list is missing, required attributes too. `lookups`: {name: {key: value}}; `lists`:
    {name: [keys]}; `now` in microseconds.
    """

    profile: Mapping[str, Any]
    consents: tuple[str, ...]
    events: tuple[TestEvent, ...]
    scores: Mapping[str, TestScore]
    lookups: Mapping[str, Mapping[str, Any]]
    lists: Mapping[str, tuple[Any, ...]]
    arms: Mapping[str, str]
    now: int
    facts: tuple[Fact, ...]


# ---- the whole


@dataclass(frozen=True, slots=True)
class Content:
    """What the decisions are made of; empty for a text that ends with its segments. `experiments`: those on blocks,
    `constants`: those on constants, all by their own names.
    """

    slots: Mapping[str, Slot]
    blocks: Mapping[str, Block]
    matrices: tuple[Matrix, ...]
    overrides: tuple[Override, ...]
    experiments: Mapping[str, Experiment]
    constants: Mapping[str, ConstantExperiment]

    @property
    def all_experiments(self) -> Mapping[str, AnyExperiment]:
        """Experiments that decide about content, by name."""
        return {**self.experiments, **self.constants}

    def arm_lists(self, experiment: Experiment) -> tuple[str, ...]:
        """The lists that arms show and the block of the experiment does not: they may be empty where it is shown."""
        own = self.blocks[experiment.block].shows
        arms = (self.blocks[arm.block] for arm in experiment.arms)
        return tuple(dict.fromkeys(name for block in arms for name in block.shows if name not in own))


@dataclass(frozen=True, slots=True)
class CheckedDocument:
    """A rule text without errors.

    `order` lists the names of segments and tiers so that each stands behind those it depends on; `budget`
    is the author's limit of steps for one recipient, `steps` what the worst case takes.
    """

    document: Document
    name: str
    version: int
    budget: int | None
    steps: int
    schema: Schema
    segments: Mapping[str, Segment]
    tiers: Mapping[str, Tier]
    order: tuple[str, ...]
    skips: tuple[Skip, ...]
    content: Content
    tests: tuple[Test, ...]
    triggers: Triggers = Triggers()

    @property
    def experiments(self) -> Mapping[str, AnyExperiment]:
        """Experiments on blocks, constants and waits, by name."""
        return {**self.content.all_experiments, **self.triggers.experiments}

    @property
    def source(self) -> Source:
        """The text of the rules, and what it is called."""
        return self.document.source

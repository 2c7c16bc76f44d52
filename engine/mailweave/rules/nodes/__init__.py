"""The tree of a rule text, as its author wrote it.

Every node is frozen and carries its span; `walk` visits a tree by its fields. Spans do not take part
in equality, so two texts that differ only in layout have equal trees. Numbers, dates and amounts stay
the text that was written: the checker gives them a type and a value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from mailweave.rules.nodes.base import (
    Name,
    Node,
    children,
    walk,
)
from mailweave.rules.nodes.choice import (
    AnyExperiment,
    Arm,
    Block,
    Cap,
    Cell,
    Clause,
    ConstantExperiment,
    Experiment,
    Expires,
    ExpiresAfter,
    Holdout,
    Matrix,
    MatrixColumn,
    Only,
    Override,
    Policy,
    PolicyName,
    Requires,
    Row,
    Says,
    Shows,
    Slot,
    Split,
    Tie,
    Unit,
    ValueArm,
    ValueSplit,
    WaitExperiment,
    arms,
)
from mailweave.rules.nodes.declarations import (
    Budget,
    Catalog,
    Column,
    Computation,
    Consent,
    Default,
    EnumType,
    Event,
    Forever,
    Import,
    Label,
    ListType,
    Lookup,
    Maximum,
    Minimum,
    MoneyType,
    NamedType,
    Needs,
    Pii,
    Profile,
    ProfileField,
    RecommendedList,
    RecordField,
    Ruleset,
    Score,
    Sensitive,
    SetType,
    Shown,
    Timezone,
    TypeNode,
)
from mailweave.rules.nodes.examples import (
    Expect,
    Fact,
    GivenArm,
    GivenConsent,
    GivenEvent,
    GivenEvents,
    GivenLists,
    GivenLookup,
    GivenLookups,
    GivenProfile,
    GivenScore,
    GivenScores,
    IsAnswer,
    IsIn,
    IsOut,
    IsSkipped,
    Many,
    Now,
    Pair,
    Record,
    Test,
    TestItem,
    Value,
)
from mailweave.rules.nodes.expressions import (
    Aggregate,
    And,
    Anniversary,
    Arithmetic,
    Between,
    BoolLiteral,
    CalendarLength,
    Call,
    Compare,
    ConsentRef,
    Constant,
    Contains,
    ContainsMany,
    DateLiteral,
    DurationLiteral,
    Expression,
    FixedValue,
    In,
    InstantLiteral,
    InWindow,
    Known,
    Matches,
    MoneyLiteral,
    Negate,
    Never,
    NoEvent,
    Not,
    NumberLiteral,
    Or,
    Over,
    Reference,
    ScoreRef,
    TextLiteral,
    TimeSince,
    Window,
)
from mailweave.rules.nodes.segments import (
    Let,
    Member,
    Segment,
    Skip,
    Tier,
)
from mailweave.rules.nodes.triggers import (
    Clock,
    FollowUp,
    MailCap,
    MailClause,
    OnDay,
    OnEntering,
    OnEvent,
    QuietHours,
    Trigger,
    Unless,
    Wait,
    When,
)
from mailweave.source import Source, Span

__all__ = [
    "Aggregate",
    "And",
    "Anniversary",
    "AnyExperiment",
    "Arithmetic",
    "Arm",
    "Between",
    "Block",
    "BoolLiteral",
    "Budget",
    "CalendarLength",
    "Call",
    "Cap",
    "Catalog",
    "Cell",
    "Clause",
    "Clock",
    "Column",
    "Comment",
    "Compare",
    "Computation",
    "Consent",
    "ConsentRef",
    "Constant",
    "ConstantExperiment",
    "Contains",
    "ContainsMany",
    "DateLiteral",
    "Default",
    "Document",
    "DurationLiteral",
    "EnumType",
    "Event",
    "Expect",
    "Experiment",
    "Expires",
    "ExpiresAfter",
    "Expression",
    "Fact",
    "FixedValue",
    "FollowUp",
    "Forever",
    "GivenArm",
    "GivenConsent",
    "GivenEvent",
    "GivenEvents",
    "GivenLists",
    "GivenLookup",
    "GivenLookups",
    "GivenProfile",
    "GivenScore",
    "GivenScores",
    "Holdout",
    "Import",
    "In",
    "InWindow",
    "InstantLiteral",
    "IsAnswer",
    "IsIn",
    "IsOut",
    "IsSkipped",
    "Known",
    "Label",
    "Let",
    "ListType",
    "Lookup",
    "MailCap",
    "MailClause",
    "Many",
    "Matches",
    "Matrix",
    "MatrixColumn",
    "Maximum",
    "Member",
    "Minimum",
    "MoneyLiteral",
    "MoneyType",
    "Name",
    "NamedType",
    "Needs",
    "Negate",
    "Never",
    "NoEvent",
    "Node",
    "Not",
    "Now",
    "NumberLiteral",
    "OnDay",
    "OnEntering",
    "OnEvent",
    "Only",
    "Or",
    "Over",
    "Override",
    "Pair",
    "Pii",
    "Policy",
    "PolicyName",
    "Profile",
    "ProfileField",
    "QuietHours",
    "RecommendedList",
    "Record",
    "RecordField",
    "Reference",
    "Requires",
    "Row",
    "Ruleset",
    "Says",
    "Score",
    "ScoreRef",
    "Segment",
    "Sensitive",
    "SetType",
    "Shown",
    "Shows",
    "Skip",
    "Slot",
    "Split",
    "Statement",
    "Test",
    "TestItem",
    "TextLiteral",
    "Tie",
    "Tier",
    "TimeSince",
    "Timezone",
    "Trigger",
    "TypeNode",
    "Unit",
    "Unless",
    "Value",
    "ValueArm",
    "ValueSplit",
    "Wait",
    "WaitExperiment",
    "When",
    "Window",
    "arms",
    "children",
    "walk",
]

Statement: TypeAlias = (
    Ruleset
    | Import
    | Timezone
    | Budget
    | Profile
    | Event
    | Consent
    | Score
    | Lookup
    | Catalog
    | RecommendedList
    | Let
    | Segment
    | Tier
    | Skip
    | Slot
    | Block
    | Matrix
    | Override
    | AnyExperiment
    | Trigger
    | QuietHours
    | MailCap
    | Test
)


@dataclass(frozen=True, slots=True)
class Comment(Node):
    """`# ...` to the end of its line, the sign included."""

    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A rule text: its statements in file order.

    `sound` says that all of the text is in the tree; `broken` holds the names that statements with mistakes
    would have declared, so that the checker does not call them unknown; `torn` are the statements of which
    lines are missing. Only statements take part in equality.
    """

    statements: tuple[Statement, ...]
    source: Source = field(compare=False)
    comments: tuple[Comment, ...] = field(default=(), compare=False)
    broken: frozenset[str] = field(default=frozenset(), compare=False)
    sound: bool = field(default=True, compare=False)
    torn: tuple[Span, ...] = field(default=(), compare=False)

"""The head of a text, and what it declares about its data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from mailweave.rules.nodes.base import Name, Node
from mailweave.rules.nodes.expressions import Constant, DurationLiteral, Over, TextLiteral


@dataclass(frozen=True, slots=True)
class Ruleset(Node):
    name: TextLiteral
    version: str


@dataclass(frozen=True, slots=True)
class Import(Node):
    """`import "brand.rules"`; what the file says stands behind this text when it is checked."""

    file: TextLiteral


@dataclass(frozen=True, slots=True)
class Timezone(Node):
    """`timezone tz else "Europe/Berlin"`; without an attribute, one zone for all."""

    attribute: Name | None
    zone: TextLiteral


@dataclass(frozen=True, slots=True)
class Budget(Node):
    steps: str


@dataclass(frozen=True, slots=True)
class NamedType(Node):
    name: str


@dataclass(frozen=True, slots=True)
class MoneyType(Node):
    currency: str


@dataclass(frozen=True, slots=True)
class EnumType(Node):
    members: tuple[Name, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class SetType(Node):
    item: TypeNode


@dataclass(frozen=True, slots=True)
class RecordField(Node):
    """One field of an event, a catalogue item or a record."""

    name: Name
    type: TypeNode
    optional: bool
    default: Constant | None


@dataclass(frozen=True, slots=True)
class ListType(Node):
    fields: tuple[RecordField, ...]


TypeNode: TypeAlias = NamedType | MoneyType | EnumType | SetType | ListType


@dataclass(frozen=True, slots=True)
class Pii(Node):
    pass


@dataclass(frozen=True, slots=True)
class Sensitive(Node):
    pass


@dataclass(frozen=True, slots=True)
class Minimum(Node):
    value: Constant


@dataclass(frozen=True, slots=True)
class Maximum(Node):
    value: Constant


@dataclass(frozen=True, slots=True)
class Needs(Node):
    consent: Name


@dataclass(frozen=True, slots=True)
class Column(Node):
    """`from "nb_orders"`: the name in the data."""

    name: TextLiteral


@dataclass(frozen=True, slots=True)
class Default(Node):
    value: Constant


Label: TypeAlias = Pii | Sensitive | Minimum | Maximum | Needs | Column | Default


@dataclass(frozen=True, slots=True)
class ProfileField(Node):
    name: Name
    type: TypeNode
    optional: bool
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Profile(Node):
    fields: tuple[ProfileField, ...]


@dataclass(frozen=True, slots=True)
class Forever(Node):
    pass


@dataclass(frozen=True, slots=True)
class Shown(Node):
    """`shows last`: templates may read the newest event, under these labels."""

    labels: tuple[Pii | Needs, ...]


@dataclass(frozen=True, slots=True)
class Event(Node):
    name: Name
    fields: tuple[RecordField, ...]
    keep: DurationLiteral | Forever
    shown: Shown | None = None


@dataclass(frozen=True, slots=True)
class Consent(Node):
    purposes: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Computation(Node):
    """`rfm(purchase.total in last 365 days)`."""

    function: Name
    over: Over


@dataclass(frozen=True, slots=True)
class Score(Node):
    """`otherwise` is None for `else unknown`."""

    name: Name
    type: TypeNode
    computation: Computation | None
    ttl: DurationLiteral
    otherwise: Constant | None


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    name: Name
    key: TypeNode
    type: TypeNode
    ttl: DurationLiteral
    otherwise: Constant


@dataclass(frozen=True, slots=True)
class Catalog(Node):
    name: Name
    fields: tuple[RecordField, ...]


@dataclass(frozen=True, slots=True)
class RecommendedList(Node):
    """`list for_you of cds by "cf" max 4 else "bestsellers"`; a name is that of a catalogue: `else catalog new`."""

    name: Name
    catalog: Name
    by: TextLiteral
    max: str
    otherwise: TextLiteral | Name

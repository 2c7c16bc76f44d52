"""What the compiled conditions read of a recipient, in the order in which it is handed to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mailweave.schema.model import Value


@dataclass(frozen=True, slots=True)
class AttributeInput:
    name: str


@dataclass(frozen=True, slots=True)
class ConsentInput:
    name: str


@dataclass(frozen=True, slots=True)
class ScoreInput:
    name: str


@dataclass(frozen=True, slots=True)
class LookupInput:
    """The value of a lookup under a fixed `key`, or under the value of an attribute."""

    name: str
    by: Literal["key", "attribute"]
    key: Value


@dataclass(frozen=True, slots=True)
class LookupTable:
    """The values of a lookup under every key that stands at `place` in the rows of an event or a list."""

    name: str
    of: Literal["event", "list"]
    source: str
    place: int


Input: TypeAlias = AttributeInput | ConsentInput | ScoreInput | LookupInput | LookupTable

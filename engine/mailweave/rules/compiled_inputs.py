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


Input: TypeAlias = AttributeInput | ConsentInput | ScoreInput | LookupInput

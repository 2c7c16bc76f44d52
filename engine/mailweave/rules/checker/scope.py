"""Where an expression stands, and what its names mean there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mailweave.rules import nodes as n
from mailweave.schema import types as t


@dataclass(frozen=True, slots=True)
class Bound:
    """What a parameter stands for: an expression, and where it is read."""

    node: n.Expression
    scope: Scope


@dataclass(frozen=True, slots=True)
class Scope:
    """Where an expression stands.

    `parameters` of the let around it; `item`: the fields of the event or list item that a `where` speaks of.
    """

    parameters: Mapping[str, Bound] = field(default_factory=dict)
    item: Mapping[str, t.Field] | None = None
    of: str = ""


TOP = Scope()

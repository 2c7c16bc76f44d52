"""What passes know besides the tree."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mailweave.liquid.dialect import Dialect
from mailweave.liquid.ir.expressions import Expression, Filtered


@dataclass(frozen=True, slots=True)
class Facts:
    """`constants`: names whose values are known. `members`: those of a name that is not. `shared`: names of data
    under which lists lie whose items many renders share and nobody changes."""

    dialect: Dialect
    constants: Mapping[str, Any]
    members: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()

    def are_known_alike(self, other: Facts) -> bool:
        """Whether the same values are known of both."""
        mine, theirs = self.constants, other.constants
        are_same = mine.keys() == theirs.keys() and all(theirs[name] is value for name, value in mine.items())
        return are_same and self.members == other.members

    def known_also_by(self, others: Collection[Facts]) -> Facts:
        """What all know alike; without members, which each has worked in."""
        known = {
            name: value
            for name, value in self.constants.items()
            if all(name in other.constants and other.constants[name] is value for other in others)
        }
        return replace(self, constants=known, members={})

    def are_settled(self, node: Expression) -> bool:
        """Whether the filters of an expression give the same for the same value in every render."""
        steps = node.steps if isinstance(node, Filtered) else ()
        specs = [self.dialect.filters[one.name] for one in steps]
        return not any(one.setting and not (one.timeless and self.has_place) for one in specs)

    @property
    def has_place(self) -> bool:
        """Whether locale, currency and zone are the same in every render."""
        return "campaign" in self.constants or "campaign" in self.members

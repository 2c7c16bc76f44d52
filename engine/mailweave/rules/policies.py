"""Hit policies and tie keys, as data: what a policy promises, what it ranks by, who comes before whom.

The names are DMN's. Whoever checks, proves, chooses or explains reads this one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from mailweave.rules.nodes.choice import PolicyName

TieKey: TypeAlias = Literal["order", "least recently sent", "expires soonest"]
SortKey: TypeAlias = Literal["rank", "least recently sent", "expires soonest", "drawn", "row"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How a column chooses among the candidates that no override took away.

    promises: that all candidates are one row, or show one block; where they do not, the fallback stands in.
    ranks: what stands behind each block, the greatest of which wins. is_many: as many blocks win as the
    slot holds, each by its best cell, and not one alone. is_drawn: that chance decides, and no order of the cells.
    """

    promises: Literal["row", "block"] | None = None
    ranks: tuple[Literal["number", "score"], ...] = ()
    is_many: bool = False
    is_drawn: bool = False

    def keys(self, ties: tuple[TieKey, ...]) -> tuple[SortKey, ...]:
        """What candidates are compared by: the first key that differs decides, and no two have one row.

        >>> POLICIES["priority"].keys(("expires soonest", "order"))
        ('rank', 'expires soonest', 'row')
        >>> POLICIES["first"].keys(("expires soonest", "order"))
        ('row',)
        """
        if self.is_drawn:
            return ("drawn", "row")
        asked: tuple[SortKey, ...] = tuple(tie for tie in ties if tie != "order")
        return ("rank", *asked, "row") if self.ranks else ("row",)

    def limit(self, most: int) -> int:
        """How many blocks may win in a slot that holds `most`."""
        return most if self.is_many else 1

    def is_broken(self, blocks: list[str]) -> bool:
        """Whether candidates that show these blocks, each by a row of its own, break the promise."""
        return self.promises is not None and len(blocks if self.promises == "row" else set(blocks)) > 1


POLICIES: Mapping[PolicyName, Policy] = MappingProxyType(
    {
        "unique": Policy(promises="row"),
        "any": Policy(promises="block"),
        "first": Policy(),
        "priority": Policy(ranks=("number",)),
        "score": Policy(ranks=("score",)),
        "collect": Policy(ranks=("number", "score"), is_many=True),
        "learned": Policy(is_drawn=True),
    }
)

"""What is certain of conditions: that two rows cannot meet, that nobody or everybody fulfils one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mailweave.rules.checked import CheckedDocument, Segment
from mailweave.rules.typed import Expr, InSegment
from mailweave.schema.types import Bool

if TYPE_CHECKING:
    from mailweave.rules.regions import Regions


@dataclass(slots=True)
class Overlaps:
    """Asks the regions; about a pair of segments once."""

    document: CheckedDocument
    _known: dict[frozenset[str], bool] = field(default_factory=dict)

    def are_disjoint(self, one: str, other: str) -> bool:
        """Whether it is certain that nobody is in both segments."""
        pair = frozenset((one, other))
        if pair not in self._known:
            segments = self.document.segments
            self._known[pair] = self._regions().exclude(_inside(segments[one]), _inside(segments[other]))
        return self._known[pair]

    def always(self, condition: Expr) -> bool:
        """Whether it is certain that a condition is true for everybody."""
        return self._regions().always(_as_segment(condition))

    def never(self, condition: Expr) -> bool:
        """Whether it is certain that a condition is true for nobody."""
        return self._regions().never(_as_segment(condition))

    def _regions(self) -> Regions:
        from mailweave.rules.regions import Regions  # dear to load, and most texts never ask

        return Regions(self.document.schema, self.document.segments, self.document.tiers)


def _inside(segment: Segment) -> InSegment:
    return InSegment(segment.span, Bool(), False, segment.name)


def _as_segment(condition: Expr) -> Segment:
    return Segment("", condition.span, None, None, condition)

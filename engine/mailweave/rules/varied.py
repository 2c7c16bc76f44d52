"""Which experiments on constants decide a condition: by themselves, or through the segments and tiers it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mailweave.rules import checked as c
from mailweave.rules import typed as x


@dataclass(slots=True)
class Dependence:
    """Looks through the segments and tiers of one text, each once."""

    document: c.CheckedDocument
    _known: dict[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.document.order if self.document.content.constants else ():
            self._known[name] = frozenset().union(*map(self.of, self._conditions(name)))

    def of(self, condition: x.Expr) -> frozenset[str]:
        """The names of the experiments."""
        found: set[str] = set()
        for each in x.walk(condition):
            if isinstance(each, x.ByArm):
                found.add(each.experiment)
            elif isinstance(each, x.InSegment | x.TierValue):
                found |= self.of_name(each.name)
        return frozenset(found)

    def of_name(self, name: str) -> frozenset[str]:
        """The names of the experiments that decide who is in a segment, or in which member of a tier."""
        return self._known.get(name, frozenset())

    def _conditions(self, name: str) -> Iterator[x.Expr]:
        segment, tier = self.document.segments.get(name), self.document.tiers.get(name)
        if segment is not None:
            yield segment.condition
            if segment.within is not None:
                yield x.InSegment(segment.span, segment.condition.type, False, segment.within)
        if tier is not None:
            yield from (member.condition for member in tier.members)

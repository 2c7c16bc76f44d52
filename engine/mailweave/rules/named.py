"""What a condition means through the segments and tiers that it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mailweave.rules import checked as c
from mailweave.rules import typed as x


class Named(NamedTuple):
    """A condition, and whose it is: that of a segment, or of a member of a tier."""

    name: str
    condition: x.Expr


def named(
    condition: x.Expr, segments: Mapping[str, c.Segment], tiers: Mapping[str, c.Tier]
) -> Iterator[Named]:
    """All that a condition names, directly or through others, each segment and tier once."""
    waiting, seen = [condition], set[str]()
    while waiting:
        for part in x.walk(waiting.pop()):
            if isinstance(part, x.InSegment | x.TierValue) and part.name not in seen:
                seen.add(part.name)
                found = tuple(_conditions(part.name, segments, tiers))
                waiting += (one.condition for one in found)
                yield from found


def _conditions(name: str, segments: Mapping[str, c.Segment], tiers: Mapping[str, c.Tier]) -> Iterator[Named]:
    if name in tiers:
        yield from (Named(f"{name}.{member.name}", member.condition) for member in tiers[name].members)
    segment = segments.get(name)
    if segment is not None:
        yield Named(name, segment.condition)
        if segment.within is not None:
            yield Named(
                f"{name} within", x.InSegment(segment.span, segment.condition.type, False, segment.within)
            )

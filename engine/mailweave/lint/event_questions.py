"""What the rules of a campaign ask of behaviour: every aggregate over events, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from mailweave.campaign import Campaign
from mailweave.rules import typed

OfEvents: TypeAlias = typed.EventAggregate | typed.Exists


def of_events(campaign: Campaign) -> Iterator[OfEvents]:
    """Each question about events, of a segment, a tier, a skip or a block, once for each place of the text."""
    seen: set[tuple[int, int]] = set()
    for expr in _conditions(campaign):
        for one in typed.walk(expr):
            if isinstance(one, OfEvents) and (one.span.start, one.span.stop) not in seen:
                seen.add((one.span.start, one.span.stop))
                yield one


def _conditions(campaign: Campaign) -> Iterator[typed.Expr]:
    document = campaign.decisions.document
    for segment in document.segments.values():
        yield segment.condition
    for tier in document.tiers.values():
        yield from (member.condition for member in tier.members)
    for skip in document.skips:
        yield skip.condition
    for block in document.content.blocks.values():
        yield from block.requires

"""Where a rule text states conditions, and what each is called in a finding."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.checked import CheckedDocument
from mailweave.schema.types import Bool
from mailweave.source import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A condition, what it is called, and what to do when it holds for nobody."""

    what: str
    condition: x.Expr
    span: Span
    todo: str


def places(document: CheckedDocument) -> Iterator[Place]:
    """Every condition of a text but those inside aggregates, in the order of its parts."""
    for segment in document.segments.values():
        yield Place(f"`{segment.name}`", _whole(segment), segment.span, "mend the condition")
    for tier in document.tiers.values():
        for member in tier.members:
            what = f"`{member.name}` of `{tier.name}`"
            yield Place(what, member.condition, member.span, "mend the condition, or take the line out")
    for skip in document.skips:
        what = f"what skips for `{skip.name}`"
        yield Place(what, skip.condition, skip.span, "mend the condition, or take the skip out")
    yield from _content(document)


def _whole(segment: c.Segment) -> x.Expr:
    """The condition of a segment, with the one that it is within."""
    if segment.within is None:
        return segment.condition
    around = x.InSegment(segment.span, Bool(), False, segment.within)
    return x.And(segment.span, Bool(), segment.condition.optional, (around, segment.condition))


def _content(document: CheckedDocument) -> Iterator[Place]:
    for block in document.content.blocks.values():
        for condition in block.requires:
            todo = "mend the condition, or take the block out"
            yield Place(f"what `{block.name}` requires", condition, condition.span, todo)
    for override in document.content.overrides:
        if override.condition is not None:
            what = f"what lets `{override.winner}` override `{override.loser}`"
            yield Place(what, override.condition, override.condition.span, "mend the condition")
    for experiment in document.experiments.values():
        if experiment.only is not None:
            what = f"`only` of `{experiment.name}`"
            yield Place(what, experiment.only, experiment.only.span, "mend the condition")

"""Blocks put into their places in the layout, and cut out again.

Candidate k of every slot stands in one run, so that selectors see true neighbours. The cut is made in the
authors' texts: each edit goes back to the file that it belongs to.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailweave.content.edits import Edit
from mailweave.markup.pieces import slots
from mailweave.source import Source, Span

LAYOUT = ""  # the key of the layout among the parts
_CLOSING = "{% endslot %}"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a composed text that comes, verbatim, from one file."""

    start: int
    key: str  # LAYOUT, or the name of a block
    offset: int
    length: int
    candidate: int = 0  # which of its slot a block is


@dataclass(frozen=True, slots=True)
class Composed:
    """A layout with one candidate in each slot, as one text."""

    source: Source
    parts: tuple[Part, ...]

    def home(self, edit: Edit) -> tuple[str, Edit] | None:
        """The file that an edit belongs to, and the edit there."""
        part = self.part(edit.span.start)
        return (
            None if part is None else (part.key, Edit(edit.span.shifted(part.offset - part.start), edit.text))
        )

    def part(self, at: int) -> Part | None:
        """The part that holds offset `at`; None between parts."""
        index = bisect_right(self.parts, at, key=lambda part: part.start) - 1
        part = self.parts[index] if index >= 0 else None
        return part if part and at - part.start <= part.length else None

    def spans(self) -> Mapping[str, Span]:
        """Where each block stands."""
        return {p.key: Span(p.start, p.start + p.length) for p in self.parts if p.key != LAYOUT}


def compose(layout: Source, chosen: Mapping[str, tuple[str, Source, int]]) -> Composed:
    """The layout with the chosen block (its name, text and number) of each slot behind the slot's tag."""
    text, parts = "", []
    sources: list[tuple[int, Source]] = []
    at = 0

    def add(key: str, source: Source, span: Span, candidate: int = 0) -> None:
        nonlocal text
        parts.append(Part(len(text), key, span.start, span.stop - span.start, candidate))
        sources.append((len(text), source.part(span)))
        text += source.text[span.start : span.stop]

    for name, piece in slots(layout.text):
        add(LAYOUT, layout, Span(at, piece.span.stop))
        if name in chosen:
            key, block, candidate = chosen[name]
            add(key, block, Span(0, len(block.text)), candidate)
        sources.append((len(text), layout.part(piece.span)))
        text += _CLOSING
        at = piece.span.stop
    add(LAYOUT, layout, Span(at, len(layout.text)))
    return Composed(Source(layout.name, text, pieces=tuple(sources)), tuple(parts))


def ranks(layout: Source, blocks: Mapping[str, Mapping[str, Source]]) -> Iterable[Composed]:
    """One composed text per rank: candidate k of every slot; a slot with fewer shows its first again."""
    listed = {
        slot: [(*one, number) for number, one in enumerate(named.items())]
        for slot, named in blocks.items()
        if named
    }
    for rank in range(max(map(len, listed.values()), default=1)):
        yield compose(
            layout, {slot: named[rank if rank < len(named) else 0] for slot, named in listed.items()}
        )

"""The places of a layout against the slots of the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from mailweave.decisions import DecisionProgram
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.markup.pieces import pieces, slots
from mailweave.source import Source, Span


def places(layout: str) -> tuple[str, ...]:
    """The names of the slots that a layout has a place for, in order."""
    return tuple(dict(slots(layout)))


def fitted(
    layout: Source, decisions: DecisionProgram, *, stock: bool
) -> tuple[Source, tuple[Diagnostic, ...]]:
    """A layout, and what is wrong with its places; a `stock` one goes without those that no slot fills."""
    known = {slot.name: slot for slot in decisions.slots}
    extra = tuple(name for name in places(layout.text) if name not in known)
    optional = {name for name, slot in known.items() if slot.fallback is None}
    found = (*_unplaced(layout, decisions), *_twice(layout), *_conditional(layout, optional))
    if stock:
        return _without(layout, extra), found
    return layout, (*found, *_undeclared(layout, extra, known))


def _without(layout: Source, names: Iterable[str]) -> Source:
    """A stock layout without the places that a campaign does not use."""
    unused, text = set(names), layout.text
    for name, piece in reversed(slots(text)):
        if name in unused:
            text = text[: piece.span.start] + text[piece.span.stop :]
    return Source(layout.name, text)


def _unplaced(layout: Source, decisions: DecisionProgram) -> Iterator[Diagnostic]:
    """Slots that a layout has no place for; subject and preheader are shown by the inbox."""
    here, lines = places(layout.text), {slot.name for slot in decisions.slots if slot.is_text}
    if "subject" in lines:  # else it may be the one of another name
        lines &= {"subject", "preheader"}
    for slot in decisions.slots:
        if slot.name not in here and slot.name not in lines:
            help = did_you_mean(slot.name, here)
            yield diagnose("MW010", decisions.source, slot.span, slot=slot.name, help=help)


def _undeclared(layout: Source, extra: Iterable[str], known: Collection[str]) -> Iterator[Diagnostic]:
    """Places that no slot fills."""
    for name in extra:
        yield diagnose("MW011", layout, _named(layout, name), slot=name, help=did_you_mean(name, known))


def _named(layout: Source, slot: str) -> Span:
    """The name of a slot in its place."""
    tag = dict(slots(layout.text))[slot]
    at = layout.text.index(slot, layout.text.index("slot", tag.span.start) + len("slot"))
    return Span(at, at + len(slot))


def _twice(layout: Source) -> Iterator[Diagnostic]:
    """Places of a layout for a slot that it has a place for already: its blocks would be shown again."""
    seen: set[str] = set()
    for name, piece in slots(layout.text):
        if name in seen:
            yield diagnose("MW410", layout, piece.span, problem=f"`{name}` stands here a second time")
        seen.add(name)


def _conditional(layout: Source, optional: Collection[str]) -> Iterator[Diagnostic]:
    """Places of a layout that not every mail has, but for slots that may stay empty."""
    depth = 0
    for piece in pieces(layout.text):
        depth += piece.opens - piece.closes
        if piece.slot and piece.slot not in optional and depth > 0:
            yield diagnose("MW061", layout, piece.span, slot=piece.slot)

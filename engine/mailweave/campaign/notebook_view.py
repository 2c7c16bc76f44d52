"""A campaign as a notebook shows it: what it is made of. No recipient has a part in it."""

from __future__ import annotations

from collections.abc import Iterable

from mailweave.decisions import DecisionProgram
from mailweave.diagnostics import Diagnostic
from mailweave.html_tables import headed, table


def of_campaign(title: str, decisions: DecisionProgram, notes: Iterable[Diagnostic]) -> str:
    """Its slots with their blocks, its segments, and what its check noted."""
    document = decisions.document
    slots = [
        (slot.name, slot.max, slot.fallback or "empty", ", ".join(_blocks(decisions, slot.name)))
        for slot in decisions.slots
    ]
    segments = [(one.name, one.label or "") for one in document.segments.values()]
    segments += [(one.name, f"one of {', '.join(one.answers)}") for one in document.tiers.values()]
    told = [(one.code, one.message) for one in notes]
    return headed(
        title,
        table(slots, ("slot", "at most", "else", "blocks")),
        table(segments, ("segment", "who")),
        table(told, ("note", "")) if told else "",
    )


def _blocks(decisions: DecisionProgram, slot: str) -> list[str]:
    return [name for name, plan in decisions.blocks.items() if plan.slot == slot]

"""The lines that stand in an inbox: the subjects and preheaders that the rules write, and what of them is fixed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup import pieces
from mailweave.source import Source, Span

SUBJECT, PREHEADER = "subject", "preheader"


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A line of the rules. `fixed`: its words without Liquid; None where Liquid writes some."""

    slot: str
    source: Source
    written: str

    @property
    def fixed(self) -> str | None:
        return self.written if self.written == self.source.text else None

    @property
    def span(self) -> Span:
        return Span(0, len(self.source.text))


def inbox_lines(campaign: Campaign, slot: str) -> Iterator[InboxLine]:
    """The lines that may stand in a text slot."""
    for plan in campaign.decisions.blocks.values():
        if plan.slot == slot and plan.says is not None:
            yield InboxLine(slot, plan.says.source, without_liquid(plan.says.text))


def without_liquid(text: str) -> str:
    """What everybody gets of a text; blanks are one where something was taken out.

    >>> without_liquid("Hi {{ name }}, hello")
    'Hi , hello'
    """
    return re.sub(r"\s+", " ", pieces.without_liquid(text)) if pieces.holds_liquid(text) else text


def too_long(code: str, slot: str, shown: int, campaign: Campaign) -> Iterator[Diagnostic]:
    """The finding `code` for each line of a slot of which more letters are fixed than are shown."""
    for line in inbox_lines(campaign, slot):
        letters = len(line.written.strip())
        if letters > shown:
            yield diagnose(code, line.source, line.span, letters=letters, shown=shown)

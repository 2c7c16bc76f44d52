"""What is wrong with a list of events: those that do not read, and lists in which nothing is what was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.insight.responses import Question

_TYPE: Final = re.compile(r"[A-Za-z_][\w.:-]{0,39}")
"""What is told as the type of an event; what looks otherwise may be an address or a sentence."""


def event_findings(
    asked: Question, events: Mapping[str, int], other_types: Sequence[str], place: str
) -> Iterator[Diagnostic]:
    """Warnings (MW798, MW789). events, other_types: as `Responses` has them."""
    of = events["events"]
    told = {
        f"{events['unread']:,} do not read and are not counted": events["unread"],
        f"{events['no_amount']:,} count as conversions with an amount that does not read, as 0": (
            events["no_amount"]
        ),
    }
    if any(told.values()):
        what = "; ".join(words for words, number in told.items() if number)
        yield diagnose("MW798", place=place, what=what, of=f"{of:,}")
    if other_types and not events["counted"]:
        shown = (kind if _TYPE.fullmatch(kind) else ".." for kind in other_types)
        known, others = ", ".join(asked.kinds), f"{events['of_other_types']:,}"
        yield diagnose("MW789", place=place, others=others, of=f"{of:,}", found=", ".join(shown), known=known)

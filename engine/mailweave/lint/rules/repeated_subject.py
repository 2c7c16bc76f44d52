"""# MW982 preheader-repeats-subject

An inbox shows subject and preheader side by side: the same words twice say half as much.

    spring.rules:15:13: warning MW982: this preheader repeats a subject: `Our spring sale`

## What helps

What the subject leaves out: for whom, until when, what else.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.lines import PREHEADER, SUBJECT, inbox_lines
from mailweave.lint.rule import CampaignRule

_ENDS = " .!?…"


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    subjects = {_folded(line.source.text) for line in inbox_lines(campaign, SUBJECT)}
    for line in inbox_lines(campaign, PREHEADER):
        if _folded(line.source.text) and _folded(line.source.text) in subjects:
            yield diagnose("MW982", line.source, line.span, words=line.source.text.strip())


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).strip(_ENDS)


RULE = CampaignRule("MW982", "subject", _check)

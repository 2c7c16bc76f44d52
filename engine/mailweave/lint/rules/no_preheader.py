"""# MW981 no-preheader

Behind the subject an inbox shows the first words of the mail. Without a preheader these are what stands first in it:
"View in browser", a menu, the `alt` of a logo; and what mail clients sum up begins there too.

    spring.rules:1:1: note MW981: the campaign has no preheader

## What helps

`slot preheader text max 1 fallback ..` in the rules, with lines in a matrix, and `{% slot "preheader" %}` first in
the body of the layout.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.lines import PREHEADER
from mailweave.lint.rule import CampaignRule
from mailweave.source import Span


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    names = {slot.name for slot in campaign.decisions.slots} | set(campaign.templates().slots)
    if PREHEADER not in names:
        yield diagnose("MW981", campaign.decisions.source, Span(0, 1))


RULE = CampaignRule("MW981", "subject", _check)

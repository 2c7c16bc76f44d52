"""# MW980 pretended-reply

A subject that begins with `Re:` or `Fwd:` says that there was a mail before. Where there was none it misleads: the
CAN-SPAM Act (15 U.S.C. 7704(a)(2)) forbids deceptive subjects, and filters count it.

    spring.rules:14:11: warning MW980: `Re:` makes this mail look like an answer

## What helps

Leave it out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, Fix, diagnose
from mailweave.lint.lines import SUBJECT, inbox_lines
from mailweave.lint.rule import CampaignRule
from mailweave.source import Span

_REPLY = re.compile(r"\s*((?:re|fwd?|aw|wg|antw|sv|vs|vb|tr|rv|rif|odp|res|enc)(?:\[\d+\])?\s*:)", re.I)


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    for line in inbox_lines(campaign, SUBJECT):
        found = _REPLY.match(line.source.text)
        if found is not None:
            span = Span(found.start(1), found.end(1))
            behind = len(line.source.text) - len(line.source.text[span.stop :].lstrip())
            yield diagnose("MW980", line.source, span, fix=Fix(Span(span.start, behind), ""), words=found[1])


RULE = CampaignRule("MW980", "subject", _check, "unsafe")

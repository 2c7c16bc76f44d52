"""# MW979 shouting-subject

A subject in capitals, or with several exclamation marks, reads as advertising: SpamAssassin counts `SUBJ_ALL_CAPS`
and `PLING_QUERY`, and readers report it. Looked at is what everybody gets of it; names of three letters and fewer may
stand in capitals.

    spring.rules:14:11: warning MW979: this subject shouts: `LAST CHANCE!!`

## What helps

The same words, said calmly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.lines import SUBJECT, inbox_lines
from mailweave.lint.rule import CampaignRule

_MARKS = re.compile(r"!\s*!|!\s*\?|\?\s*!|\?\s*\?|\${2,}|€{2,}")
_LEAST = 10  # letters: fewer may be an abbreviation


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    for line in inbox_lines(campaign, SUBJECT):
        if _MARKS.search(line.written) or _is_shouted(line.written):
            yield diagnose("MW979", line.source, line.span, words=line.written.strip())


def _is_shouted(words: str) -> bool:
    letters = [letter for letter in words if letter.isupper() or letter.islower()]
    return len(letters) >= _LEAST and not any(letter.islower() for letter in letters)


RULE = CampaignRule("MW979", "subject", _check)

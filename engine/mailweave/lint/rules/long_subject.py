"""# MW978 long-subject

A telephone of 320 pixels shows about 35 letters of a subject, a desktop about 60. What matters stands at the front,
and what makes one subject differ from the next must be seen. Counted are the letters that everybody gets: what Liquid
writes comes on top.

    spring.rules:14:11: note MW978: 82 letters of this subject are fixed; about 60 are shown

## What helps

Say one thing; put the rest into the preheader, which is shown behind the subject.
"""

from __future__ import annotations

from functools import partial

from mailweave.lint.lines import SUBJECT, too_long
from mailweave.lint.rule import CampaignRule

SHOWN = 60

RULE = CampaignRule("MW978", "subject", partial(too_long, "MW978", SUBJECT, SHOWN))

"""# MW932 long-preheader

An inbox shows about 40 letters of a preheader on a telephone of 320 pixels, and at most about 140 anywhere; what stands
behind is never seen. One of a few letters leaves the rest to whatever the mail says next, where the layout does not fill
it (the stock block does). Counted are the letters that everybody gets.

    spring.rules:15:13: note MW932: 180 letters of this preheader are fixed; at most about 140 are shown

## What helps

The one thing that the subject leaves out, first.
"""

from __future__ import annotations

from functools import partial

from mailweave.lint.lines import PREHEADER, too_long
from mailweave.lint.rule import CampaignRule

SHOWN = 140

RULE = CampaignRule("MW932", "subject", partial(too_long, "MW932", PREHEADER, SHOWN))

"""# MW983 sender-takes-no-answer

Readers answer mails: to unsubscribe, to complain, to buy. An address such as `noreply@` tells them not to, and loses
the answers; Gmail and Yahoo also learn from answers that a sender is wanted.

    campaign.toml:2:1: note MW983: nobody reads what is answered to `noreply@shop.example`

## What helps

`reply_to = "care@shop.example"` in campaign.toml, or a sender that is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.rule import CampaignRule
from mailweave.lint.settings import settings

_NOBODY = re.compile(r"(?:do[-_.]?not|no)[-_.]?(?:reply|answer|response)\b.*", re.I)


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    config, text = campaign.config, settings(campaign)
    answered = config.reply_to or config.sender
    if _NOBODY.fullmatch(answered.address.rpartition("@")[0]):
        key = "from" if config.reply_to is None else "reply_to"
        yield diagnose("MW983", text.source, text.key_span((key,)), address=answered.address)


RULE = CampaignRule("MW983", "deliverability", _check)

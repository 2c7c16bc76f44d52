"""# MW934 free-mail-sender

An address of Gmail, Yahoo, AOL, Outlook or GMX in From cannot be proved to be yours when another server sends it: the
DMARC policy of these providers tells receivers to refuse it. Gmail's guidelines for senders (2024): "Don't impersonate
Gmail From: headers"; RFC 7489. Such an address in Reply-To, behind a sender of another domain, counts as a mark of fraud
(SpamAssassin: `FREEMAIL_FORGED_REPLYTO`).

    campaign.toml:2:1: warning MW934: `gmail.com` refuses mails from `shop@gmail.com` that others send

## What helps

An address under a domain of your own.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.rule import CampaignRule
from mailweave.lint.settings import settings

_FREE = frozenset(
    "gmail.com googlemail.com yahoo.com yahoo.de yahoo.co.uk yahoo.fr ymail.com rocketmail.com aol.com outlook.com "
    "hotmail.com hotmail.co.uk hotmail.fr live.com msn.com icloud.com me.com mac.com gmx.de gmx.net gmx.com web.de "
    "mail.ru yandex.ru proton.me protonmail.com zoho.com qq.com 163.com libero.it orange.fr laposte.net wp.pl".split()
)


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    text = settings(campaign)
    for key, one in (("from", campaign.config.sender), ("reply_to", campaign.config.reply_to)):
        domain = "" if one is None else one.address.rpartition("@")[2].lower()
        if one is not None and domain in _FREE:
            yield diagnose("MW934", text.source, text.key_span((key,)), domain=domain, address=one.address)


RULE = CampaignRule("MW934", "deliverability", _check)

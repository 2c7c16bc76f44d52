"""# MW935 unsubscribe-for-nobody

With one click (RFC 8058, which Gmail and Yahoo ask of whoever sends many mails) the mail client itself calls
`unsubscribe_url`, without a page and without a question. An address that is the same for all cannot say who wants to
leave, and one that is not `https:` is not called at all.

    campaign.toml:4:1: warning MW935: this address does not say who unsubscribes

## What helps

`unsubscribe_url = "https://shop.example/unsubscribe?who={{ profile.id }}"`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.addresses import scheme
from mailweave.lint.rule import CampaignRule
from mailweave.lint.settings import settings
from mailweave.markup.pieces import pieces


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    text, address = settings(campaign), campaign.config.unsubscribe_url.strip()
    span = text.key_span(("unsubscribe_url",))
    if address and not pieces(address):
        yield diagnose("MW935", text.source, span, what="does not say who unsubscribes")
    elif address and scheme(address) not in ("https", "http", None):
        yield diagnose("MW935", text.source, span, what="is none that a mail client calls by itself")


RULE = CampaignRule("MW935", "deliverability", _check)

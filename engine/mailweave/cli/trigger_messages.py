"""The messages of mails that triggers start, their links signed where the campaign asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from mailweave.campaign import Campaign
from mailweave.cli.link_keys import link_keys
from mailweave.delivery.links import Signer, rewrite
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.message import Email
from mailweave.triggers.mails import Message

_TODO = "name them, --link-keys FILE or MAILWEAVE_LINK_KEYS"


def message_maker(campaigns: Sequence[Campaign], file: Path | None) -> Message:
    """What makes a message. Raises MailweaveError for campaigns that sign links where there are no keys."""
    keys = link_keys(file, place="mailweave trigger run")
    signers = {one.digest: Signer.of(one, keys) for one in campaigns if keys and one.config.links is not None}
    lacking = [
        _lacking(one) for one in campaigns if one.config.links is not None and one.digest not in signers
    ]
    if lacking:
        raise MailweaveError(lacking)

    def message(campaign: Campaign, email: Email) -> bytes:
        signer = signers.get(campaign.digest)
        return (email if signer is None else rewrite(email, signer)).as_bytes()

    return message


def _lacking(campaign: Campaign) -> Diagnostic:
    links = campaign.config.links
    assert links is not None
    return diagnose("MW731", place=campaign.config.name, key=links.key, help=_TODO)

"""What is answered about one recipient: a mail, a decision, an explanation; or a skip."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from mailweave.campaign import Campaign
from mailweave.campaign.snapshot import Context, Snapshot
from mailweave.decisions import Skip
from mailweave.delivery.links import Keys, LinkError, Signer, rewrite
from mailweave.delivery.service import answers
from mailweave.delivery.service.asked import OneRecipient, ToExplain, ToRender
from mailweave.delivery.service.refusals import refusal
from mailweave.delivery.service.withdrawals import Withdrawals
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message import Email

_WITHDRAWN: Final = Skip("withdrawn", "has unsubscribed from these mails")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request that was read: what was asked of which campaign, for whom, and the moment of the decision. `keys`: what
    signs the links of a campaign that asks for it."""

    asked: OneRecipient
    campaign: Campaign
    profile: Mapping[str, Any]
    events: Sequence[Mapping[str, Any]]
    now: datetime
    context: Context | Snapshot | None
    keys: Keys | None = None


Result: TypeAlias = Mapping[str, Any]
Tell: TypeAlias = Callable[[Wanted, Withdrawals | None], Result]


def rendered(wanted: Wanted, withdrawals: Withdrawals | None) -> Result:
    """The mail. Raises MailweaveError."""
    asked, now = wanted.asked, wanted.now
    assert isinstance(asked, ToRender)
    if has_withdrawn(wanted, withdrawals):
        return answers.skipped(asked.campaign, now, _WITHDRAWN)
    found = wanted.campaign.decide(
        wanted.profile, events=wanted.events, now=now, context=wanted.context, send_id=asked.send_id
    )
    if isinstance(found, Skip):
        return answers.skipped(asked.campaign, now, _of_rules(found))
    selection, email = found
    return answers.rendered(asked.campaign, selection, _signed(wanted, email), message=asked.message)


def _signed(wanted: Wanted, email: Email) -> Email:
    """The mail with its links signed, where the campaign asks for it. Raises LinkError."""
    links = wanted.campaign.config.links
    if links is None:
        return email
    if wanted.keys is None:
        todo = "start the service with --link-keys FILE, or with MAILWEAVE_LINK_KEYS"
        raise LinkError([diagnose("MW731", place=wanted.asked.campaign, key=links.key, help=todo)])
    return rewrite(email, Signer.of(wanted.campaign, wanted.keys))


def decided(wanted: Wanted, withdrawals: Withdrawals | None) -> Result:
    """The decision alone. Raises MailweaveError."""
    name, now = wanted.asked.campaign, wanted.now
    if has_withdrawn(wanted, withdrawals):
        return answers.skipped(name, now, _WITHDRAWN)
    found = wanted.campaign.select(wanted.profile, events=wanted.events, now=now, context=wanted.context)
    if isinstance(found, Skip):
        return answers.skipped(name, now, _of_rules(found))
    return answers.decided(name, now, found)


def explained(wanted: Wanted, withdrawals: Withdrawals | None) -> Result:
    """Why. Bad data is told in the explanation. Raises MailweaveError."""
    asked, now = wanted.asked, wanted.now
    assert isinstance(asked, ToExplain)
    told = wanted.campaign.explain(
        wanted.profile, events=wanted.events, now=now, context=wanted.context, show_pii=asked.show_pii
    )
    about = {"status": "explained", "campaign": asked.campaign, "now": now.isoformat()}
    withdrawn = has_withdrawn(wanted, withdrawals)
    return {**about, "withdrawn": withdrawn, "explanation": json.loads(told.to_json())}


def has_withdrawn(wanted: Wanted, withdrawals: Withdrawals | None) -> bool:
    """Whether this recipient has. Raises Refusal where that cannot be known now: nobody is mailed on a guess."""
    if withdrawals is None:
        return False
    key = wanted.profile.get(wanted.campaign.key_column)
    try:
        return isinstance(key, str | int) and withdrawals.has(str(key))
    except (OSError, MailweaveError):
        raise refusal(503, "MW776", what="the file of withdrawals cannot be read") from None


def _of_rules(skip: Skip) -> Skip:
    """A skip that the rules ask for. Raises Refusal where the data of the recipient is bad."""
    if skip.code != "bad_data":
        return skip
    raise refusal(422, "MW777", place=skip.field or "recipient", what=skip.reason)

"""What is answered at each address to the bytes that came; nothing here knows of HTTP but its statuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple, TypeAlias

from mailweave.campaign.saved_recipients import saved_recipient
from mailweave.decisions import check_rules
from mailweave.delivery.links import Keys
from mailweave.delivery.service import json_body
from mailweave.delivery.service.asgi import Answer
from mailweave.delivery.service.asked import (
    CampaignToCheck,
    OneRecipient,
    RulesToCheck,
    ToExplain,
    ToRender,
    asked,
    to_check,
)
from mailweave.delivery.service.recipients import Tell, Wanted, decided, explained, has_withdrawn, rendered
from mailweave.delivery.service.refusals import Refusal, errors
from mailweave.delivery.service.shelf import Campaigns, Shelf, Shelved, served, unknown
from mailweave.delivery.service.withdrawals import Withdrawals
from mailweave.diagnostics import MailweaveError
from mailweave.diagnostics.printers import as_dict
from mailweave.source import Source

Kind: TypeAlias = Literal["render", "decide", "explain"]
_KINDS: Final[Mapping[Kind, tuple[type[OneRecipient], Tell]]] = MappingProxyType(
    {"render": (ToRender, rendered), "decide": (OneRecipient, decided), "explain": (ToExplain, explained)}
)


class Waiting(NamedTuple):
    """A request that was read, and is not yet answered: sources are asked first."""

    kind: Kind
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Doors:
    """Answers requests. withdrawals: None where the service keeps none. clock: for recipients without a `now`. keys: what
    signs the links of mails."""

    shelf: Shelf
    withdrawals: Withdrawals | None = None
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    keys: Keys | None = None

    def about(self, kind: Kind, body: bytes, campaigns: Campaigns | None = None) -> Answer | Waiting:
        """About one recipient; a batch brings the campaigns that it began with.

        Where sources are to be asked first, that is said in place of an answer. Who has withdrawn is told to nobody.
        """
        name = ""
        try:
            wanted = self._wanted(kind, body, self.shelf.campaigns if campaigns is None else campaigns)
            name = wanted.asked.campaign
            if wanted.campaign.sources and not has_withdrawn(wanted, self.withdrawals):
                return Waiting(kind, wanted)
        except MailweaveError as error:
            return failed(error, name)
        return self.told(Waiting(kind, wanted))

    def told(self, ready: Waiting) -> Answer:
        """What is answered, where all data is there."""
        kind, wanted = ready
        name = wanted.asked.campaign
        try:
            found = _KINDS[kind][1](wanted, self.withdrawals)
            return Answer(200, json_body.write(found), name, found["status"])
        except MailweaveError as error:
            return failed(error, name)

    def _wanted(self, kind: Kind, body: bytes, campaigns: Campaigns) -> Wanted:
        wanted = asked(_KINDS[kind][0], json_body.read(body))
        campaign = served(campaigns, wanted.campaign)
        who = saved_recipient(campaign, wanted.recipient, "recipient")
        now = campaign.pinned(who.moment()) or self.clock()
        return Wanted(wanted, campaign, who.profile, who.events, now, who.context, self.keys)

    def check(self, body: bytes) -> Answer:
        """`POST /check`: what was found when a campaign was last read, or what is wrong with a rule text."""
        try:
            wanted, campaigns = to_check(json_body.read(body)), self.shelf.campaigns
            name = wanted.campaign if isinstance(wanted, CampaignToCheck) else ""
            if isinstance(wanted, RulesToCheck):
                found = check_rules(Source("<rules>", wanted.rules))
            elif name in campaigns:
                found = campaigns[name].findings
            else:
                raise unknown(campaigns, name)
            told = {"status": "checked", "findings": list(map(as_dict, found))}
            return Answer(200, json_body.write(told), name, "checked")
        except MailweaveError as error:
            return failed(error)

    def campaigns(self) -> Answer:
        """`GET /campaigns`."""
        return Answer(200, json_body.write({"campaigns": list(map(_listed, self.shelf.campaigns.values()))}))


def failed(error: MailweaveError, campaign: str = "") -> Answer:
    """What is answered to what cannot be done: the caller is at fault, unless the error says otherwise."""
    status = error.status if isinstance(error, Refusal) else 422
    codes = tuple(one.code for one in error.diagnostics)
    return Answer(status, json_body.write(errors(error.diagnostics)), campaign, "failed", codes)


def _listed(one: Shelved) -> dict[str, Any]:
    campaign = one.campaign
    about = {"name": one.name, "is_served": campaign is not None, "is_current": one.is_current}
    version = {"version": campaign.decisions.version, "digest": campaign.digest} if campaign else {}
    return {**about, **version, "findings": list(map(as_dict, one.findings))}

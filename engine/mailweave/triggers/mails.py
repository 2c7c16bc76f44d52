"""The mail of a cause, rendered through its campaign: a line of JSON as a batch writes it, and what started it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from mailweave.batch.formats import FORMATS
from mailweave.batch.rendering import selected
from mailweave.campaign import Campaign
from mailweave.decisions import Skip
from mailweave.diagnostics import MailweaveError
from mailweave.message import Attachment, Email
from mailweave.rules.checker.triggered import EVENT
from mailweave.triggers.person import Mail, Person
from mailweave.triggers.plans import Plan
from mailweave.values.instants import iso, to_datetime

Message: TypeAlias = Callable[[Campaign, Email], bytes]
"""What goes over the wire; where the campaign signs its links, with signed ones."""
_LINE = FORMATS["jsonl"].piece
_FAULTS = (MailweaveError, ValueError, ArithmeticError, LookupError, TypeError, RecursionError)


class Mailer:
    """Makes the mails of one person. lines: those that were made. files: what goes with them. message: what makes the
    message that a line holds as well, if any does."""

    def __init__(
        self,
        campaigns: Mapping[str, tuple[Campaign, Plan]],
        person: Person,
        profiles: Mapping[str, Mapping[str, Any]],
        message: Message | None = None,
    ) -> None:
        self._campaigns, self._person, self._profiles, self._message = campaigns, person, profiles, message
        self.lines: list[bytes] = []
        self.files: list[Attachment] = []

    def __call__(self, mail: Mail) -> str:
        """Renders a mail at its moment; why there is none, or nothing. Whatever a template raises is this mail's."""
        campaign, plan = self._campaigns[mail.timer.place.campaign]
        said = plan.mail(mail.timer.place, mail.timer.number)
        assert said is not None
        happened = {"type": EVENT, "at": iso(mail.at), "name": said.name, "mail": mail.timer.number + 1}
        events = [event.plain() for event in self._person.events if event.at <= mail.at]
        profile = self._profiles[mail.timer.place.campaign]
        try:
            decided = campaign.decide(
                profile, events=[*events, happened], now=to_datetime(mail.at), send_id=mail.key
            )
            if isinstance(decided, Skip):
                return f"skip {decided.code}"
            email = decided[1]
            row = json.loads(_LINE(selected(*decided)))
            if self._message is not None:
                row |= {"timezone": email.timezone, "message": self._message(campaign, email).decode()}
        except _FAULTS:
            return "dead"
        self.files += [one for one in email.attachments if not one.is_invitation]
        self.lines.append(_with_cause(row, mail, decided[0].arms))
        return ""


def _with_cause(row: Mapping[str, Any], mail: Mail, arms: Mapping[str, str]) -> bytes:
    """The row behind what started it; its arms are those of the decision, and of the waits that led to it."""
    timer = mail.timer
    cause = {"mail": mail.key, "campaign": timer.place.campaign, "trigger": timer.place.trigger}
    cause |= {"number": timer.number + 1, "cause": timer.cause, "due": iso(mail.at)}  # type: ignore[dict-item]
    return json.dumps({**cause, **row, "arms": {**arms, **dict(timer.arms)}}).encode() + b"\n"

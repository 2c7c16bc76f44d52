"""One finished e-mail: its parts, from one decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailweave.message.headers import Envelope


@dataclass(frozen=True, slots=True)
class Email:
    """A rendered e-mail.

    `selection` maps each slot to the names of its blocks, as shown (an experiment's arm is named
    itself). `amp` is None when the campaign has no AMP part for this recipient; `amp_reason` says
    why. `key` is the recipient's key, `now` the instant of the decision.
    """

    subject: str
    preheader: str
    html: str
    text: str
    amp: str | None
    selection: Mapping[str, tuple[str, ...]]
    key: str
    now: datetime
    envelope: Envelope
    amp_reason: str = ""

    def as_message(self) -> EmailMessage:
        """The e-mail as a message of the standard library: plain, AMP and HTML, in this order.

        The same e-mail gives the same bytes. Raises MailweaveError when it has no recipient's address.
        """
        from mailweave.message.mime import build

        return build(self)

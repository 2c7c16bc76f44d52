"""One finished e-mail: its parts, from one decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from mailweave.message.attachment import Attachment
from mailweave.message.cut_mail import CutMail
from mailweave.message.headers import Envelope, headers, idempotency_key, message_id
from mailweave.message.mime import read, write

if TYPE_CHECKING:
    from email.message import EmailMessage


@dataclass(frozen=True, slots=True, repr=False)
class Email:
    """A rendered e-mail.

    `selection` maps each slot to the names of its blocks, as shown (an experiment's arm is named
    itself). `amp` is None when the campaign has no AMP part for this recipient; `amp_reason` says
    why. `key` is the recipient's key, `now` the instant of the decision. `locale` is the one in which it is
    written; `timezone` the recipient's, empty where the campaign does not ask recipients for it or theirs is not known;
    `lacks` says what the campaign asks of the recipient's data for that and did not get, such as
    `locale absent` or `timezone unknown`. `cut` is there where it was asked for. `attachments` are files that go with
    the mail, those that its HTML shows among them.
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
    locale: str = ""
    lacks: tuple[str, ...] = ()
    cut: CutMail | None = field(default=None, compare=False)
    attachments: tuple[Attachment, ...] = ()
    timezone: str = ""

    def __repr__(self) -> str:
        """Whose it is and how large; nothing of what it says, for logs."""
        about = f"{self.envelope.campaign} version {self.envelope.version} for {self.key!r}"
        amp = "no AMP" if self.amp is None else f"{len(self.amp)} AMP"
        return f"<Email {about}: {len(self.html)} HTML, {len(self.text)} text, {amp}>"

    def _repr_html_(self) -> str:
        """What a notebook shows: the mail's shape in a frame, its words masked, as it does not know which are personal."""
        from mailweave.message.masked_view import masked_view  # a notebook's alone

        about = f"{self.envelope.campaign} version {self.envelope.version}, {self.now:%Y-%m-%d %H:%M} UTC"
        amp = "no AMP" if self.amp is None else f"{len(self.amp)} AMP"
        title = f"{about}: {len(self.html)} HTML, {len(self.text)} text, {amp}"
        return masked_view(title, self.selection, self.html)

    @property
    def idempotency_key(self) -> str:
        """The same mail to the same recipient has the same key, however often it is rendered or retried."""
        envelope = self.envelope
        return idempotency_key(envelope.campaign, envelope.version, self.key, envelope.send_id)

    @property
    def message_id(self) -> str:
        """The `Message-ID`, in its angle brackets."""
        return message_id(self.envelope, self.key, self.now)

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """Name and text of every header of the message's own, in order, as a reader reads them: not encoded."""
        return tuple(headers(self.envelope, self.key, self.subject, self.now))

    def as_bytes(self) -> bytes:
        """The e-mail as it goes over the wire: plain text, AMP and HTML, in this order, what the HTML shows
        and files behind them; lines end in CR LF.

        The same e-mail gives the same bytes. Raises MailweaveError when it has no recipient's address (MW025), and
        where its parts were put together by hand and cannot stand in a message (MW030, MW031).
        """
        return write(self.envelope, self.key, self.subject, self.now, self._bodies(), self.attachments)

    def as_message(self) -> EmailMessage:
        """The e-mail as a message of the standard library: `as_message().as_bytes()` is `as_bytes()`.

        Raises MailweaveError as `as_bytes` does, and nothing else.
        """
        return read(self.as_bytes())

    def _bodies(self) -> list[tuple[str, str]]:
        """AMP stands between text and HTML, as its readers demand."""
        amp = [] if self.amp is None else [("x-amp-html", self.amp)]
        return [("plain", self.text), *amp, ("html", self.html)]

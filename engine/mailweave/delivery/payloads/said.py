"""An e-mail as a provider is told it: read once, checked against what the provider publishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from mailweave.delivery.payloads.form import Payload
from mailweave.delivery.payloads.limits import Facts
from mailweave.delivery.payloads.unsupported import Refusals
from mailweave.delivery.payloads.words import metadata, tags, whole
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message import Attachment, Email
from mailweave.message.addresses import address, is_international
from mailweave.message.cleaning import one_line
from mailweave.message.fields import mailbox_text
from mailweave.values.invalid_value import InvalidValue

_FIELDS: Final = frozenset({"From", "To", "Reply-To", "Subject", "Date", "Message-ID"})


class Mailbox(NamedTuple):
    """An address as it is written, and the name that readers see; empty where there is none."""

    address: str
    name: str

    def __str__(self) -> str:
        return mailbox_text(self.name, self.address)


@dataclass(frozen=True, slots=True)
class Said:
    """What of an e-mail is said. `headers` have no field of their own; `metadata` holds the idempotency key, too."""

    sender: Mailbox
    to: Mailbox
    reply_to: Mailbox | None
    subject: str
    text: str
    html: str
    amp: str | None
    headers: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]
    metadata: dict[str, str]
    attachments: tuple[Attachment, ...]
    return_path: str
    key: str


def said(email: Email, facts: Facts, refusals: Refusals) -> Said:
    """Reads an e-mail for a provider; what it cannot say goes to `refusals`.

    Raises MailweaveError where the e-mail can be no message at all, as `Email.as_bytes` does (MW025, MW030, MW031).
    """
    email.as_bytes()
    _refuse_features(email, facts, refusals)
    envelope = email.envelope
    return Said(
        Mailbox(_written(envelope.sender), one_line(envelope.sender_name)),
        Mailbox(_written(envelope.to), one_line(envelope.to_name)),
        Mailbox(_written(envelope.reply_to), one_line(envelope.reply_to_name)) if envelope.reply_to else None,
        one_line(email.subject),
        whole(email.text),
        whole(email.html),
        None if email.amp is None or "amp" not in facts.says else whole(email.amp),
        _headers(email, facts, refusals),
        tags(email, facts, refusals),
        metadata(email, facts, refusals),
        _attachments(email, facts, refusals),
        _bounces(email) if "return_path" in facts.says else "",
        email.idempotency_key,
    )


def measured(made: Payload, facts: Facts, refusals: Refusals) -> Payload:
    """`made` itself, when it is no larger than the provider takes."""
    size = len(made.content)
    if size > facts.most_bytes:
        refusals.add("size", "MW751", what="the request", size=size, most=facts.most_bytes)
    return made


def _written(text: str) -> str:
    """In the form in which a message has it; whether it may be international was asked before."""
    return address(text, international=True)


def _bounces(email: Email) -> str:
    """The address for bounces, which stands in no message and was not asked for there."""
    envelope = email.envelope
    try:
        return address(envelope.return_path) if envelope.return_path else ""
    except InvalidValue as refusal:
        found = diagnose("MW031", place=envelope.campaign, name="return_path", reason=refusal.reason)
        raise MailweaveError([found]) from None


def _refuse_features(email: Email, facts: Facts, refusals: Refusals) -> None:
    envelope = email.envelope
    addresses = (envelope.sender, envelope.to, envelope.reply_to)
    beyond = any(map(is_international, map(_written, filter(None, addresses))))
    for feature, held, what in (
        ("amp", email.amp is not None, "an AMP part"),
        ("return_path", bool(envelope.return_path), "an address of its own for bounces"),
        ("smtputf8", beyond, "an address with letters beyond ASCII before its `@`"),
    ):
        if held and feature not in facts.says:
            refusals.add(feature, "MW750", what=what)


def _headers(email: Email, facts: Facts, refusals: Refusals) -> tuple[tuple[str, str], ...]:
    """Those without a field of their own: for unsubscribing, and the campaign's. No name stands there twice."""
    own = [("Message-ID", email.message_id)] if "message_id" in facts.says else []
    more = [header for header in email.headers if header[0] not in _FIELDS]
    for name, _ in more:
        if name.lower() in facts.reserved:
            refusals.add("custom_headers", "MW752", name=name)
    return (*own, *(header for header in more if header[0].lower() not in facts.reserved))


def _attachments(email: Email, facts: Facts, refusals: Refusals) -> tuple[Attachment, ...]:
    return tuple(one for at, one in enumerate(email.attachments, 1) if _attachable(at, one, facts, refusals))


def _attachable(at: int, one: Attachment, facts: Facts, refusals: Refusals) -> bool:
    if one.is_invitation and "invitation" not in facts.says:
        refusals.add("invitation", "MW750", what="an invitation beside the HTML; as a file it can go")
    ending = one.name[one.name.rfind(".") :].lower() if "." in one.name else ""
    if ending in facts.files:
        refusals.add("attachments", "MW754", what=f"attachment {at}", reason=f"is called {ending}")
    return ending not in facts.files

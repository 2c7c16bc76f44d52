"""An e-mail as a provider is told it: read once, checked against what the provider publishes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final, NamedTuple

from mailweave.delivery.payloads.form import Payload
from mailweave.delivery.payloads.limits import OWN_FIELDS, Facts
from mailweave.delivery.payloads.unsupported import Refusals
from mailweave.delivery.payloads.words import metadata, tags
from mailweave.message import Attachment, Email
from mailweave.message.addresses import address, is_international
from mailweave.message.cleaning import one_line
from mailweave.message.fields import mailbox_text

_HALVES = re.compile(r"[\ud800-\udfff]")
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
        _whole(email.text),
        _whole(email.html),
        None if email.amp is None or "amp" not in facts.says else _whole(email.amp),
        _headers(email, facts, refusals),
        tags(email, facts, refusals),
        metadata(email, facts, refusals),
        _attachments(email, facts, refusals),
        envelope.return_path if "return_path" in facts.says else "",
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


def _whole(text: str) -> str:
    """Half a character becomes U+FFFD, as in the message: neither JSON nor UTF-8 holds it."""
    return text if text.isascii() else _HALVES.sub("\ufffd", text)


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
    """Those without a field of their own: for unsubscribing, and the campaign's; each name once."""
    own = [("Message-ID", email.message_id)] if "message_id" in facts.says else []
    given = [(name, one_line(text)) for name, text in (*email.headers, *email.envelope.custom_headers)]
    more = dict.fromkeys(header for header in given if header[0] not in _FIELDS)
    twice = Counter(name.lower() for name, _ in more)
    return (*own, *(header for header in more if _settable(header[0], twice, facts, refusals)))


def _settable(name: str, twice: Counter[str], facts: Facts, refusals: Refusals) -> bool:
    if name.lower() in OWN_FIELDS | facts.reserved:
        refusals.add("custom_headers", "MW752", name=name)
        return False
    if twice[name.lower()] > 1:
        what = f"headers called `{name}`"
        refusals.add("custom_headers", "MW753", what=what, count=twice[name.lower()], most=1)
        return False
    return True


def _attachments(email: Email, facts: Facts, refusals: Refusals) -> tuple[Attachment, ...]:
    return tuple(one for at, one in enumerate(email.attachments, 1) if _attachable(at, one, facts, refusals))


def _attachable(at: int, one: Attachment, facts: Facts, refusals: Refusals) -> bool:
    reason = "" if one.name else "has no name"
    ending = one.name[one.name.rfind(".") :].lower() if "." in one.name else ""
    if ending in facts.files:
        reason = f"is called {ending}"
    if reason:
        refusals.add("attachments", "MW754", what=f"attachment {at}", reason=reason)
    return not reason

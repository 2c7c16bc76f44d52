"""An e-mail as bytes on the wire: its header, and its body behind it (RFC 5322, 2045)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.message.addresses import address
from mailweave.message.attachment import Attachment, checked_all
from mailweave.message.block import LONGEST, checked
from mailweave.message.cleaning import one_line
from mailweave.message.fields import mailbox, unstructured
from mailweave.message.headers import Envelope, others
from mailweave.message.multiparts import body
from mailweave.message.own_headers import checked_names, own_header, own_headers
from mailweave.values.invalid_value import InvalidValue

if TYPE_CHECKING:
    from email.message import EmailMessage

_URL = re.compile(r"[!-;=?-~]+")
_LONGEST_URL = LONGEST - len("List-Unsubscribe: <>")


def write(
    envelope: Envelope,
    key: str,
    subject: str,
    now: datetime,
    texts: Iterable[tuple[str, str]],
    files: Sequence[Attachment] = (),
) -> bytes:
    """The message. `texts`: the subtype of each alternative, and the text. Raises MailweaveError."""
    lines, own = _lines(envelope, key, subject, now), _own(envelope)
    made = body(f"{key}\0{now.isoformat()}", texts, _files(envelope, files))
    lines += [*(line for _, line in own), "MIME-Version: 1.0", f"Content-Type: {made.type}", ""]
    names = tuple(name for name, _ in own)
    block = "\r\n".join(lines).encode("utf-8", "replace")
    return checked(block, international=envelope.smtputf8, own=names) + made.body


def read(message: bytes) -> EmailMessage:
    """Bytes of `write` as a message of the standard library, which writes those very bytes again."""
    from email import message_from_string, policy  # most callers want bytes alone

    kept = policy.SMTP.clone(refold_source="none", utf8=not message.isascii())
    return message_from_string(message.decode(), policy=kept)


def unsubscribe_url(url: str) -> str:
    """`url` itself, which can stand in `List-Unsubscribe` on one line. Raises InvalidValue.

    >>> unsubscribe_url("https://example.com/u?id=1")
    'https://example.com/u?id=1'
    """
    if not _URL.fullmatch(url):
        raise InvalidValue("is no URL: it is empty, or holds blanks, `<`, `>` or letters beyond ASCII")
    if len(url) > _LONGEST_URL:
        raise InvalidValue(f"is longer than {_LONGEST_URL} octets, so that it fits on no line of a header")
    return url


def _lines(envelope: Envelope, key: str, subject: str, now: datetime) -> list[str]:
    if not envelope.to:
        raise MailweaveError([diagnose("MW025", place=envelope.campaign)])
    try:
        lines = [*_mailboxes(envelope), unstructured("Subject", one_line(subject))]
        if envelope.unsubscribe_url:
            _named("List-Unsubscribe", unsubscribe_url, envelope.unsubscribe_url)
    except InvalidValue as refusal:
        raise MailweaveError([_unwritable(envelope, refusal)]) from None
    return lines + [f"{name}: {text}" for name, text in others(envelope, key, now)]


def _own(envelope: Envelope) -> list[tuple[str, str]]:
    """The campaign's own headers: the name of each, and the header as it is written."""
    if not envelope.custom_headers:
        return []
    given = list(own_headers(envelope.custom_headers))
    try:
        checked_names(tuple(name for name, _ in given))
        return [(name, _named(name, partial(own_header, name), text)) for name, text in given]
    except InvalidValue as refusal:
        raise MailweaveError([_unwritable(envelope, refusal)]) from None


def _files(envelope: Envelope, files: Sequence[Attachment]) -> Sequence[Attachment]:
    if not files:
        return files
    try:
        return checked_all(files)
    except InvalidValue as refusal:
        refused = InvalidValue(refusal.reason, f"attachments: {refusal.path}")
        raise MailweaveError([_unwritable(envelope, refused)]) from None


def _mailboxes(envelope: Envelope) -> Iterator[str]:
    international = envelope.smtputf8
    yield _shared_mailbox("From", envelope.sender_name, envelope.sender, international)
    yield _mailbox("To", envelope.to_name, envelope.to, international)
    if envelope.reply_to:
        yield _shared_mailbox("Reply-To", envelope.reply_to_name, envelope.reply_to, international)


def _mailbox(name: str, shown: str, given: str, international: bool) -> str:
    written = _named(name, partial(address, international=international), given)
    return mailbox(name, one_line(shown), written)


_shared_mailbox = lru_cache(maxsize=64)(_mailbox)
"""The same for the mailboxes of the sender, which all mails of a campaign have."""


def _named(name: str, check: Callable[[str], str], given: str) -> str:
    try:
        return check(given)
    except InvalidValue as refusal:
        raise InvalidValue(refusal.reason, name) from None


def _unwritable(envelope: Envelope, refusal: InvalidValue) -> Diagnostic:
    return diagnose("MW031", place=envelope.campaign, name=refusal.path, reason=refusal.reason)

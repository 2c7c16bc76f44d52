"""The headers of a message: what they are called and what they say. Nothing that a value holds can become another."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import NamedTuple

from mailweave.message.cleaning import one_line
from mailweave.message.fields import mailbox_text
from mailweave.message.own_headers import own_headers

LONGEST_SEND_ID = 64
_SEND_ID = re.compile(rf"[!-~]{{1,{LONGEST_SEND_ID}}}")


class Envelope(NamedTuple):
    """From whom, to whom, and how to stop it. `to` is empty when the recipient's address is unknown.

    `send_id` tells one mail of a campaign's version from the next. `smtputf8`: addresses may hold letters beyond
    ASCII before their `@`. `return_path` is the address that bounces go to; it is said to the server, not written in
    the message, and where it is empty they go to `sender`. `custom_headers` are names and texts of the campaign's own
    headers, as they are read. `tags` and `metadata` are for the provider: no reader sees them.
    """

    campaign: str
    version: int
    sender: str
    sender_name: str
    to: str
    to_name: str = ""
    reply_to: str = ""
    reply_to_name: str = ""
    unsubscribe_url: str = ""
    one_click: bool = True
    send_id: str = ""
    smtputf8: bool = False
    return_path: str = ""
    custom_headers: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()


def headers(envelope: Envelope, key: str, subject: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Name and text of every header, in the order in which they are written."""
    yield "From", _shared_mailbox(envelope.sender_name, envelope.sender)
    yield "To", mailbox_text(one_line(envelope.to_name), envelope.to)
    if envelope.reply_to:
        yield "Reply-To", _shared_mailbox(envelope.reply_to_name, envelope.reply_to)
    yield "Subject", one_line(subject)
    yield from others(envelope, key, now)
    if envelope.custom_headers:
        yield from own_headers(envelope.custom_headers)


@lru_cache(maxsize=64)
def _shared_mailbox(name: str, address: str) -> str:
    """That of the sender, which all mails of a campaign have."""
    return mailbox_text(one_line(name), address)


def others(envelope: Envelope, key: str, now: datetime) -> Iterator[tuple[str, str]]:
    """Those that are written as they are read: no part of them may be an encoded word."""
    yield "Date", written_date(now)
    yield "Message-ID", message_id(envelope, key, now)
    url = envelope.unsubscribe_url
    if url:
        yield "List-Unsubscribe", f"<{url}>"
        if envelope.one_click and url[:8].lower() == "https://":
            yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


written_date = lru_cache(maxsize=16)(format_datetime)


def message_id(envelope: Envelope, key: str, now: datetime) -> str:
    """The same campaign, version, recipient, instant and `send_id` give the same id."""
    return f"<{_digest(envelope, key, now)}@{envelope.sender.rpartition('@')[2]}>"


def _digest(envelope: Envelope, key: str, now: datetime) -> str:
    parts = [envelope.campaign, str(envelope.version), key, now.isoformat()]
    if envelope.send_id:
        parts.append(envelope.send_id)
    return _hashed("\0".join(parts))


def idempotency_key(campaign: str, version: int, key: str, send_id: str = "") -> str:
    """The same mail to the same recipient has the same key, however often it is rendered or retried.

    >>> idempotency_key("spring", 1, "42")
    '85259f3dc5b0d09a43fa3825f4bec89f'
    >>> idempotency_key("spring", 1, "42", "2026-w48") == idempotency_key("spring", 1, "42")
    False
    """
    parts = [campaign, str(version), key]
    return _hashed("\0".join([*parts, send_id] if send_id else parts))


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def is_send_id(text: str) -> bool:
    """Whether `text` can be a `send_id`: 1 to 64 signs of ASCII, without blanks.

    >>> is_send_id("2026-w48"), is_send_id("week 48"), is_send_id("")
    (True, False, False)
    """
    return _SEND_ID.fullmatch(text) is not None

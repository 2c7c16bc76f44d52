"""The headers of a message. Nothing that a value holds can become a header of its own."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address
from email.utils import format_datetime
from typing import NamedTuple

LONGEST = (
    998  # characters of a subject that are kept; RFC 5322 allows no longer line, and parsing is quadratic
)
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]+")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_ADDRESS = re.compile(r"[^\s@<>,;:\"\\()\[\]\x00-\x1f\x7f]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


class Envelope(NamedTuple):
    """From whom, to whom, and how to stop it. `to` is empty when the recipient's address is unknown."""

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


def is_address(text: str) -> bool:
    """Whether `text` is one plain address, `local@domain`, that can stand in a header.

    >>> is_address("ann@example.com"), is_address("a@b.c, d@e.f"), is_address("ann")
    (True, False, False)
    """
    return len(text) <= 254 and text.isascii() and _ADDRESS.fullmatch(text) is not None


def one_line(text: str) -> str:
    """A header value: control characters become spaces, direction overrides go, the length is bounded.

    >>> one_line("Sale\\r\\nBcc: victim@example.com")
    'Sale Bcc: victim@example.com'
    """
    if text.isascii() and text.isprintable() and len(text) <= LONGEST:
        return text.strip()
    return _BIDI.sub("", _UNSAFE.sub(" ", text[: 4 * LONGEST])).strip()[:LONGEST]


def headers(envelope: Envelope, key: str, subject: str, now: datetime) -> Iterator[tuple[str, str | Address]]:
    """Every header, in the order in which it is written."""
    yield "From", mailbox(envelope.sender_name, envelope.sender)
    yield "To", mailbox(envelope.to_name, envelope.to)
    if envelope.reply_to:
        yield "Reply-To", mailbox(envelope.reply_to_name, envelope.reply_to)
    yield "Subject", one_line(subject)
    yield "Date", format_datetime(now)
    yield "Message-ID", message_id(envelope, key, now)
    if envelope.unsubscribe_url:
        yield "List-Unsubscribe", f"<{envelope.unsubscribe_url}>"
        if envelope.one_click and envelope.unsubscribe_url.startswith("https://"):
            yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"


def mailbox(name: str, address: str) -> Address:
    """An address with its display name, safe to stand in a header."""
    return Address(display_name=one_line(name), addr_spec=address)


def message_id(envelope: Envelope, key: str, now: datetime) -> str:
    """The same campaign, version, recipient and instant give the same id."""
    parts = (envelope.campaign, str(envelope.version), key, now.isoformat())
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
    return f"<{digest}@{envelope.sender.rpartition('@')[2]}>"


def idempotency_key(campaign: str, version: int, key: str) -> str:
    """The same mail to the same recipient has the same key, however often it is rendered or retried.

    >>> idempotency_key("spring", 1, "42")
    '85259f3dc5b0d09a43fa3825f4bec89f'
    """
    return hashlib.sha256(f"{campaign}\0{version}\0{key}".encode("utf-8", "replace")).hexdigest()[:32]

"""Mails and signers for the tests of links; the keys are made anew each time."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from mailweave import Email
from mailweave.campaign.link_settings import LinkSettings
from mailweave.delivery.links import Keys, Link, LinkError, Purpose, Signer, verify
from mailweave.message.headers import Envelope

NOW = datetime(2026, 11, 22, 9, 30, 15, 250_000, tzinfo=UTC)
WAY_OUT = "https://shop.example/stop?who=1"
KEYS = Keys({"2026-11": secrets.token_bytes(32), "2026-10": secrets.token_bytes(40)})
PLACES = {
    "click": "https://go.example.com/c/{token}",
    "open": "https://go.example.com/o/{token}.gif",
    "unsubscribe": "https://go.example.com/u?lang=en&t={token}",
    "view": "https://go.example.com/v/{token}",
}


def signer(key: str = "2026-11", **changed: Any) -> Signer:
    given = {"key": key, **PLACES, **changed}
    return Signer(LinkSettings(**{name: value for name, value in given.items() if value is not None}), KEYS)


def mail(html: str, text: str = "", amp: str | None = None) -> Email:
    envelope = Envelope(
        "spring", 3, "news@shop.example", "Shop", to="ann@example.com", unsubscribe_url=WAY_OUT
    )
    return Email("Hello", "", html, text, amp, {}, "1", NOW, envelope)


def followed(url: str, signing: Signer, now: datetime = NOW) -> Link | None:
    """What a link says to the page that answers it; None for one that is not signed."""
    for purpose, (before, after) in signing.places.items():
        if url.startswith(before) and url.endswith(after):
            try:
                return verify(url[len(before) : len(url) - len(after)], KEYS, purpose=purpose, now=now)
            except LinkError:
                return None
    return None


def became(url: str, signing: Signer) -> list[str]:
    """A link in the words of the fixtures."""
    link = followed(url, signing)
    if link is None:
        return ["kept"]
    purpose: Purpose = link.purpose
    return [purpose, link.target] if purpose == "click" else [purpose]


def is_free_of(text: str, *words: str) -> bool:
    return not any(word in unquote(text) for word in words)

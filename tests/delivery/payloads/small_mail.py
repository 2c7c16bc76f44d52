"""One short e-mail, put together by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from mailweave import Email
from mailweave.message.headers import Envelope

ENVELOPE = Envelope(
    campaign="spring",
    version=1,
    sender="news@example.com",
    sender_name="Näws",
    to="ann@example.com",
    to_name="Ann",
    unsubscribe_url="https://example.com/u",
)


def mail(key: str = "42", **envelope: Any) -> Email:
    return Email(
        subject="Héllo",
        preheader="",
        html="<p>Zoë</p>",
        text="Zoë\n",
        amp=None,
        selection={},
        key=key,
        now=datetime(2026, 11, 30, 9, tzinfo=UTC),
        envelope=ENVELOPE._replace(**envelope),
    )

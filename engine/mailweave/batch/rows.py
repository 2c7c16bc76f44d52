"""One message as a row: its parts and its envelope, so that nobody joins lists again to send it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from mailweave.message import Email

TEXTS: Final = ("key", "idempotency_key", "subject", "html", "text", "amp", "selection")
ENVELOPE: Final = (
    "to",
    "to_name",
    "from",
    "reply_to",
    "message_id",
    "unsubscribe_url",
    "headers",
    "preheader",
)
LISTED: Final = "segments"
COLUMNS: Final = (*TEXTS, LISTED, *ENVELOPE)
"""All are texts but `segments`, which is a list of them. `selection` and `headers` are JSON objects."""

_SAID = frozenset(
    {"from", "to", "reply-to", "subject", "date", "message-id"}
)  # columns say it, or the sender does


@dataclass(frozen=True, slots=True)
class Row:
    """One message, and what was decided about it. `selection` is JSON: slot to the names of its blocks."""

    email: Email
    selection: str
    segments: tuple[str, ...]

    def values(self) -> tuple[Any, ...]:
        """The message in the order of COLUMNS, texts as UTF-8.

        Raises UnicodeEncodeError for what has none, here and not where a whole shard is written.
        """
        email, envelope = self.email, self.email.envelope
        named = dict(email.headers)
        own = {name: text for name, text in named.items() if name.lower() not in _SAID}
        parts = (email.subject, email.html, email.text, email.amp)
        texts = (email.key, email.idempotency_key, *parts, self.selection)
        about = (
            envelope.to,
            envelope.to_name,
            named["From"],
            named.get("Reply-To", ""),
            named["Message-ID"],
            envelope.unsubscribe_url,
            json.dumps(own),
            email.preheader,
        )
        return (*map(_bytes, texts), list(self.segments), *map(_bytes, about))


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else text.encode()

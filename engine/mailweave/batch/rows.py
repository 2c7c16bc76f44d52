"""One message as a row: its parts and its envelope, so that nobody joins lists again to send it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from mailweave.batch.attached import as_json
from mailweave.message import Email
from mailweave.message.headers import own, reply_to, sender

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
OWN: Final = ("return_path", "tags", "metadata", "attachments")
DRAWS: Final = "draws"
COLUMNS: Final = (*TEXTS, LISTED, DRAWS, *ENVELOPE, *OWN)
"""All are texts but `segments`, which is a list of them. `selection`, `headers`, `metadata` and `draws` are JSON objects,
`tags` and `attachments` JSON lists."""
JSON: Final = ("selection", "headers", "tags", "metadata", "attachments", DRAWS)
NO_DRAWS: Final = "{}"


@dataclass(frozen=True, slots=True)
class Row:
    """One message, and what was decided about it, in JSON. `selection`: slot to the names of its blocks. `draws`: of slots
    that drew one, `bucket` and `chances` of the eligible blocks."""

    email: Email
    selection: str
    segments: tuple[str, ...]
    draws: str = NO_DRAWS

    def values(self) -> tuple[Any, ...]:
        """The message in the order of COLUMNS, texts beyond ASCII as UTF-8.

        Raises UnicodeEncodeError for what has none, here and not where a whole shard is written.
        """
        email, envelope = self.email, self.email.envelope
        parts = (email.subject, email.html, email.text, email.amp)
        texts = (email.key, email.idempotency_key, *parts, self.selection)
        about = (
            envelope.to,
            envelope.to_name,
            sender(envelope),
            reply_to(envelope),
            email.message_id,
            envelope.unsubscribe_url,
            json.dumps(dict(own(envelope))),
            email.preheader,
        )
        return (*map(whole, texts), list(self.segments), *map(whole, (self.draws, *about, *own_of(email))))


def own_of(email: Email) -> tuple[str, str, str, str]:
    """What a mail has of the campaign's own, in the order of OWN."""
    return_path, _, tags, metadata = email.envelope[-4:]
    told = json.dumps(tags) if tags else "[]", json.dumps(dict(metadata)) if metadata else "{}"
    return return_path, *told, as_json(email.attachments)


def whole(text: str | None) -> str | bytes | None:
    """A text that can be written: as it is, or in UTF-8. Raises UnicodeEncodeError."""
    return text if text is None or text.isascii() else text.encode()

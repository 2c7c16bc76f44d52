"""The message itself, for a server of mail (RFC 5321): what `Email.as_bytes` gives, and nothing else.

Tags and metadata are for a provider's API; an SMTP server is told none.
"""

from __future__ import annotations

from types import MappingProxyType

from mailweave.delivery.payloads.form import Payload
from mailweave.delivery.payloads.unsupported import Refusals
from mailweave.message import Email

NAME = "smtp"


def write(email: Email, refusals: Refusals) -> Payload:
    """The message. It says all that a message can, so nothing is refused."""
    return Payload(
        refusals.provider, "", "", "", MappingProxyType({}), email.as_bytes(), (email.idempotency_key,)
    )

"""From a finished e-mail to the sender that takes it, and from what the sender tells back to declared events."""

from mailweave.delivery.payloads import (
    DROPPABLE,
    File,
    Form,
    Payload,
    Refusals,
    Refused,
    Unsupported,
    Writer,
    anymail_message,
    batches,
    payload,
    register,
)

__all__ = [
    "DROPPABLE",
    "File",
    "Form",
    "Payload",
    "Refusals",
    "Refused",
    "Unsupported",
    "Writer",
    "anymail_message",
    "batches",
    "payload",
    "register",
]

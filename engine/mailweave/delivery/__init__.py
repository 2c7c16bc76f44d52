"""From a finished e-mail to the sender that takes it, and from what the sender tells back to declared events."""

from mailweave.delivery import links
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
from mailweave.delivery.webhooks import DeliveryEvent, EventError, EventProvider, Person, Sns, events

__all__ = [
    "DROPPABLE",
    "DeliveryEvent",
    "EventError",
    "EventProvider",
    "File",
    "Form",
    "Payload",
    "Person",
    "Refusals",
    "Refused",
    "Sns",
    "Unsupported",
    "Writer",
    "anymail_message",
    "batches",
    "events",
    "links",
    "payload",
    "register",
]

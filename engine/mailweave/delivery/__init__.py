"""From a finished e-mail to the sender that takes it, and from what the sender tells back to declared events."""

from mailweave.delivery import links
from mailweave.delivery.payloads.anymail import anymail_message
from mailweave.delivery.payloads.batches import Refused, batches
from mailweave.delivery.payloads.form import File, Form, Payload
from mailweave.delivery.payloads.payload import payload
from mailweave.delivery.payloads.senders import Writer, register
from mailweave.delivery.payloads.unsupported import DROPPABLE, Refusals, Unsupported
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

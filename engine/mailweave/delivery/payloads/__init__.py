"""E-mails in the form of a provider's API: whole, or refused by name."""

from mailweave.delivery.payloads.anymail import anymail_message
from mailweave.delivery.payloads.batches import Refused, batches
from mailweave.delivery.payloads.form import File, Form, Payload
from mailweave.delivery.payloads.payload import payload
from mailweave.delivery.payloads.senders import Writer, register
from mailweave.delivery.payloads.unsupported import DROPPABLE, Refusals, Unsupported

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

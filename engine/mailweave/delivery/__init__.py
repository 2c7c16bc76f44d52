"""From a finished e-mail to the sender that takes it, and from what the sender tells back to declared events."""

from mailweave.delivery import links
from mailweave.delivery.webhooks import DeliveryEvent, EventError, EventProvider, Person, Sns, events

__all__ = ["DeliveryEvent", "EventError", "EventProvider", "Person", "Sns", "events", "links"]

"""Events back: what providers post, verified and in the words of declared events."""

from mailweave.delivery.webhooks.entrance import EventProvider, events
from mailweave.delivery.webhooks.event import DeliveryEvent, Kind, Person, Reason
from mailweave.delivery.webhooks.refusals import EventError
from mailweave.delivery.webhooks.ses import Sns

__all__ = ["DeliveryEvent", "EventError", "EventProvider", "Kind", "Person", "Reason", "Sns", "events"]

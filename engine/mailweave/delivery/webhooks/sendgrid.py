"""SendGrid's signed Event Webhook: a list of events, in which the mail's own arguments stand among the event's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

from mailweave.delivery.payloads.sendgrid import OWN
from mailweave.delivery.webhooks import signatures
from mailweave.delivery.webhooks.call import Call, Record, key_of
from mailweave.delivery.webhooks.event import DeliveryEvent, Kind, Reason
from mailweave.delivery.webhooks.programs import is_program

_SIGNATURE: Final = "x-twilio-email-event-webhook-signature"
_TIMESTAMP: Final = "x-twilio-email-event-webhook-timestamp"
_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "processed": "accepted",
        "dropped": "rejected",
        "delivered": "delivered",
        "deferred": "deferred",
        "bounce": "bounced",
        "open": "opened",
        "click": "clicked",
        "spamreport": "complained",
        "unsubscribe": "unsubscribed",
        "group_unsubscribe": "unsubscribed",
    }
)
_REASONS: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        "invalid": "invalid",
        "unsubscribed address": "unsubscribed",
        "bounce": "bounced",
        "bounced address": "bounced",
        "blocked": "blocked",
        "spam reporting address": "spam",
        "expired": "timed_out",
    }
)


def read(call: Call, keys: tuple[str, ...]) -> Iterator[DeliveryEvent]:
    """The events of a call whose signature is good. keys: public keys, as the settings of the webhook show them."""
    _check(call, keys)
    given = call.json()
    if not isinstance(given, list):
        call.unreadable("it is no list of events")
    yield from [_event(call, call.record(each)) for each in given]


def _check(call: Call, keys: tuple[str, ...]) -> None:
    signature, timestamp = signatures.decoded(call.header(_SIGNATURE)), call.header(_TIMESTAMP)
    said = timestamp.encode("utf-8", "replace") + call.body
    signed = [
        call.usable(partial(signatures.is_signed_by_curve, key, signature or b"", said)) for key in keys
    ]
    if not any(signed):
        call.forged()
    call.check_age(call.signed_at(timestamp))


def _event(call: Call, said: Record) -> DeliveryEvent:
    word = said.text("event") or call.unreadable("an event has no `event`")
    kind = _KINDS.get(word, "other")
    metadata = {name: text for name, text in said.metadata().items() if _is_given(name)}
    return DeliveryEvent(
        kind,
        f"sendgrid:{said.text('sg_event_id') or said.digest}",
        said.instant("timestamp") or call.now,
        "sendgrid",
        word,
        key_of(metadata),
        said.text("anymail_id", "smtp-id"),
        _machine(kind, said),
        said.text("url") if kind == "clicked" else "",
        said.text("type") != "blocked" if kind == "bounced" else None,
        _reason(kind, said),
        said.texts("category"),
        tuple(metadata.items()),
        call.person(
            address=said.text("email"),
            ip=said.text("ip"),
            user_agent=said.text("useragent"),
            answer="" if kind == "rejected" else said.text("response", "reason"),
        ),
    )


def _is_given(name: str) -> bool:
    """Whether a member is an argument of the mail."""
    return name not in OWN and not name.startswith("sg_")


def _machine(kind: Kind, said: Record) -> bool | None:
    if kind not in ("opened", "clicked"):
        return None
    told = said.flag("sg_machine_open")
    return is_program(said.text("useragent")) or told


def _reason(kind: Kind, said: Record) -> Reason:
    match kind:
        case "rejected":
            return _REASONS.get(said.text("type", "reason").lower(), "other")
        case "bounced":
            return "blocked" if said.text("type") == "blocked" else "bounced"
        case "complained":
            return "spam"
        case _:  # nothing went wrong
            return ""

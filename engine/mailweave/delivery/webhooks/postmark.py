"""Postmark's webhooks: one event. They are not signed: the name and password in the address of the webhook tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mailweave.delivery.webhooks import signatures
from mailweave.delivery.webhooks.call import Call, Record, key_of
from mailweave.delivery.webhooks.event import DeliveryEvent, Kind, Reason
from mailweave.delivery.webhooks.programs import is_program


class _Meaning(NamedTuple):
    kind: Kind
    reason: Reason = ""
    permanent: bool | None = None


_RECORDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "Bounce": "bounced",
        "Click": "clicked",
        "Delivery": "delivered",
        "Open": "opened",
        "SpamComplaint": "complained",
        "SubscriptionChange": "unsubscribed",
    }
)
_TYPES: Final[Mapping[str, _Meaning]] = MappingProxyType(
    {
        "HardBounce": _Meaning("bounced", "bounced", True),
        "SoftBounce": _Meaning("bounced", "bounced", False),
        "VirusNotification": _Meaning("bounced", "other"),
        "Transient": _Meaning("deferred"),
        "DnsError": _Meaning("deferred"),
        "OpenRelayTest": _Meaning("deferred"),
        "SpamNotification": _Meaning("complained", "spam"),
        "SpamComplaint": _Meaning("complained", "spam"),
        "Unsubscribe": _Meaning("unsubscribed", "unsubscribed"),
        "ManualSuppression": _Meaning("unsubscribed", "unsubscribed"),
        "BadEmailAddress": _Meaning("rejected", "invalid"),
        "ManuallyDeactivated": _Meaning("rejected", "blocked"),
        "Blocked": _Meaning("rejected", "blocked"),
        "DMARCPolicy": _Meaning("rejected", "blocked"),
        "Unconfirmed": _Meaning("rejected"),
        "SMTPApiError": _Meaning("rejected"),
        "TemplateRenderingFailed": _Meaning("rejected"),
        "Subscribe": _Meaning("other"),
        "AutoResponder": _Meaning("other"),
        "AddressChange": _Meaning("other"),
        "ChallengeVerification": _Meaning("other"),
        "InboundError": _Meaning("other"),
        "Unknown": _Meaning("other"),
    }
)
"""Types of bounces, which are also reasons of suppression."""


def read(call: Call, keys: tuple[str, ...]) -> Iterator[DeliveryEvent]:
    """The event of a call that knows a name and password. keys: `NAME:PASSWORD` of the webhook's address."""
    allowed = [signatures.basic(each) for each in keys]
    if not signatures.is_one_of(call.header("authorization").encode("utf-8", "replace"), allowed):
        call.forged()
    yield _event(call, call.record(call.json()))


def _event(call: Call, said: Record) -> DeliveryEvent:
    record = said.text("RecordType") or call.unreadable("the event has no `RecordType`")
    kind, reason, permanent = _meaning(record, said)
    metadata = said.below("Metadata").metadata()
    geo = said.below("Geo")
    return DeliveryEvent(
        kind,
        f"postmark:{said.digest}",
        said.instant("DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt") or call.now,
        "postmark",
        record,
        key_of(metadata),
        metadata.get("anymail_id", said.text("MessageID")),
        is_program(said.text("UserAgent")) if kind in ("opened", "clicked") else None,
        said.text("OriginalLink") if kind == "clicked" else "",
        permanent,
        reason,
        tuple(filter(None, said.texts("Tag"))),
        tuple(metadata.items()),
        call.person(
            address=said.text("Email", "Recipient"),
            ip=geo.text("IP"),
            user_agent=said.text("UserAgent"),
            answer=said.text("Details"),
        ),
    )


def _meaning(record: str, said: Record) -> _Meaning:
    kind = _RECORDS.get(record, "other")
    if kind == "unsubscribed":
        if said.flag("SuppressSending") is False:
            return _TYPES["Subscribe"]
        return _TYPES.get(said.text("SuppressionReason"), _Meaning(kind))
    if kind in ("bounced", "complained"):
        return _TYPES.get(said.text("Type"), _Meaning(kind))
    return _Meaning(kind)

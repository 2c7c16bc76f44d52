"""Mailgun's webhooks: one event; the signature is over a time and a token, and stands in the body."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from mailweave.delivery.webhooks import signatures
from mailweave.delivery.webhooks.call import Call, Record, key_of
from mailweave.delivery.webhooks.event import DeliveryEvent, Kind, Reason
from mailweave.delivery.webhooks.programs import is_program

_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "accepted": "accepted",
        "rejected": "rejected",
        "delivered": "delivered",
        "failed": "bounced",
        "opened": "opened",
        "clicked": "clicked",
        "unsubscribed": "unsubscribed",
        "complained": "complained",
    }
)
_REASONS: Final[Mapping[str, Reason]] = MappingProxyType(
    {
        "bounce": "bounced",
        "suppress-bounce": "bounced",
        "suppress-complaint": "spam",
        "suppress-unsubscribe": "unsubscribed",
        "espblock": "blocked",
    }
)


def read(call: Call, keys: tuple[str, ...]) -> Iterator[DeliveryEvent]:
    """The event of a call whose signature is good. keys: signing keys of webhooks."""
    given = call.record(call.json())
    _check(call, given.below("signature"), keys)
    yield _event(call, call.record(given.values.get("event-data")))


def _check(call: Call, said: Record, keys: tuple[str, ...]) -> None:
    timestamp, token, signature = said.text("timestamp"), said.text("token"), said.text("signature")
    if not (timestamp and token and signature):
        call.unsigned("its body has no `signature`")
    message = (timestamp + token).encode("utf-8", "replace")
    allowed = [signatures.hmac_sha256(key.encode(), message).hex().encode() for key in keys]
    if not signatures.is_one_of(signature.encode("utf-8", "replace"), allowed):
        call.forged()
    call.check_age(call.signed_at(timestamp))


def _event(call: Call, said: Record) -> DeliveryEvent:
    word = said.text("event") or call.unreadable("the event has no `event`")
    kind, at = _KINDS.get(word, "other"), said.instant("timestamp")
    kind = "deferred" if kind == "bounced" and said.text("severity") == "temporary" else kind
    client, metadata = said.below("client-info"), said.below("user-variables").metadata()
    own = f"{said.text('id')}@{at.date()}" if at and said.text("id") else said.digest  # unique within a day
    return DeliveryEvent(
        kind,
        f"mailgun:{own}",
        at or call.now,
        "mailgun",
        word,
        key_of(metadata),
        _message_id(said),
        _machine(client) if kind in ("opened", "clicked") else None,
        said.text("url") if kind == "clicked" else "",
        {"permanent": True}.get(said.text("severity")) if kind == "bounced" else None,
        _reason(kind, said),
        said.texts("tags"),
        tuple(metadata.items()),
        call.person(
            address=said.text("recipient"),
            ip=said.text("ip"),
            user_agent=client.text("user-agent"),
            answer=said.below("delivery-status").text("message"),
        ),
    )


def _message_id(said: Record) -> str:
    found = said.below("message").below("headers").text("message-id")
    return f"<{found}>" if found and not found.startswith("<") else found


def _machine(client: Record) -> bool | None:
    """`bot` names the program, and is empty for people."""
    if isinstance(client.values.get("bot"), str):
        return client.text("bot") != ""
    return is_program(client.text("user-agent"))


def _reason(kind: Kind, said: Record) -> Reason:
    if said.text("reason"):
        return _REASONS.get(said.text("reason"), "other")
    return "other" if kind == "rejected" else "spam" if kind == "complained" else ""

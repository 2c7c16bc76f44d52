"""Resend's webhooks, signed by Svix (the form of Standard Webhooks): one event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from mailweave.delivery.webhooks import signatures
from mailweave.delivery.webhooks.call import Call, Record, in_headers, key_of
from mailweave.delivery.webhooks.event import DeliveryEvent, Kind, Reason
from mailweave.delivery.webhooks.programs import is_program

_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "email.sent": "accepted",
        "email.delivered": "delivered",
        "email.delivery_delayed": "deferred",
        "email.bounced": "bounced",
        "email.failed": "rejected",
        "email.suppressed": "rejected",
        "email.complained": "complained",
        "email.opened": "opened",
        "email.clicked": "clicked",
    }
)
_PERMANENT: Final[Mapping[str, bool]] = MappingProxyType({"Permanent": True, "Transient": False})


def read(call: Call, keys: tuple[str, ...]) -> Iterator[DeliveryEvent]:
    """The event of a call whose signature is good. keys: signing secrets, `whsec_..`."""
    id = _check(call, keys)
    yield _event(call, call.record(call.json()), id)


def _check(call: Call, keys: tuple[str, ...]) -> str:
    id, timestamp = call.header("svix-id"), call.header("svix-timestamp")
    said = f"{id}.{timestamp}.".encode("utf-8", "replace") + call.body
    given = (each.partition(",") for each in call.header("svix-signature").split())
    found = [signatures.decoded(text) or b"" for version, _, text in given if version == "v1"]
    allowed = [signatures.hmac_sha256(_secret(call, key), said) for key in keys]
    if not any(signatures.is_one_of(each, allowed) for each in found):
        call.forged()
    call.check_age(call.signed_at(timestamp))
    return id


def _secret(call: Call, key: str) -> bytes:
    return signatures.decoded(key.removeprefix("whsec_")) or call.unusable("a secret is no base64")


def _event(call: Call, said: Record, id: str) -> DeliveryEvent:
    word = said.text("type") or call.unreadable("the event has no `type`")
    kind, data = _KINDS.get(word, "other"), said.below("data")
    bounce, click, opened = data.below("bounce"), data.below("click"), data.below("open")
    tags, metadata = _given(data)
    agent = click.text("userAgent") or opened.text("userAgent")
    return DeliveryEvent(
        kind,
        f"resend:{id}",
        said.instant("created_at") or call.now,
        "resend",
        word,
        key_of(metadata),
        data.text("email_id"),
        is_program(agent) if kind in ("opened", "clicked") else None,
        click.text("link") if kind == "clicked" else "",
        _PERMANENT.get(bounce.text("type")) if kind == "bounced" else None,
        _reason(kind, word, bounce),
        tags,
        tuple(metadata.items()),
        call.person(
            address=next(iter(data.texts("to")), ""),
            ip=click.text("ipAddress") or opened.text("ipAddress"),
            user_agent=agent,
            answer=bounce.text("message"),
        ),
    )


def _given(data: Record) -> tuple[tuple[str, ...], dict[str, str]]:
    """Tags and metadata: Resend's own tags are names with values; others travel in headers of the mail."""
    tags, metadata = in_headers(data.records("headers"))
    pairs = {each.text("name"): each.text("value") for each in data.records("tags")}
    return tags, {**metadata, **pairs, **data.below("tags").metadata()}


def _reason(kind: Kind, word: str, bounce: Record) -> Reason:
    if word == "email.suppressed" or bounce.text("subType") in ("Suppressed", "OnAccountSuppressionList"):
        return "blocked"
    return {"bounced": "bounced", "rejected": "other", "complained": "spam"}.get(kind, "")  # type: ignore[return-value]

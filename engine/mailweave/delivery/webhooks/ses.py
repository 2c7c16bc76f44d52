"""Events of Amazon SES, by a topic of Amazon SNS, which signs them with a certificate of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from mailweave.delivery.webhooks import signatures
from mailweave.delivery.webhooks.call import Call, Record, in_headers, key_of
from mailweave.delivery.webhooks.event import DeliveryEvent, Kind, Reason
from mailweave.delivery.webhooks.programs import is_program
from mailweave.delivery.webhooks.refusals import refuse

_HOST: Final = r"https://sns\.[a-z0-9-]{3,40}\.amazonaws\.com(?:\.cn)?/"
_CERTIFICATE: Final = re.compile(rf"{_HOST}SimpleNotificationService-[A-Za-z0-9]{{1,80}}\.pem")
_CONFIRMATION: Final = re.compile(rf"{_HOST}\?\S*")
_NOTE: Final = "Successfully validated SNS topic for Amazon SES event publishing."
_NOTIFIED: Final = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_CONFIRMED: Final = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"Notification": _NOTIFIED, "SubscriptionConfirmation": _CONFIRMED, "UnsubscribeConfirmation": _CONFIRMED}
)
_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "Send": "accepted",
        "Delivery": "delivered",
        "DeliveryDelay": "deferred",
        "Bounce": "bounced",
        "Reject": "rejected",
        "Rendering Failure": "rejected",
        "Complaint": "complained",
        "Open": "opened",
        "Click": "clicked",
    }
)
_REASONS: Final[Mapping[str, Reason]] = MappingProxyType(
    {"Bounce": "bounced", "Complaint": "spam", "Reject": "blocked"}
)
_DETAILS: Final[Mapping[str, str]] = MappingProxyType(
    {"DeliveryDelay": "deliveryDelay", "Rendering Failure": "failure"}
)
_PERMANENT: Final[Mapping[str, bool]] = MappingProxyType({"Permanent": True, "Transient": False})


@dataclass(frozen=True, slots=True)
class Sns:
    """Whom to believe: your own topics, by their ARNs, and what fetches a certificate.

    `certificate` gets an address that lies at Amazon SNS and gives the PEM file; it should keep it, and it decides how
    long it waits. What it raises goes through.
    """

    topics: tuple[str, ...]
    certificate: Callable[[str], bytes | str]


def read(call: Call, keys: Sns) -> Iterator[DeliveryEvent]:
    """The events of a call whose signature is good; one for each recipient that it names."""
    given = call.record(call.json())
    _check(call, given, keys)
    word = given.text("Type")
    if word != "Notification":
        url = given.text("SubscribeURL")
        url = url if _CONFIRMATION.fullmatch(url) else ""
        yield _other(call, given, word, url)
    elif given.text("Message") == _NOTE:
        yield _other(call, given, word, "")
    else:
        yield from _events(call, given, call.record(call.json(given.text("Message"))))


def _check(call: Call, given: Record, keys: Sns) -> None:
    names = _SIGNED.get(given.text("Type")) or call.unsigned("it is no message of Amazon SNS")
    if given.text("TopicArn") not in keys.topics:
        refuse("MW747", call.provider)
    if not _CERTIFICATE.fullmatch(given.text("SigningCertURL")):
        refuse("MW746", call.provider)
    version, signature = given.text("SignatureVersion"), signatures.decoded(given.text("Signature"))
    if version not in ("1", "2") or not signature:
        call.unsigned("it has no signature of version 1 or 2")
    said = "".join(f"{name}\n{given.text(name)}\n" for name in names if name in given.values)
    pem = keys.certificate(given.text("SigningCertURL"))
    found = call.usable(lambda: signatures.certificate(pem))
    _check_dates(call, found)
    signed = signatures.is_signed_by_certificate
    text = said.encode("utf-8", "replace")
    if not call.usable(lambda: signed(found, signature, text, sha1=version == "1")):
        call.forged()
    call.check_age(given.instant("Timestamp"))


def _check_dates(call: Call, certificate: Any) -> None:
    if not certificate.not_valid_before_utc <= call.now <= certificate.not_valid_after_utc:
        call.unusable("the certificate is not good at this time")


def _other(call: Call, given: Record, word: str, url: str) -> DeliveryEvent:
    id, at = given.text("MessageId") or given.digest, given.instant("Timestamp") or call.now
    return DeliveryEvent("other", f"ses:{id}", at, "ses", word, url=url)


def _events(call: Call, given: Record, said: Record) -> Iterator[DeliveryEvent]:
    word = said.text("eventType", "notificationType") or call.unreadable("the event has no `eventType`")
    mail = said.below("mail")
    about = said.below(_DETAILS.get(word, word.lower()))
    kind = _kind(word, about)
    tags, metadata = in_headers(mail.records("headers"))
    metadata |= _own_tags(mail.below("tags"))
    id, at = given.text("MessageId") or given.digest, given.instant("Timestamp") or call.now
    for number, (address, answer) in enumerate(_recipients(about, mail)):
        yield DeliveryEvent(
            kind,
            f"ses:{id}.{number}" if number else f"ses:{id}",
            about.instant("timestamp") or at,
            "ses",
            word,
            key_of(metadata),
            mail.text("messageId"),
            is_program(about.text("userAgent")) if kind in ("opened", "clicked") else None,
            about.text("link") if kind == "clicked" else "",
            _PERMANENT.get(about.text("bounceType")) if kind == "bounced" else None,
            _REASONS.get(word, "other" if kind == "rejected" else ""),
            tags,
            tuple(metadata.items()),
            call.person(
                address=address, ip=about.text("ipAddress"), user_agent=about.text("userAgent"), answer=answer
            ),
        )


def _own_tags(tags: Record) -> dict[str, str]:
    """Tags of the message: names with values. Those of SES itself say so."""
    named = {name: tags.texts(name) for name in tags.values if not name.startswith("ses:")}
    return {name: values[0] for name, values in named.items() if values}


def _kind(word: str, about: Record) -> Kind:
    if word == "Subscription" and about.below("newTopicPreferences").flag("unsubscribeAll"):
        return "unsubscribed"
    return _KINDS.get(word, "other")


def _recipients(about: Record, mail: Record) -> list[tuple[str, str]]:
    """Addresses of those whom an event is about, with what their servers answered; never nobody."""
    named = [
        (each.text("emailAddress"), each.text("diagnosticCode"))
        for name in ("bouncedRecipients", "complainedRecipients", "delayedRecipients")
        for each in about.records(name)
    ]
    plain = about.texts("recipients") or mail.texts("destination")
    return named or [(each, about.text("smtpResponse")) for each in plain] or [("", "")]

"""From the call of a provider to declared events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, get_args

from mailweave.delivery.webhooks import mailgun, postmark, resend, sendgrid, ses
from mailweave.delivery.webhooks.call import Call, Headers
from mailweave.delivery.webhooks.event import DeliveryEvent
from mailweave.delivery.webhooks.refusals import refuse
from mailweave.diagnostics import ArgumentError, did_you_mean
from mailweave.values.invalid_value import type_name

EventProvider: TypeAlias = Literal["ses", "sendgrid", "mailgun", "postmark", "resend"]
"""Who sends events that are understood."""

PROVIDERS: Final[tuple[EventProvider, ...]] = get_args(EventProvider)
_SIMPLE: Final = MappingProxyType(
    {"sendgrid": sendgrid.read, "mailgun": mailgun.read, "postmark": postmark.read, "resend": resend.read}
)
_CALLED: Final[Mapping[str, EventProvider]] = MappingProxyType({"ses-v2": "ses", "sendgrid-v3": "sendgrid"})
"""The names of their APIs, as `payload` takes them."""
_TOLERANCE: Final = MappingProxyType({"resend": timedelta(minutes=5)})
_LONG: Final = timedelta(hours=24)  # the others may repeat a call with the time of the first


def events(
    provider: EventProvider | Literal["ses-v2", "sendgrid-v3"],
    headers: Headers,
    body: bytes,
    *,
    keys: str | Sequence[str] | ses.Sns,
    now: datetime,
    tolerance: timedelta | None = None,
    personal: bool = False,
) -> tuple[DeliveryEvent, ...]:
    """What a provider's call says, if the provider made it. All of its events, those of unknown kinds as `other`.

    provider: also by the name of its API, `ses-v2` and `sendgrid-v3`. headers: those of the request, in any case.
    body: as it came, byte for byte. keys: an `Sns` for `ses`, the public key for `sendgrid`, the signing key for
    `mailgun` and `resend`, `NAME:PASSWORD` for `postmark`; any of several while keys are changed. now: the instant
    of the call, with a zone. tolerance: how far a signature may be from it; by default five minutes for `resend`,
    24 hours for the others. personal: whether events say who it was, as `person`.

    Raises EventError for a provider that there is not (MW740), keys that cannot be used (MW741), a call without a
    signature (MW742), of somebody else (MW743, MW746, MW747), too old (MW744), or of another form (MW745), and
    ArgumentError for a `now` without a zone and a body that is no bytes.
    """
    provider = _CALLED.get(provider, provider)
    if provider not in PROVIDERS:
        refuse(
            "MW740",
            str(provider),
            providers=", ".join(PROVIDERS),
            help=did_you_mean(str(provider), PROVIDERS),
        )
    _check_times(now, tolerance)
    if not isinstance(body, bytes):
        raise ArgumentError("MW040", "body", "the bytes of the request", type_name(body))
    named = _by_name(headers)
    wait = _TOLERANCE.get(provider, _LONG) if tolerance is None else tolerance
    call = Call(provider, named, body, now.astimezone(UTC), wait, personal)
    if provider == "ses":
        return tuple(ses.read(call, _topics(keys)))
    return tuple(_SIMPLE[provider](call, _texts(provider, keys)))


def _check_times(now: object, tolerance: object) -> None:
    if not isinstance(now, datetime) or now.tzinfo is None:
        what = type_name(now) if not isinstance(now, datetime) else "one without"
        raise ArgumentError("MW040", "now", "a datetime with a zone", what)
    if tolerance is not None and not isinstance(tolerance, timedelta):
        raise ArgumentError("MW040", "tolerance", "a timedelta", type_name(tolerance))


def _by_name(headers: object) -> dict[str, str]:
    """Headers by their names in lower case; ASGI has both as bytes."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    try:
        return {_text(name).lower(): _text(value) for name, value in pairs}  # type: ignore[attr-defined]  # or TypeError
    except (TypeError, ValueError):
        raise ArgumentError("MW040", "headers", "a mapping of texts, or pairs", type_name(headers)) from None


def _text(given: object) -> str:
    if isinstance(given, bytes):
        return given.decode("latin-1")
    if not isinstance(given, str):
        raise TypeError
    return given


def _topics(keys: object) -> ses.Sns:
    topics: object = keys.topics if isinstance(keys, ses.Sns) else ()
    if not isinstance(keys, ses.Sns) or not topics or isinstance(topics, str):  # a text holds parts of itself
        refuse("MW741", "ses", what="they should be an `Sns` that names your topics")
    return keys


def _texts(provider: str, keys: object) -> tuple[str, ...]:
    many = (keys,) if isinstance(keys, str) else tuple(keys) if isinstance(keys, list | tuple) else ()
    if not many or not all(isinstance(key, str) and key for key in many):
        refuse("MW741", provider, what="they should be a text or several, none of them empty")
    return many

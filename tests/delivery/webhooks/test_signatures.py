"""A call that its provider did not sign is refused, by a code that says why."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from mailweave import ArgumentError
from mailweave.delivery import EventError, Sns, events
from mailweave.delivery.webhooks.entrance import PROVIDERS, EventProvider
from tests.delivery.webhooks.calls import (
    CASES,
    CERTIFICATE,
    KEYS,
    NOW,
    PEM,
    TOPIC,
    Request,
    certificate,
    mailgun,
    public,
    request,
    sns,
    svix,
)

BODIES = {provider: CASES[provider][0]["body"] for provider in PROVIDERS}
SIGNED = ("sendgrid", "mailgun", "resend")
OTHERS: dict[EventProvider, Any] = {
    "sendgrid": public(ec.generate_private_key(ec.SECP256R1())),
    "mailgun": secrets.token_hex(16),
    "postmark": "mailweave:another",
    "resend": base64.b64encode(secrets.token_bytes(24)).decode(),
    "ses": Sns((TOPIC,), lambda _: certificate(rsa.generate_private_key(65537, 2048))),
}


def code(call: Request, **asked: Any) -> str:
    with pytest.raises(EventError) as found:
        call.read(**asked)
    told = str(found.value) + repr(found.value.diagnostics)
    assert "ann@example.com" not in told
    return found.value.code


@pytest.mark.parametrize("provider", PROVIDERS)
def test_another_key_is_refused_and_one_of_several_is_taken(provider: EventProvider) -> None:
    call, other = request(provider, BODIES[provider]), OTHERS[provider]
    assert code(call, keys=other) == "MW743"
    if provider != "ses":
        assert call.read(keys=[other, call.keys]) == call.read(keys=(call.keys, other)) == call.read()


@given(st.sampled_from([*SIGNED, "ses"]), st.data())
def test_no_changed_call_is_read(provider: EventProvider, data: st.DataObject) -> None:
    call = request(provider, BODIES[provider])
    at = data.draw(st.integers(0, len(call.body) - 1))
    changed = call.body[:at] + bytes([data.draw(st.integers(0, 255))]) + call.body[at + 1 :]
    if provider == "mailgun" and not _in_signature(call.body, at):
        return  # its signature is over a time and a token, and says nothing of the rest
    found = outcome(replace(call, body=changed))
    assert found == call.read(personal=True) or found in (
        "MW742",
        "MW743",
        "MW744",
        "MW745",
        "MW746",
        "MW747",
    )


def outcome(call: Request) -> Any:
    """The events, or the code of the refusal."""
    try:
        return call.read(personal=True)
    except EventError as refusal:
        return refusal.code


def _in_signature(body: bytes, at: int) -> bool:
    return at >= body.index(b'"signature": {')


@pytest.mark.parametrize("provider", SIGNED)
def test_old_and_future_calls_are_refused(provider: EventProvider) -> None:
    call, limit = request(provider, BODIES[provider]), timedelta(minutes=10)
    sent = NOW.replace(second=0)
    assert call.read(now=sent + limit, tolerance=limit) == call.read(now=sent - limit, tolerance=limit)
    assert code(call, now=sent + limit + timedelta(seconds=1), tolerance=limit) == "MW744"
    assert code(call, now=sent - limit - timedelta(seconds=1), tolerance=limit) == "MW744"
    days = timedelta(minutes=6) if provider == "resend" else timedelta(hours=25)
    assert code(call, now=sent + days) == "MW744"


@pytest.mark.parametrize("sent", ["", "soon", "-1", "1e9", "9" * 15, "9" * 400, "１７９５３３８０００"])
@pytest.mark.parametrize("provider", SIGNED)
def test_a_time_that_is_none_is_refused(provider: EventProvider, sent: str) -> None:
    assert code(request(provider, BODIES[provider], sent)) in ("MW742", "MW744")


@pytest.mark.parametrize("provider", ["sendgrid", "postmark", "resend"])
def test_a_call_without_its_headers_is_refused(provider: EventProvider) -> None:
    call = request(provider, BODIES[provider])
    for name in call.headers:
        assert code(call.but(**{name: ""})) == "MW742"
        assert code(call.but(**{name: "Ω \ud800"})) in ("MW742", "MW743")
    upper = replace(call, headers={name.upper(): text for name, text in call.headers.items()})
    assert upper.read() == replace(upper, headers=list(call.headers.items())).read()  # type: ignore[arg-type]


def test_a_call_of_mailgun_without_its_signature_is_refused() -> None:
    body = BODIES["mailgun"]
    wrong: tuple[Any, ...] = ({}, {**mailgun(), "token": ""}, {**mailgun(), "signature": 1}, [])
    for signature in wrong:
        call = replace(request("mailgun", body), body=json.dumps({**body, "signature": signature}).encode())
        assert code(call) == "MW742"


def test_resend_may_sign_with_several_secrets_and_versions() -> None:
    call = request("resend", BODIES["resend"])
    good, old = call.headers["svix-signature"], svix(OTHERS["resend"], call.body)
    for both in (f"{old} {good}", f"{good} {old}", f"v2,abc v1,*** v1a,x {good}"):
        assert call.but(**{"svix-signature": both}).read() == call.read()
    for neither in (old, good.replace("v1,", "v2,"), good.removeprefix("v1,"), "v1,", "v1"):
        assert code(call.but(**{"svix-signature": neither})) == "MW743"
    assert code(call.but(**{"svix-id": "msg_2c"})) == "MW743"


def test_sns_signs_in_two_versions() -> None:
    said = {"Type": "Notification", "Message": json.dumps(BODIES["ses"]), "Subject": "Amazon SES"}
    assert sns(said, "1").read() == sns(said, "2").read()
    assert code(sns(said, "1", SignatureVersion="2")) == "MW743"
    assert code(sns(said, SignatureVersion="3")) == "MW742"
    assert code(sns(said, Signature="***")) == "MW742"
    assert code(sns(said, Subject="another")) == "MW743"
    assert code(sns(said, Type="SubscriptionConfirmation")) == "MW743"
    assert code(sns(said, Type="Other")) == "MW742"


def test_topics_of_others_are_refused_though_amazon_signs_them() -> None:
    said = {"Type": "Notification", "Message": json.dumps(BODIES["ses"])}
    assert code(sns({**said, "TopicArn": "arn:aws:sns:eu-west-1:666666666666:mail"})) == "MW747"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-a.pem",
        "https://evil.example/sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-a.pem",
        "https://sns.eu-west-1.amazonaws.com:8080/SimpleNotificationService-a.pem",
        "https://sns.eu-west-1.amazonaws.com/bucket/../x.pem",
        "https://s3.amazonaws.com/SimpleNotificationService-a.pem",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.pem?x",
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-a.pem\n",
    ],
)
def test_a_certificate_from_elsewhere_is_never_fetched(url: str) -> None:
    asked: list[str] = []
    said = {"Type": "Notification", "Message": json.dumps(BODIES["ses"])}
    keys = Sns((TOPIC,), lambda address: asked.append(address) or PEM)  # type: ignore[func-returns-value]
    assert code(sns(said, SigningCertURL=url), keys=keys) == "MW746"
    assert asked == []
    sns(said).read(keys=keys)
    assert asked == [CERTIFICATE]


@pytest.mark.parametrize(
    "pem",
    [b"", b"no certificate", PEM[:200], certificate(ec.generate_private_key(ec.SECP256R1()))],
    ids=["empty", "text", "cut", "curve"],
)
def test_a_certificate_that_is_of_no_use_is_told(pem: bytes) -> None:
    assert code(request("ses", BODIES["ses"]), keys=Sns((TOPIC,), lambda _: pem)) == "MW741"


def test_a_certificate_that_has_ended_is_refused() -> None:
    ended = certificate(rsa.generate_private_key(65537, 2048), days=-1)
    assert code(request("ses", BODIES["ses"]), keys=Sns((TOPIC,), lambda _: ended)) == "MW741"


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    "keys",
    [
        "",
        [],
        [""],
        None,
        1,
        {"a": 1},
        Sns((), lambda _: PEM),
        Sns(cast("Any", f"{TOPIC}-other"), lambda _: PEM),
    ],
)
def test_keys_of_another_kind_are_refused(provider: EventProvider, keys: Any) -> None:
    assert code(request(provider, BODIES[provider]), keys=keys) == "MW741"


@pytest.mark.parametrize("provider", ["sendgrid", "resend"])
@pytest.mark.parametrize("key", ["***", "no key", base64.b64encode(PEM).decode()])
def test_keys_that_cannot_be_read_are_told(provider: EventProvider, key: str) -> None:
    call = request(provider, BODIES[provider])
    assert code(call, keys=key) in (("MW741", "MW743") if provider == "resend" else ("MW741",))


def test_a_provider_is_known_by_the_name_of_its_api_too() -> None:
    call = request("sendgrid", BODIES["sendgrid"])
    told = events("sendgrid-v3", call.headers, call.body, keys=call.keys, now=NOW)
    assert told == call.read()


def test_headers_may_be_those_of_asgi() -> None:
    call = request("resend", BODIES["resend"])
    raw = [(name.encode(), value.encode()) for name, value in call.headers.items()]
    assert events("resend", raw, call.body, keys=call.keys, now=NOW) == call.read()


@pytest.mark.parametrize(
    "wrong", [{"now": "x"}, {"tolerance": 5}, {"headers": None}, {"headers": {"a": ["b"]}}, {"headers": [1]}]
)
def test_what_is_of_another_type_is_the_callers_mistake(wrong: dict[str, Any]) -> None:
    call = request("mailgun", BODIES["mailgun"])
    given = {"headers": call.headers, "now": NOW, **wrong}
    with pytest.raises(ArgumentError):
        events("mailgun", given.pop("headers"), call.body, keys=call.keys, **given)


def test_a_body_that_is_a_text_is_the_callers_mistake() -> None:
    with pytest.raises(ArgumentError, match="body: expected the bytes"):
        events("resend", {}, "{}", keys="x", now=NOW)  # type: ignore[arg-type]


def test_a_provider_that_there_is_not_is_told() -> None:
    with pytest.raises(EventError, match="MW740") as found:
        events("sendgird", {}, b"", keys="x", now=NOW)  # type: ignore[arg-type]
    assert "did you mean `sendgrid`?" in found.value.diagnostics[0].help


def test_an_instant_without_a_zone_is_the_callers_mistake() -> None:
    with pytest.raises(ArgumentError):
        request("resend", BODIES["resend"]).read(now=datetime(2026, 11, 22))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["Bounce", "open"]),
    lambda each: (
        st.lists(each, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "event type eventType RecordType mail bounce data headers tags timestamp created_at event-data name value"
                " client-info user-variables message delivery-status severity reason signature category to".split()
            ),
            each,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.sampled_from(PROVIDERS), JSON)
def test_any_json_that_is_signed_is_read_or_refused(provider: EventProvider, value: Any) -> None:
    if provider == "mailgun" and not isinstance(value, dict):
        return
    found = outcome(request(provider, value))
    if found == "MW745":
        return
    for event in found:
        json.dumps(event.as_event("1"))
        assert event.at.tzinfo is not None


HEADERS = st.sampled_from(
    "authorization svix-id svix-timestamp svix-signature X-Twilio-Email-Event-Webhook-Signature"
    " X-Twilio-Email-Event-Webhook-Timestamp x-amz-sns-message-type".split()
)


@given(
    st.sampled_from(PROVIDERS),
    st.dictionaries(HEADERS, st.text(max_size=30)),
    st.binary(max_size=80) | JSON.map(lambda value: json.dumps(value).encode()),
)
def test_no_junk_gives_anything_but_a_typed_error(
    provider: EventProvider, headers: dict[str, str], body: bytes
) -> None:
    with pytest.raises(EventError):
        events(provider, headers, body, keys=KEYS[provider], now=NOW)

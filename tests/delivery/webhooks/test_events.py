"""What each provider documents comes out as the event that it is."""

from __future__ import annotations

from typing import Any

import pytest

from mailweave.delivery import EventError
from mailweave.delivery.webhooks.entrance import EventProvider
from tests.delivery.webhooks.calls import ALL, CASES, KEY, NAMES, NOW, request, sns


@pytest.mark.parametrize(("provider", "case"), ALL, ids=NAMES)
def test_a_documented_call_says_what_happened(provider: EventProvider, case: dict[str, Any]) -> None:
    found = request(provider, case["body"]).read()
    assert len(found) == len(case["says"])
    for event, says in zip(found, case["says"], strict=True):
        expected = {"key": KEY, "reason": "", "permanent": None, "machine": None, "url": "", **says}
        assert {name: getattr(event, name) for name in expected} == expected
        assert event.provider == provider


@pytest.mark.parametrize(("provider", "case"), ALL, ids=NAMES)
def test_nobody_is_named_unless_that_is_asked_for(provider: EventProvider, case: dict[str, Any]) -> None:
    call = request(provider, case["body"])
    for event in call.read():
        assert event.person is None
        told = f"{event!r} {event.as_event()}"
        assert not any(word in told for word in ("@example.com", "198.51.100.7", "Mozilla", "550"))
    shown = call.read(personal=True)
    assert all(event.person is not None for event in shown)
    assert not any("@example.com" in repr(event) for event in shown)


@pytest.mark.parametrize(("provider", "case"), ALL, ids=NAMES)
def test_an_event_that_is_told_twice_is_one(provider: EventProvider, case: dict[str, Any]) -> None:
    """A provider that had no answer calls again, with another signature."""
    first, again = request(provider, case["body"]), request(provider, case["body"], "1795338020")
    ids = [event.id for event in first.read()]
    assert ids == [event.id for event in again.read()]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("provider", CASES)
def test_events_of_a_provider_differ_in_their_ids(provider: EventProvider) -> None:
    if provider in ("postmark",):  # whose events have no names of their own
        ids = [event.id for case in CASES[provider] for event in request(provider, case["body"]).read()]
        assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("kind", ["SubscriptionConfirmation", "UnsubscribeConfirmation"])
def test_a_topic_that_asks_to_be_confirmed_says_where(kind: str) -> None:
    url = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37"
    said = {"Type": kind, "Token": "2336412f37", "Message": "Visit the URL", "SubscribeURL": url}
    (event,) = sns(said).read()
    assert (event.kind, event.provider_kind, event.url) == ("other", kind, url)
    (event,) = sns({**said, "SubscribeURL": "https://evil.example/?a"}).read()
    assert event.url == ""


def test_the_note_of_a_new_topic_is_no_mistake() -> None:
    note = "Successfully validated SNS topic for Amazon SES event publishing."
    (event,) = sns({"Type": "Notification", "Message": note}).read()
    assert event.kind == "other"
    with pytest.raises(EventError, match="MW745"):
        sns({"Type": "Notification", "Message": "Something else"}).read()


def test_an_event_without_a_time_has_that_of_the_call() -> None:
    (event,) = request("postmark", {"RecordType": "Teleport"}).read()
    assert event.at == NOW


@pytest.mark.parametrize(
    ("provider", "content"),
    [
        ("sendgrid", {}),
        ("sendgrid", [1]),
        ("sendgrid", [{"email": "ann@example.com"}]),
        ("mailgun", {"event-data": []}),
        ("mailgun", {"event-data": {"id": "1"}}),
        ("postmark", []),
        ("postmark", {"Type": "HardBounce"}),
        ("resend", {"data": {}}),
        ("ses", {"mail": {}}),
        ("ses", []),
        *((provider, b"{") for provider in ("ses", "sendgrid", "postmark", "resend", "mailgun")),
        *((provider, b"\xff\xfe") for provider in ("sendgrid", "postmark", "resend", "mailgun")),
        *((provider, b"[" * 100_000) for provider in ("ses", "sendgrid", "postmark", "resend", "mailgun")),
        *((provider, b"[" + b"1" * 5_000 + b"]") for provider in ("sendgrid", "postmark")),
        ("sendgrid", b'[{"event": NaN}]'),
    ],
)
def test_what_is_of_another_form_is_refused(provider: EventProvider, content: Any) -> None:
    with pytest.raises(EventError) as found:
        request(provider, content).read()
    assert found.value.code == "MW745"

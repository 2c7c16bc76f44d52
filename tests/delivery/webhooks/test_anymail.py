"""Our events are those of django-anymail's own parsers; where they are not, the fixture says why."""

from __future__ import annotations

from typing import Any

import pytest

from mailweave.delivery import DeliveryEvent
from mailweave.delivery.webhooks.entrance import EventProvider
from tests.delivery.webhooks.calls import ALL, NAMES, Request, request

pytest.importorskip("anymail", reason="needs django-anymail")
pytestmark = pytest.mark.filterwarnings(
    "ignore"
)  # a provider they support no longer, passwords that are not set

OURS = {
    "queued": "accepted",
    "sent": "accepted",
    "failed": "rejected",
    "subscribed": "other",
    "autoresponded": "other",
    "unknown": "other",
}
"""Their words for what happened, where ours are others."""


@pytest.fixture(scope="module", autouse=True)
def django() -> None:
    from django.conf import settings

    if not settings.configured:
        settings.configure(ANYMAIL={}, DEFAULT_CHARSET="utf-8", USE_TZ=True)


def theirs(call: Request, body: Any) -> list[Any]:
    """What anymail's view reads of a call."""
    from anymail.webhooks import amazon_ses, mailgun, postmark, resend, sendgrid
    from django.test import RequestFactory

    if call.provider == "ses":  # whose view asks for boto3 where it is made
        view = amazon_ses.AmazonSESTrackingWebhookView.__new__(amazon_ses.AmazonSESTrackingWebhookView)
        message = {
            "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
            "Timestamp": "2026-11-22T09:00:00.000Z",
        }
        return list(view.esp_to_anymail_events(body, message))
    views = {
        "sendgrid": lambda: sendgrid.SendGridTrackingWebhookView(),
        "mailgun": lambda: mailgun.MailgunTrackingWebhookView(webhook_signing_key=call.keys),
        "postmark": lambda: postmark.PostmarkTrackingWebhookView(webhook_secret=call.keys),
        "resend": lambda: resend.ResendTrackingWebhookView(),
    }
    headers = dict(call.headers)
    asked = RequestFactory().post("/", call.body, content_type="application/json", headers=headers)
    view = views[call.provider]()
    view.run_validators(asked)
    return list(view.parse_events(asked))


def pairs(event: DeliveryEvent, their: Any) -> dict[str, tuple[Any, Any]]:
    """Ours and theirs, by what it is."""
    person = event.person
    assert person is not None
    return {
        "kind": (event.kind, OURS.get(their.event_type, their.event_type)),
        "timestamp": (event.at, their.timestamp),
        "message_id": (event.message_id, their.message_id or ""),
        "recipient": (person.address, their.recipient or ""),
        "tags": (list(event.tags), their.tags),
        "metadata": (dict(event.metadata), their.metadata),
        "reason": (event.reason, their.reject_reason or ""),
        "url": (event.url, their.click_url or ""),
        "user_agent": (person.user_agent, their.user_agent or ""),
        "answer": (person.answer, their.mta_response or ""),
    }


@pytest.mark.parametrize(("provider", "case"), ALL, ids=NAMES)
def test_events_are_those_of_anymail(provider: EventProvider, case: dict[str, Any]) -> None:
    call = request(provider, case["body"])
    ours, found = call.read(personal=True), theirs(call, case["body"])
    assert len(ours) == len(found)
    differ: dict[str, tuple[Any, Any]] = {}
    for event, their in zip(ours, found, strict=True):
        differ |= {name: pair for name, pair in pairs(event, their).items() if pair[0] != pair[1]}
    assert differ.keys() == case["differs"].keys() - {"id"}, differ

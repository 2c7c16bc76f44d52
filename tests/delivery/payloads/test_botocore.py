"""botocore sends what we write for Amazon SES, checked by its model of the API. Nothing leaves the machine."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

from mailweave import Email
from mailweave.delivery import payload
from tests.delivery.payloads.messages import VARIATIONS, varied
from tests.delivery.payloads.small_mail import mail

_WHY = "needs botocore, which does not take the python-dateutil that this project is tested with"
session, awsrequest = (
    pytest.importorskip(f"botocore.{name}", reason=_WHY) for name in ("session", "awsrequest")
)
EMAILS = [varied(mail(), given) for given in VARIATIONS if given["name"] not in ("domains beyond ASCII",)]


class _Raw(BytesIO):
    def stream(self, **_: Any) -> list[bytes]:
        return [self.getvalue()]


def sent(params: dict[str, Any]) -> Any:
    """What goes over the wire for the parameters of `send_email`."""
    requests: list[Any] = []
    client = session.get_session().create_client(
        "sesv2", "eu-west-1", aws_access_key_id="key", aws_secret_access_key="secret"
    )

    def answer(request: Any, **_: Any) -> Any:
        requests.append(request)
        return awsrequest.AWSResponse(request.url, 200, {}, _Raw(b'{"MessageId":"1"}'))

    client.meta.events.register("before-send.sesv2.SendEmail", answer)
    client.send_email(**params)
    return requests[0]


@pytest.mark.parametrize("email", EMAILS)
def test_botocore_sends_what_we_write(email: Email) -> None:
    """With bytes for the message, as docs/delivery.md shows."""
    made = payload(email, "ses-v2", drop={"tags", "metadata"}, extra={"ConfigurationSetName": "mail"})
    assert isinstance(made.body, dict)
    request = sent({**made.body, "Content": {"Raw": {"Data": email.as_bytes()}}})
    assert json.loads(request.body) == json.loads(made.content)
    assert (request.method, request.url) == (made.method, made.url("https://email.eu-west-1.amazonaws.com"))

"""SES by its API: what it is asked, and what becomes of what it answers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave.cli import group
from mailweave.delivery.sending.mails import Mail
from mailweave.delivery.sending.outputs import opened
from mailweave.delivery.sending.run import Ended, send
from mailweave.delivery.sending.sender import Manner
from mailweave.delivery.sending.ses import SesRoute, ses_client
from tests.delivery.sending.conftest import Made
from tests.delivery.sending.servers import VirtualClock

NOW = 1_796_000_000.0


class Refusal(Exception):
    """As botocore's ClientError."""

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.response = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}


class EndpointConnectionError(Exception):
    """As botocore names it."""


class Fake:
    """A client that raises what a case says, one after the other, and then takes all."""

    def __init__(self, *raised: Exception) -> None:
        self.raised, self.asked = list(raised), list[Mapping[str, Any]]()

    def send_email(self, **request: Any) -> Mapping[str, Any]:
        self.asked.append(request)
        if self.raised:
            raise self.raised.pop(0)
        return {"MessageId": "1"}


def sent(made: Made, client: Fake) -> Ended:
    return send(made(7), SesRoute(client), Manner(connections=1), clock=VirtualClock(NOW))


def test_what_ses_is_asked(made: Made) -> None:
    client = Fake()
    ended = sent(made, client)
    mails = list(opened(made(7, "maildir")).mails(0, lambda key, zone: True))
    assert ended.is_whole
    assert client.asked == [
        {"Destination": {"ToAddresses": [mail.to]}, "Content": {"Raw": {"Data": mail.content}}}
        for mail in mails
    ]


def test_boto_itself_takes_the_request(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """botocore checks requests and answers by Amazon's own model of the API."""
    stub = pytest.importorskip("botocore.stub", reason="needs boto3")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    client: Any = ses_client()
    with stub.Stubber(client) as answers:
        for _ in range(5):
            answers.add_response("send_email", {"MessageId": "1"})
        answers.add_client_error("send_email", "MessageRejected", http_status_code=400)
        ended = send(made(7), SesRoute(client), Manner(connections=1), clock=VirtualClock(NOW))
    assert (ended.report["sent"], ended.report["refused"]) == (5, 1)


@pytest.mark.parametrize(
    ("raised", "counts"),
    [
        (Refusal("MessageRejected", 400), (5, 1, 0)),
        (Refusal("TooManyRequestsException", 429), (6, 0, 0)),
        (Refusal("AccountSuspendedException", 400), (6, 0, 0)),
        (Refusal("InternalServiceErrorException", 500), (5, 0, 1)),
        (EndpointConnectionError(), (6, 0, 0)),
        (TimeoutError(), (5, 0, 1)),
    ],
    ids=str,
)
def test_what_ses_answers(raised: Exception, counts: tuple[int, int, int], made: Made) -> None:
    report = sent(made, Fake(raised)).report
    assert (report["sent"], report["refused"], report["held"]) == counts


def test_bounces_go_where_the_mail_says() -> None:
    from mailweave.delivery.sending.ses import _request

    mail = Mail("0" * 32, "bounces@example.com", "ann@example.org", b"From: news@example.com\r\n\r\n")
    assert _request(mail)["FeedbackForwardingEmailAddress"] == "bounces@example.com"


def test_without_boto3_that_is_said(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    done = CliRunner().invoke(group, ["send", str(made(7)), "--ses"])
    assert done.exit_code == 1
    assert "boto3 is not installed" in done.stderr

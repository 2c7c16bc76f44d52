"""Lists of e-mails: in order, each in one payload or refused, and no payload above what its provider takes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mailweave import Email, Skip
from mailweave.delivery import Payload, Refused, batches, payload
from mailweave.delivery.payloads.limits import MB
from mailweave.diagnostics import ArgumentError
from mailweave.message import Attachment
from tests.delivery.payloads.small_mail import mail

FILE = (Attachment("a.txt", "text/plain", b"a"),)


def mails(count: int) -> list[Email]:
    return [mail(str(at)) for at in range(count)]


def sizes(emails: list[Email], provider: str) -> list[int]:
    return [len(one.keys) for one in batches(emails, provider) if isinstance(one, Payload)]


@pytest.mark.parametrize(
    ("provider", "count", "expected"),
    [
        ("postmark", 1201, [500, 500, 201]),
        ("resend", 250, [100, 100, 50]),
        ("resend", 100, [100]),
        ("ses-v2", 3, [1, 1, 1]),
        ("sendgrid-v3", 3, [1, 1, 1]),
        ("mailgun", 3, [1, 1, 1]),
        ("smtp", 3, [1, 1, 1]),
        ("postmark", 0, []),
    ],
)
def test_as_few_as_can_be(provider: str, count: int, expected: list[int]) -> None:
    assert sizes(mails(count), provider) == expected


@pytest.mark.parametrize("provider", ["postmark", "resend"])
def test_each_stands_there_as_it_would_alone_and_in_order(provider: str) -> None:
    emails = mails(7)
    (made,) = batches(emails, provider)
    assert isinstance(made, Payload)
    assert json.loads(made.content) == [json.loads(payload(one, provider).content) for one in emails]
    assert made.keys == tuple(one.idempotency_key for one in emails)
    assert made.path == {"postmark": "/email/batch", "resend": "/emails/batch"}[provider]


def test_what_cannot_be_said_is_told_with_its_place() -> None:
    emails = mails(5)
    emails[1], emails[3] = replace(emails[1], amp="<html>"), mail("3", to="")
    made = list(batches(emails, "postmark"))
    refused = [one for one in made if isinstance(one, Refused)]
    assert [(one.index, one.key, [found.code for found in one.error.diagnostics]) for one in refused] == [
        (1, emails[1].idempotency_key, ["MW750"]),
        (3, emails[3].idempotency_key, ["MW025"]),
    ]
    (whole,) = (one for one in made if isinstance(one, Payload))
    assert whole.keys == tuple(emails[at].idempotency_key for at in (0, 2, 4))


def test_one_with_files_goes_alone_where_a_batch_takes_none() -> None:
    emails = mails(5)
    emails[2] = replace(emails[2], attachments=FILE)
    assert sizes(emails, "resend") == [2, 1, 2]
    assert sizes(emails, "postmark") == [5]


def test_no_batch_has_more_bytes_than_it_may() -> None:
    emails = [replace(one, text="x" * (4 * MB)) for one in mails(14)]
    made = [one for one in batches(emails, "postmark") if isinstance(one, Payload)]
    assert [len(one.keys) for one in made] == [12, 2]
    assert all(len(one.content) <= 50 * MB for one in made)


def test_the_key_of_a_batch_is_that_of_its_emails() -> None:
    (one,), (same,), (other,) = (batches(mails(count), "resend") for count in (3, 3, 4))
    assert isinstance(one, Payload)
    assert isinstance(same, Payload)
    assert isinstance(other, Payload)
    assert one.headers == same.headers
    assert one.headers["Idempotency-Key"] != other.headers["Idempotency-Key"]
    assert len(one.headers["Idempotency-Key"]) <= 256


def test_emails_are_read_as_they_are_needed() -> None:
    def endless() -> object:
        at = 0
        while True:
            yield mail(str(at))
            at += 1

    made = batches(endless(), "resend")  # type: ignore[arg-type]  # a generator
    assert len(next(made).keys) == 100  # type: ignore[union-attr]  # none is refused


def test_a_mistake_of_the_caller_is_no_refusal_of_an_email() -> None:
    with pytest.raises(ArgumentError, match="MW757 extra"):
        list(batches(mails(2), "postmark", extra={"To": "x"}))


def test_skips_and_failures_of_many_are_told_where_they_stand() -> None:
    skip = Skip("no_consent", "has not agreed")
    with pytest.raises(ArgumentError, match="expected an Email"):
        payload(skip, "postmark")  # type: ignore[arg-type]
    found = list(batches([skip], "postmark"))  # type: ignore[list-item]
    assert [(one.index, one.key) for one in found if isinstance(one, Refused)] == [(0, "")]

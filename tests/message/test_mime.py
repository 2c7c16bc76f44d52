"""Messages: three parts in order, the same bytes each time, no header that a value smuggled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP, default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.diagnostics import MailweaveError
from mailweave.message import Email
from mailweave.message.addresses import is_address
from mailweave.message.cleaning import one_line
from mailweave.message.headers import Envelope
from mailweave.message.multiparts import boundary

NOW = datetime(1998, 7, 1, 9, tzinfo=UTC)
ENVELOPE = Envelope(
    campaign="c",
    version=1,
    sender="news@example.com",
    sender_name="Näws, Inc.",
    to="ann@example.com",
    to_name="Ann",
    reply_to="shop@example.com",
    unsubscribe_url="https://example.com/u?id=1",
)
EMAIL = Email(
    subject="Grüße an Zoë",
    preheader="p",
    html="<p>café " + "x" * 1200 + "</p>",
    text="café\n",
    amp="<html amp4email>⚡</html>",
    selection={},
    key="1",
    now=NOW,
    envelope=ENVELOPE,
)


def parsed(email: Email):  # type: ignore[no-untyped-def]  # the policy decides the class
    return message_from_bytes(email.as_message().as_bytes(), policy=default)


def test_parts_stand_in_the_order_readers_demand() -> None:
    message = parsed(EMAIL)
    assert message.get_content_type() == "multipart/alternative"
    parts = list(message.iter_parts())
    assert [p.get_content_type() for p in parts] == ["text/plain", "text/x-amp-html", "text/html"]
    contents = [p.get_content().replace("\r\n", "\n").rstrip("\n") for p in parts]
    assert contents == [EMAIL.text.rstrip("\n"), EMAIL.amp, EMAIL.html]


def test_headers() -> None:
    message = parsed(EMAIL)
    assert message["Subject"] == "Grüße an Zoë"
    assert message["From"].addresses[0].display_name == "Näws, Inc."
    assert message["To"].addresses[0].addr_spec == "ann@example.com"
    assert message["Reply-To"].addresses[0].addr_spec == "shop@example.com"
    assert message["Date"].datetime == NOW
    assert message["List-Unsubscribe"] == "<https://example.com/u?id=1>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Message-ID"].endswith("@example.com>")


def test_no_line_is_longer_than_mail_allows() -> None:
    assert max(map(len, EMAIL.as_message().as_bytes().split(b"\r\n"))) <= 998


def test_without_an_address_there_is_no_message() -> None:
    with pytest.raises(MailweaveError, match="MW025"):
        replace(EMAIL, envelope=ENVELOPE._replace(to="")).as_message()


def test_the_boundary_is_searched_for_in_the_bodies() -> None:
    first = boundary("7", [])
    second = boundary("7", [f"a line {first}".encode()])
    assert first != second
    assert boundary("7", [first.encode(), second.encode()]) not in (first, second)
    hostile = replace(EMAIL, text=f"--{parsed(EMAIL).get_boundary()}--\n")
    assert [part.get_content_type() for part in parsed(hostile).walk()] == [
        part.get_content_type() for part in parsed(EMAIL).walk()
    ]


def test_the_same_e_mail_gives_the_same_bytes() -> None:
    assert EMAIL.as_bytes() == replace(EMAIL).as_bytes()
    assert EMAIL.as_message().as_bytes() == EMAIL.as_bytes()


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_values_never_become_headers(subject: str, name: str, text: str) -> None:
    hostile = replace(
        EMAIL,
        subject=subject + "\r\nBcc: victim@example.com",
        text=text.encode("utf-8", "replace").decode(),
        envelope=ENVELOPE._replace(to_name=name + "\nX-Evil: 1", sender_name=name),
    )
    message = message_from_bytes(hostile.as_message().as_bytes(), policy=SMTP)
    assert set(message.keys()) == {
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Date",
        "Message-ID",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Content-Type",
    }
    assert len(list(message.walk())) == 4


@given(st.text(max_size=2000))
def test_a_header_value_is_one_short_line(text: str) -> None:
    line = one_line(text)
    assert len(line) <= 998
    assert not any(ord(c) < 32 or ord(c) == 127 for c in line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ann@example.com", True),
        ("a.b+c@sub.example.co", True),
        ("ann@example.com\r\nBcc: x@y.z", False),
        ("ann@example.com, bob@example.com", False),
        ("Ann <ann@example.com>", False),
        ("ann", False),
        ("", False),
        ("añn@example.com", False),
        ("a" * 250 + "@example.com", False),
    ],
)
def test_addresses(text: str, expected: bool) -> None:
    assert is_address(text) is expected

"""Files that go with mails: what other people's parsers read of them, and which cannot go."""

from __future__ import annotations

import base64
import doctest
import email
import email.policy
import random
import re
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.message.mail_readers import by_node, by_perl
from tests.message.test_mime import EMAIL

from mailweave import Attachment, Email, MailweaveError
from mailweave.message import attachment, multiparts, parameters
from mailweave.message.attachment import checked, checked_all, sent_bytes
from mailweave.message.bodies import base64_lines
from mailweave.values.invalid_value import InvalidValue

PDF = Attachment("terms.pdf", "application/pdf", b"%PDF-1.7\n")
LOGO = Attachment("logo.png", "image/png", b"\x89PNG\r\n", "logo")
NAMES = (
    "é",
    "日本語",
    "😀",
    " ",
    "%",
    "'",
    '"',
    "*",
    ";",
    "=",
    "a",
    "terms",
    ".pdf",
    "n" * 90,
    "ü" * 40,
    "(1)",
    "&",
    "~",
)


def structure(part: Any) -> Any:
    kind = part.get_content_type()
    return (kind, [structure(one) for one in part.iter_parts()]) if part.is_multipart() else kind


def parsed(made: Email) -> Any:
    return email.message_from_bytes(made.as_bytes(), policy=email.policy.default)


ALTERNATIVE = ("multipart/alternative", ["text/plain", "text/x-amp-html", "text/html"])
RELATED = ("multipart/related", [ALTERNATIVE, "image/png"])


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ((), ALTERNATIVE),
        ((PDF,), ("multipart/mixed", [ALTERNATIVE, "application/pdf"])),
        ((LOGO,), RELATED),
        ((PDF, LOGO, PDF), ("multipart/mixed", [RELATED, "application/pdf", "application/pdf"])),
    ],
)
def test_what_is_shown_stands_beside_the_html_and_files_behind(
    files: tuple[Attachment, ...], wanted: Any
) -> None:
    made = replace(EMAIL, attachments=files)
    assert structure(parsed(made)) == wanted
    assert made.as_message().as_bytes() == made.as_bytes() == replace(made).as_bytes()
    assert made.headers == EMAIL.headers


def test_an_invitation_is_an_alternative_and_a_file() -> None:
    invitation = Attachment(
        "invite.ics", "text/calendar; charset=utf-8; method=REQUEST", "BEGIN:é\r\n".encode()
    )
    message = parsed(replace(EMAIL, attachments=(invitation,)))
    alternative = (ALTERNATIVE[0], [*ALTERNATIVE[1], "text/calendar"])
    assert structure(message) == ("multipart/mixed", [alternative, "text/calendar"])
    shown, listed = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    assert shown.get_param("method") == listed.get_param("method") == "REQUEST"
    assert shown.get_content().strip() == listed.get_content().strip() == "BEGIN:é"
    assert (shown.get_filename(), listed.get_filename()) == (None, "invite.ics")


def test_the_parts_of_a_related_body_name_its_root() -> None:
    message = parsed(replace(EMAIL, attachments=(LOGO,)))
    assert message.get_param("type") == "multipart/alternative"  # RFC 2387, 3.1
    (logo,) = [one for one in message.walk() if one.get_content_type() == "image/png"]
    assert (logo["Content-ID"], logo.get_content_disposition()) == ("<logo>", "inline")


def drawn(source: random.Random, number: int) -> Attachment:
    name = "".join(source.choices(NAMES, k=source.randrange(1, 7))).strip()[:200] or "x"
    shown = source.random() < 0.4
    kind = source.choice(("application/pdf", "image/png", "application/zip"))
    return Attachment(name, kind, source.randbytes(source.randrange(300)), f"part{number}@x" if shown else "")


def test_readers_read_the_files_that_were_sent() -> None:
    """Names, types, ids and content, as mailparser, postal-mime, Email::MIME and Python read them."""
    source = random.Random(11)
    mails = [[drawn(source, number) for number in range(source.randrange(1, 5))] for _ in range(150)]
    sent = [replace(EMAIL, attachments=tuple(files)).as_bytes() for files in mails]
    wanted = [sorted(told(one) for one in files) for files in mails]
    for message, files in zip(sent, wanted, strict=True):
        read = email.message_from_bytes(message, policy=email.policy.default)
        found = [by_python(one) for one in read.walk() if one.get_content_disposition()]
        assert sorted(map(unquoted, found)) == sorted(map(unquoted, files))
        assert max(map(len, message.split(b"\r\n"))) <= 998
    for of_perl, files in zip(by_perl(sent), wanted, strict=True):
        assert sorted(of_perl["files"]) == files
    for of_node, files in zip(by_node(sent), wanted, strict=True):
        for reader in ("postal-mime", "mailparser"):
            one = of_node[reader]
            assert sorted(file for file in one["files"] if file[1] != "text/x-amp-html") == files
            assert one["text"].strip() == EMAIL.text.strip()
            assert EMAIL.html in one["html"]


def told(one: Attachment) -> list[str]:
    return [one.name, one.type, one.content_id, base64.b64encode(one.content).decode()]


def unquoted(file: list[str]) -> list[str]:
    """Python takes quotes around a name away, though they were percent-encoded in it."""
    return [file[0].replace('"', ""), *file[1:]]


def by_python(part: Any) -> list[str]:
    id = (part["Content-ID"] or "").strip("<>")
    content = base64.b64encode(part.get_payload(decode=True)).decode()
    return [part.get_filename(), part.get_content_type(), id, content]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": "a/b"}, "name"),
        ({"name": ".."}, "name"),
        ({"name": "a\r\nX-Other: 1"}, "name"),
        ({"name": "a\0"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": "n" * 256}, "name"),
        ({"name": "=?utf-8?q?a?="}, "name"),
        ({"type": "pdf"}, "type"),
        ({"type": "text/plain\r\nX-Other: 1"}, "type"),
        ({"type": "multipart/mixed"}, "type"),
        ({"type": "message/rfc822"}, "type"),
        ({"content_id": "a b"}, "content_id"),
        ({"content_id": "a>"}, "content_id"),
        ({"content": "text"}, "content"),
        ({"name": 1}, "name"),
        ({"type": None}, "type"),
        ({"content_id": None}, "content_id"),
    ],
)
def test_a_file_that_cannot_go_is_refused(wrong: dict[str, Any], path: str) -> None:
    file = replace(PDF, **wrong)
    with pytest.raises(InvalidValue) as refused:
        checked(file)
    assert refused.value.path == path
    with pytest.raises(MailweaveError, match="MW031"):
        replace(EMAIL, attachments=(file,)).as_bytes()


def test_two_files_may_have_one_name_but_not_one_id() -> None:
    assert checked_all([PDF, PDF]) == (PDF, PDF)
    with pytest.raises(InvalidValue, match="two files"):
        checked_all([LOGO, replace(LOGO, content_id="LOGO")])


def test_more_than_gmail_takes_does_not_go() -> None:
    large = replace(PDF, content=bytes(10 * 1024 * 1024))
    assert len(checked_all([large])) == 1
    with pytest.raises(InvalidValue, match="25 MB"):
        checked_all([large, large])


@given(st.integers(0, 500))
def test_the_size_as_sent_is_that_of_the_lines(size: int) -> None:
    assert sent_bytes(size) == len(base64_lines(bytes(size))) + (2 if size else 0)


@given(st.text(max_size=40), st.text(max_size=40), st.binary(max_size=40), st.text(max_size=20))
def test_files_by_hand_give_a_message_or_a_typed_error(name: str, kind: str, content: bytes, id: str) -> None:
    with suppress(MailweaveError):
        made = replace(EMAIL, attachments=(Attachment(name, kind, content, id),))
        assert made.as_message().as_bytes() == made.as_bytes()


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=120))
def test_a_parameter_fits_its_lines_and_is_read_back(value: str) -> None:
    written = parameters.parameter("filename", value)
    assert max(map(len, written.split("\r\n"))) <= 90
    header = email.message_from_string(f"Content-Disposition: attachment{written}\r\n\r\n")
    assert re.sub(r"\s", "", header.get_filename(failobj="")) == re.sub(r"\s", "", value)


@pytest.mark.parametrize("module", [attachment, parameters, multiparts])
def test_docstring_examples(module: Any) -> None:
    assert doctest.testmod(module).failed == 0

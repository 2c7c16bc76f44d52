"""The pieces of a message, each read back by code that is not ours; and the look at what leaves."""

from __future__ import annotations

import base64
import binascii
import doctest
import importlib
import quopri
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from email.header import decode_header, make_header

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.message.test_mime import EMAIL, ENVELOPE

from mailweave.diagnostics import MailweaveError
from mailweave.message.block import checked
from mailweave.message.bodies import encoded
from mailweave.message.cleaning import one_line
from mailweave.message.encoded_words import encoded_words
from mailweave.message.fields import mailbox, unstructured
from mailweave.message.templating import Authored

DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "7bit": bytes,
    "quoted-printable": quopri.decodestring,
    "base64": base64.b64decode,
}
CHARACTERS = st.characters(exclude_categories=["Cs"])
SIGNS = st.sampled_from(
    ["=", "é", "日", "😀", " ", "  ", "\t", "\n", "\r\n", "From ", ".", "x" * 80, "a", "=\n", "ü" * 50]
)
BODIES = st.lists(SIGNS | st.text(CHARACTERS, max_size=5), max_size=40).map("".join)


def lines(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n").encode()


@given(BODIES)
@example("From ann\nFrom \nxx From ")
@example("x" * 75 + "=From " + "y" * 200)
@example("x" * 75 + "From ")
@example("a \n \n\t")
def test_a_body_is_read_back(body: str) -> None:
    how, data = encoded(body)
    assert DECODERS[how](data) == lines(body)
    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= (78 if how == "7bit" else 76)
    assert not re.search(rb"^From ", data, re.MULTILINE)
    assert how == "7bit" or not re.search(rb"[\t ]$", data.replace(b"\r\n", b"\n"), re.MULTILINE)


@given(BODIES)
def test_the_smaller_encoding_is_taken(body: str) -> None:
    how, data = encoded(body)
    quoted, based = binascii.b2a_qp(lines(body)), base64.encodebytes(lines(body)).strip()
    based = based.replace(b"\n", b"\r\n")
    if how == "base64":
        assert data == based
    elif how == "quoted-printable":
        assert len(data) <= max(len(based), len(quoted))


def test_half_a_character_is_replaced() -> None:
    assert encoded("a\ud800b") == encoded("a\ufffdb")


@given(st.text(CHARACTERS, min_size=1, max_size=300), st.integers(40, 76))
def test_encoded_words_are_short_and_split_no_character(text: str, room: int) -> None:
    words = encoded_words(text, room).split("\r\n ")
    assert len(words[0]) <= room
    assert all(len(word) <= 75 for word in words)
    assert "".join(str(make_header(decode_header(word))) for word in words) == text


@given(st.text(CHARACTERS, max_size=300).map(one_line))
@example(one_line("word " * 100))
@example("w" * 990)
def test_a_line_of_text_folds_at_blanks(text: str) -> None:
    for line in (unstructured("Subject", text), mailbox("Reply-To", text, "ann@example.com")):
        first, *more = line.split("\r\n")
        assert all(one.startswith(" ") and one.strip() for one in more)
        assert max(map(len, (first, *more))) <= 78
        assert line.isascii()


def test_a_long_address_stands_on_its_own_line() -> None:
    address = "a" * 64 + "@" + "b" * 60 + ".example"
    line = mailbox("To", "Ann Lee", address)
    assert line == f"To: Ann Lee\r\n <{address}>"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Sale\r\nX-Other: 1", "Sale X-Other: 1"),
        ("a\0b\x7fc\x85d\u2028e", "a b c d e"),
        ("a\u202eb\u202cc", "abc"),
        ("\u2067\u05d0\u2069 b", "\u2067\u05d0\u2069 b"),
        ("a\u2067b", "ab"),
        ("a\u2069b", "ab"),
        ("a\u200fb\u200e", "a\u200fb\u200e"),
        ("  a  b  ", "a  b"),
        ("x" * 2000, "x" * 998),
    ],
)
def test_cleaning_does_what_the_page_says(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("{{ x }}", "{ { x }}"),
        ("{{{x", "{ { {x"),
        ("{% x %}", "{ % x %}"),
        ("<%= x %>", "< %= x %>"),
        ("${x}", "$ {x}"),
        ("*|X|*", "* |X|*"),
        ("%%x%%", "% %x% %"),
        ("100% of $5 {a} <b> #1 * | x", "100% of $5 {a} <b> #1 * | x"),
    ],
)
def test_tags_of_another_templating_are_broken_up(text: str, broken: str) -> None:
    assert Authored([]).broken_up(text) == broken
    assert Authored([text]).broken_up(text) == text


GOOD = (
    b"From: a@b.c\r\nTo: a@b.c\r\nSubject: x\r\n y\r\nDate: d\r\nMessage-ID: <m>\r\n"
    b"MIME-Version: 1.0\r\nContent-Type: t\r\n"
)


def test_a_whole_block_leaves() -> None:
    assert checked(GOOD, international=False) is GOOD


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: x\r\n", b"Subject: x\n"),
        (b"Subject: x\r\n", b"Subject: x\r"),
        (b"\r\n y", b"\r\ny"),
        (b"\r\n y", b"\r\n  "),
        (b"\r\n y", b"\r\n\r\n y"),
        (b" y", b" \0"),
        (b"Date: d\r\n", b"Date: d\r\nX-Other: 1\r\n"),
        (b"Date: d\r\n", b"Date: d\r\nDate: d\r\n"),
        (b"Date: d\r\n", b"Date: d\r\nTo: d\r\n"),
        (b"Date: d\r\n", b""),
        (b" y", b" " + b"y" * 998),
        (b" y", " é".encode()),
        (b"Content-Type: t\r\n", b"Content-Type: t\r\n\r\n"),
        (b"Content-Type: t\r\n", b"Content-Type: t"),
    ],
)
def test_a_block_that_is_not_whole_does_not_leave(old: bytes, new: bytes) -> None:
    assert old in GOOD
    with pytest.raises(MailweaveError, match="MW030"):
        checked(GOOD.replace(old, new), international=False)


@given(
    st.text(max_size=40),
    st.text(max_size=40),
    st.text(max_size=40),
    st.text(max_size=40),
    st.text(max_size=40),
)
def test_parts_put_together_by_hand_give_a_message_or_a_typed_error(
    name: str, to: str, sender: str, url: str, campaign: str
) -> None:
    envelope = ENVELOPE._replace(to_name=name, to=to, sender=sender, unsubscribe_url=url, campaign=campaign)
    email = replace(EMAIL, envelope=envelope, subject=name, html=name, key=url)
    with suppress(MailweaveError):
        assert email.as_message().as_bytes() == email.as_bytes()


def test_the_errors_of_a_message_tell_no_data() -> None:
    for envelope in (
        ENVELOPE._replace(to="ann lee@example.com"),
        ENVELOPE._replace(unsubscribe_url="ann lee"),
    ):
        with pytest.raises(MailweaveError) as caught:
            replace(EMAIL, envelope=envelope).as_bytes()
        assert "lee" not in str(caught.value)


@pytest.mark.parametrize(
    "module",
    [
        "addresses",
        "bodies",
        "cleaning",
        "encoded_words",
        "fields",
        "headers",
        "mime",
        "quoted_printable",
        "templating",
    ],
)
def test_docstring_examples(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"mailweave.message.{module}")).failed == 0

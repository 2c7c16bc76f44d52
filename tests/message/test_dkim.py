"""A signature over a message verifies, whatever its values were, and a change of what was signed is seen."""

from __future__ import annotations

import base64
import random
import shutil
import subprocess
from dataclasses import replace

import pytest
from tests.message.test_mime import EMAIL
from tests.message.test_readers import text

from mailweave import Email

SIGNED = [b"From", b"To", b"Subject", b"List-Unsubscribe", b"List-Unsubscribe-Post"]


@pytest.fixture(scope="module")
def keys() -> tuple[bytes, bytes]:
    """A private key made for this run, and the record that its domain would publish."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl, to make a key")
    private = _openssl("genrsa", "-traditional", "1024")
    public = _openssl("rsa", "-pubout", "-outform", "DER", given=private)
    return private, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def _openssl(*arguments: str, given: bytes = b"") -> bytes:
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True).stdout


def signed(message: bytes, private: bytes, how: tuple[bytes, bytes]) -> bytes:
    dkim = pytest.importorskip("dkim")
    head: bytes = dkim.sign(
        message, b"mail", b"example.com", private, canonicalize=how, include_headers=SIGNED
    )
    return head + message


def verifies(message: bytes, record: bytes) -> bool:
    dkim = pytest.importorskip("dkim")
    return bool(dkim.verify(message, dnsfunc=lambda name, timeout=5: record))


def email_of(source: random.Random) -> Email:
    envelope = EMAIL.envelope._replace(to_name=text(source), sender_name=text(source))
    return replace(EMAIL, subject=text(source), text=text(source), envelope=envelope)


@pytest.mark.parametrize("how", [(b"relaxed", b"relaxed"), (b"simple", b"simple")])
def test_a_signature_verifies(how: tuple[bytes, bytes], keys: tuple[bytes, bytes]) -> None:
    private, record = keys
    source = random.Random(9)
    for email in (EMAIL, *[email_of(source) for _ in range(20)]):
        assert verifies(signed(email.as_bytes(), private, how), record)
        assert verifies(signed(email.as_message().as_bytes(), private, how), record)


def test_a_changed_link_is_seen(keys: tuple[bytes, bytes]) -> None:
    private, record = keys
    message = signed(EMAIL.as_bytes(), private, (b"relaxed", b"relaxed"))
    assert not verifies(message.replace(b"/u?id=1", b"/u?id=2"), record)

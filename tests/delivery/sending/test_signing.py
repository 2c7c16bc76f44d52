"""DKIM: what is signed, and that three verifiers that are not ours agree."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as elliptic
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from mailweave.delivery.sending.outputs import opened
from mailweave.delivery.sending.signing import SIGNED, DkimSigner
from mailweave.diagnostics import MailweaveError
from tests.delivery.sending.conftest import Made
from tests.delivery.sending.keys import ed25519_key, record, rsa_key
from tests.delivery.sending.people import ROOT

HERE = Path(__file__).parent
KEYS = {"s1": rsa_key, "s2": ed25519_key}
MORE = b"Feedback-ID: a:b:c:d\r\nList-ID: <news.example.com>\r\nReply-To: help@example.com\r\n"
Messages = Callable[[str], list[bytes]]


@pytest.fixture
def messages(made: Made, tmp_path: Path) -> Messages:
    """Signed messages, one of them with all headers that are signed."""

    def signed(selector: str) -> list[bytes]:
        signer = DkimSigner.read(selector, KEYS[selector](tmp_path))
        mails = list(opened(made(66)).mails(0, lambda key, zone: True))
        assert len(mails) >= 10
        plain = [mail.content for mail in mails]
        return [signer.sign(message) for message in [MORE + plain[0], *plain]]

    return signed


@pytest.mark.parametrize("selector", KEYS)
def test_dkimpy_verifies(selector: str, messages: Messages) -> None:
    for message in messages(selector):
        assert dkim.verify(message, dnsfunc=record)


@pytest.mark.parametrize("selector", KEYS)
def test_mailauth_verifies(selector: str, messages: Messages) -> None:
    folder = Path(os.environ.get("MAILWEAVE_NPM", ROOT / ".cache" / "npm" / "node_modules"))
    if shutil.which("node") is None or not (folder / "mailauth").is_dir():
        pytest.skip("needs Node, and mailauth in MAILWEAVE_NPM or .cache/npm/node_modules")
    asked = {
        "messages": [base64.b64encode(message).decode() for message in messages(selector)],
        "records": {selector: record(f"{selector}._domainkey.").decode()},
    }
    done = subprocess.run(
        ["node", str(HERE / "verify.mjs"), str(folder.resolve())],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    found = json.loads(done.stdout)
    assert len(found) == len(asked["messages"])
    assert all([one[:2] for one in results] == [["pass", "example.com"]] for results in found)


@pytest.mark.parametrize("selector", ["s1"])  # that of Debian 12 knows no Ed25519
def test_mail_dkim_verifies(selector: str, messages: Messages) -> None:
    perl = shutil.which("perl")
    if (
        perl is None
        or subprocess.run([perl, "-MMail::DKIM", "-e", "1"], capture_output=True, check=False).returncode
    ):
        pytest.skip("needs Perl's Mail::DKIM: apt-get install libmail-dkim-perl")
    for message in messages(selector)[:4]:
        command = [perl, str(HERE / "verify.pl"), record(f"{selector}._domainkey.").decode()]
        done = subprocess.run(command, input=message, capture_output=True, check=True, timeout=60)
        assert done.stdout == b"pass", done


def test_what_is_signed(messages: Messages) -> None:
    """All that stands of the list, From once more; relaxed, and no length."""
    first, second, *_ = messages("s1")
    for message, also in ((first, set()), (second, {"feedback-id", "list-id", "reply-to"})):
        signature = re.sub(rb"\r\n[ \t]+", b" ", message).partition(b"\r\n")[0].decode()
        named = re.sub(r"\s", "", re.search(r"h=([^;]*);", signature)[1]).split(":")  # type: ignore[index]  # it has
        assert sorted(named) == sorted(["from", *set(SIGNED) - also])
        assert "c=relaxed/relaxed" in signature
        assert " l=" not in signature
        assert "a=rsa-sha256" in signature


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Subject: ", b"Subject: not "),
        (b"\r\nFrom: ", b"\r\nFrom: evil@example.net\r\nFrom: "),
        (b"\r\nList-Unsubscribe-Post: ", b"\r\nX-Post: "),
        (b"Welcome", b"welcome"),
    ],
    ids=["subject", "second From", "one click", "body"],
)
def test_what_is_changed_does_not_verify(old: bytes, new: bytes, messages: Messages) -> None:
    message = messages("s1")[1]
    assert old in message
    assert not dkim.verify(message.replace(old, new, 1), dnsfunc=record)


def test_a_domain_that_is_named_signs(made: Made, tmp_path: Path) -> None:
    signer = DkimSigner.read("s1", rsa_key(tmp_path), "Bounces.exämple.com")
    message = signer.sign(next(opened(made(7)).mails(0, lambda key, zone: True)).content)
    assert b"d=bounces.xn--exmple-cua.com" in message
    assert dkim.verify(message, dnsfunc=record)
    assert b"BEGIN" not in repr(signer).encode()


def keys_that_are_none(folder: Path) -> dict[str, Path]:
    pem, pkcs8 = Encoding.PEM, PrivateFormat.PKCS8
    contents = {
        "empty": b"",
        "text": b"secret",
        "curve": elliptic(SECP256R1()).private_bytes(pem, pkcs8, NoEncryption()),
        "short": generate_private_key(65_537, 1024).private_bytes(pem, pkcs8, NoEncryption())[:300],
        "locked": generate_private_key(65_537, 2048).private_bytes(pem, pkcs8, BestAvailableEncryption(b"x")),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return {"gone": folder / "gone", **{name: folder / name for name in contents}}


def test_what_is_no_key_is_refused_and_not_quoted(tmp_path: Path) -> None:
    for path in keys_that_are_none(tmp_path).values():
        with pytest.raises(MailweaveError) as caught:
            DkimSigner.read("s1", path)
        [found] = caught.value.diagnostics
        assert found.code == "MW763"
        assert "secret" not in f"{found.message}{found.help}"


@pytest.mark.parametrize(
    ("selector", "domain"), [("", ""), ("a b", ""), ("a;d=x", ""), ("s1", "a..b"), ("s1", "x;y")]
)
def test_what_is_no_name_is_refused(selector: str, domain: str, tmp_path: Path) -> None:
    with pytest.raises(MailweaveError) as caught:
        DkimSigner.read(selector, rsa_key(tmp_path), domain)
    assert caught.value.diagnostics[0].code == "MW763"

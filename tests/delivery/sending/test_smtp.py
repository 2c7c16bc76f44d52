"""One server and one mail: what goes over the wire, and what a server must offer for it."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.delivery.sending.answers import Answer, Turned, Verdict
from mailweave.delivery.sending.mails import Mail
from mailweave.delivery.sending.servers import Login, Server
from mailweave.delivery.sending.smtp import Patience, SmtpRoute
from mailweave.diagnostics import MailweaveError
from tests.delivery.sending.people import ROOT
from tests.delivery.sending.servers import Script, Taken, scripted

URLS = tomllib.loads((ROOT / "fixtures/delivery/sending/urls.toml").read_text("utf-8"))
KEY = "0" * 32
HEAD = b"From: news@example.com\r\nTo: ann@example.org\r\n\r\n"


def mail(body: bytes = b"hello\r\n", sender: str = "news@example.com", to: str = "ann@example.org") -> Mail:
    return Mail(KEY, sender, to, HEAD + body)


async def _given(route: SmtpRoute, mails: list[Mail]) -> list[Answer]:
    async def begin() -> None:
        return None

    session = await route.open()
    try:
        return [await session.hand_over(one, begin) for one in mails]
    finally:
        await session.close()


def given_to(script: Script, *mails: Mail) -> tuple[list[Answer], Taken]:
    with scripted(script) as (port, taken):
        route = SmtpRoute(Server.named(f"smtp://127.0.0.1:{port}"), Patience(5, 5, 5))
        return asyncio.run(_given(route, list(mails))), taken


LINES = st.lists(
    st.sampled_from([b".", b"..", b". ", b".a", b"", b"a", b"a.", b"...QUIT", b"From x"]), max_size=12
)


@settings(max_examples=30)
@given(LINES)
def test_lines_that_begin_with_dots_arrive_as_they_are(lines: list[bytes]) -> None:
    body = b"".join(line + b"\r\n" for line in [*lines, b"end"])
    [answer], taken = given_to(Script(), mail(body))
    assert answer.verdict is Verdict.SENT
    assert taken.mails[0][2] == HEAD + body


def test_what_mail_from_says() -> None:
    _, taken = given_to(Script(), mail(), mail("é\r\n".encode()), mail(to="zoë@example.org"))
    said = [line for line in taken.lines if line.startswith("MAIL")]
    assert said == [
        f"MAIL FROM:<news@example.com> SIZE={len(HEAD) + 7}",
        f"MAIL FROM:<news@example.com> SIZE={len(HEAD) + 4} BODY=8BITMIME",
        f"MAIL FROM:<news@example.com> SIZE={len(HEAD) + 7} SMTPUTF8",
    ]
    assert "RCPT TO:<zoë@example.org>" in taken.lines


@pytest.mark.parametrize(
    ("offers", "asked", "lacks"),
    [
        (("8BITMIME",), mail(to="zoë@example.org"), "SMTPUTF8"),
        (("8BITMIME",), mail(sender="zoë@example.org"), "SMTPUTF8"),
        (("8BITMIME",), Mail(KEY, "a@b.example", "c@d.example", "Subject: é\r\n\r\n".encode()), "SMTPUTF8"),
        (("SMTPUTF8",), mail("é\r\n".encode()), "8BITMIME"),
        (("SIZE 40",), mail(), "SIZE 54"),
    ],
    ids=["recipient", "sender", "header", "body", "size"],
)
def test_a_server_that_lacks_what_a_mail_needs_is_not_asked(
    offers: tuple[str, ...], asked: Mail, lacks: str
) -> None:
    answers, taken = given_to(Script(offers=offers), asked, mail(b""))
    assert (
        answers == [Answer(Verdict.UNFIT, 0, lacks), Answer(Verdict.SENT, 250, "2.0.0")] or lacks == "SIZE 54"
    )
    assert answers[0] == Answer(Verdict.UNFIT, 0, lacks)
    assert len(taken.mails) == (0 if lacks == "SIZE 54" else 1)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that nobody else trusts, with its key."""
    key = generate_private_key(65_537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sink")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "sink.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def over_tls(script: Script, trusted: Path | None) -> tuple[list[Answer], Taken]:
    with scripted(script) as (port, taken):
        server = Server.named(f"smtp+starttls://127.0.0.1:{port}", login=Login("ann", "s3cret"))
        route = SmtpRoute(server, Patience(5, 5, 5), ssl.create_default_context(cafile=trusted))
        return asyncio.run(_given(route, [mail()])), taken


def test_starttls_with_a_certificate_that_is_trusted(certificate: Path) -> None:
    [answer], taken = over_tls(
        Script(offers=("STARTTLS", "AUTH PLAIN"), tls=serving(certificate)), certificate
    )
    assert answer.verdict is Verdict.SENT
    assert [line.split(" ")[0] for line in taken.lines[:4]] == ["EHLO", "STARTTLS", "EHLO", "AUTH"]


@pytest.mark.parametrize(
    ("offers", "words"), [(("STARTTLS", "AUTH PLAIN"), "not trusted"), (("AUTH PLAIN",), "no STARTTLS")]
)
def test_without_tls_that_is_trusted_nothing_is_said(
    offers: tuple[str, ...], words: str, certificate: Path
) -> None:
    with scripted(Script(offers=offers, tls=serving(certificate))) as (port, taken):
        server = Server.named(f"smtp+starttls://127.0.0.1:{port}", login=Login("ann", "s3cret"))
        with pytest.raises(Turned, match=words):
            asyncio.run(_given(SmtpRoute(server, Patience(5, 5, 5)), [mail()]))
    assert not [line for line in taken.lines if line.startswith(("AUTH", "MAIL"))]


@pytest.mark.parametrize("case", URLS["server"], ids=lambda case: case["url"])
def test_a_url_names_a_server(case: dict[str, str | int | bool]) -> None:
    found = Server.named(str(case["url"]), plain=bool(case.get("plain")))
    assert (found.host, found.port, found.tls) == (case["host"], case["port"], case["tls"])


@pytest.mark.parametrize("case", URLS["refused"], ids=lambda case: case["url"])
def test_what_names_none_is_refused(case: dict[str, str | bool]) -> None:
    login = Login("ann", "s3cret") if case.get("login") else None
    with pytest.raises(MailweaveError) as caught:
        Server.named(str(case["url"]), plain=bool(case.get("plain")), login=login)
    [found] = caught.value.diagnostics
    assert found.code == "MW761"
    assert str(case["says"]) in found.message
    assert "s3cret" not in f"{found.message}{found.help}{found.place}"

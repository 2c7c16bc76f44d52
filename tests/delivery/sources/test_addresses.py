"""Where a source may lead: never inside, whatever a name resolves to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from mailweave.delivery.sources import Fetcher, Outcome, Sources
from mailweave.delivery.sources import fetching as fetching_module
from mailweave.delivery.sources.addresses import is_public
from tests.delivery.sources.shop import ANN, NOW, compiled

INSIDE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "2002:7f00:1::", "64:ff9b::7f00:1", "2001:db8::1",
]  # fmt: skip
OUTSIDE = ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_outside_is(address: str) -> None:
    assert is_public(address)


def outcomes(addresses: Sequence[str], url: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, list[Any]]:
    """What is counted where a name has these addresses, and the requests that would go out."""
    monkeypatch.setattr(fetching_module, "_FIRST_PAUSE", 0.001)
    sent: list[Any] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    async def handle(self: Any, request: httpx.Request) -> httpx.Response:
        sent.append((str(request.url), request.headers["host"], request.extensions["sni_hostname"]))
        raise httpx.ConnectError("no network in tests")

    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", handle)
    sources = Sources.of(
        compiled({"churn": {"url": url, "fills": "scores.churn"}}), fetcher=Fetcher(resolve=resolve)
    )
    asyncio.run(sources.resolve(ANN, now=NOW))
    return sources.counts, sent


@pytest.mark.parametrize("addresses", [[one] for one in INSIDE] + [["8.8.8.8", "10.0.0.1"], []])
def test_a_name_that_leads_inside_is_not_asked(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    counts, sent = outcomes(addresses, "https://api.example.com/w", monkeypatch)
    assert counts == {Outcome("churn", "failed", "address"): 1}
    assert not sent


def test_this_machine_by_name_is_no_other_one(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, sent = outcomes(["8.8.8.8"], "http://localhost/w", monkeypatch)
    assert counts == {Outcome("churn", "failed", "address"): 1}
    assert not sent


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ["8.8.8.8", "2606:4700:4700::1111"]
    counts, sent = outcomes(found, "https://api.example.com:8443/w?a=1", monkeypatch)
    about = ("api.example.com:8443", "api.example.com")
    first, other = (f"https://{host}:8443/w?a=1" for host in ("8.8.8.8", "[2606:4700:4700::1111]"))
    assert sent == [(first, *about), (other, *about), (first, *about)]
    assert counts == {Outcome("churn", "failed", "connection"): 1}


@pytest.mark.parametrize(
    ("name", "is_trusted", "outcome"),
    [
        ("localhost", True, Outcome("churn", "fetched")),
        ("localhost", False, Outcome("churn", "failed", "connection")),
        ("other.example", True, Outcome("churn", "failed", "connection")),
    ],
)
def test_a_certificate_is_that_of_the_name(
    name: str, is_trusted: bool, outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching_module, "_FIRST_PAUSE", 0.001)
    pytest.importorskip("cryptography", reason="nothing here makes certificates")
    tls, file = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), certificate(tmp_path, name)
    tls.load_cert_chain(file)
    if is_trusted:
        trusting = ssl.create_default_context(cafile=str(file))
        monkeypatch.setattr(httpx, "create_ssl_context", lambda **_: trusting)
    assert asyncio.run(over(tls)) == {outcome: 1}


async def over(tls: ssl.SSLContext) -> Any:
    """What is counted where a server answers with that certificate."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 3\r\n\r\n0.5")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=tls)
    url = f"https://localhost:{server.sockets[0].getsockname()[1]}/w"
    mine = {"churn": {"url": url, "fills": "scores.churn", "timeout": "9s"}}

    async def resolve(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    sources = Sources.of(compiled(mine), fetcher=Fetcher(resolve=resolve))
    async with server:
        await sources.resolve(ANN, now=NOW)
        await sources.fetcher.aclose()
    return sources.counts


def certificate(folder: Path, host: str) -> Path:
    """One that its holder signed, with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2120, 1, 1))
    names = x509.SubjectAlternativeName([x509.DNSName(host)])
    signed = made.add_extension(names, critical=False).sign(key, hashes.SHA256())
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "both.pem").write_bytes(private + signed.public_bytes(pem))
    return folder / "both.pem"

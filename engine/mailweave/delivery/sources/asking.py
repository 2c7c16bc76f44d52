"""One request for one answer, within limits: no redirect, no cookie, no proxy, no byte beyond the limit.

The host is resolved here, its addresses are checked, and the connection goes to the one that was checked: the URL that
the transport gets has the address in place of the host, while `Host`, SNI and the certificate are those of the host.
The transport of httpx is used without its client, which would write the URL into the log and keep cookies.
"""

from __future__ import annotations

import asyncio
import os
import re
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, Final, NamedTuple, TypeAlias

import httpx

from mailweave.delivery.sources.addresses import Resolve, allowed, resolved
from mailweave.delivery.sources.failures import NotHad
from mailweave.values.invalid_value import InvalidValue
from mailweave.values.json_text import read_json
from mailweave.values.plain_data import check_plain

MOST_BYTES: Final = 256 * 1024
"""Of an answer."""
_AGAIN: Final = frozenset({429, 502, 503, 504})
_MEDIA: Final = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;.*)?", re.IGNORECASE | re.ASCII)
_CONNECTIONS: Final = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=15.0)


class Asked(NamedTuple):
    """What is asked: equal ones have one answer. `bearer`: the variable that holds a token. timeout: microseconds."""

    url: str
    bearer: str | None
    timeout: int


class Answered(NamedTuple):
    """The JSON of an answer, and how many bytes it had."""

    value: Any
    size: int


Ask: TypeAlias = Callable[[Asked, int], Awaitable[Answered]]


class Asker:
    """Asks, over connections that are kept for each host; for one event loop."""

    def __init__(self, resolve: Resolve = resolved) -> None:
        self._resolve = resolve
        self._transports: dict[str, httpx.AsyncHTTPTransport] = {}
        self._tls: ssl.SSLContext | None = None

    async def prepare(self, url: str) -> None:
        """Reads the certificates that are trusted, once, beside the loop: it takes longer than many an answer."""
        if self._tls is None and url.startswith("https:"):
            self._tls = await asyncio.to_thread(httpx.create_ssl_context, trust_env=False)

    async def __call__(self, asked: Asked, attempt: int = 0) -> Answered:
        """The answer. `attempt`: which try it is, so that another one takes another address. Raises NotHad."""
        request = _request(asked)
        host, port = request.url.host, request.url.port or (443 if request.url.scheme == "https" else 80)
        named = f"[{host}]" if ":" in host else host
        addresses = await allowed(named, port, self._resolve)
        request.url = request.url.copy_with(host=addresses[attempt % len(addresses)])
        request.extensions = {**request.extensions, "sni_hostname": host}
        try:
            return await self._answer(request, f"{request.url.scheme}://{named}:{port}")
        except (httpx.HTTPError, httpx.StreamError, OSError):
            raise NotHad("connection", is_passing=True) from None

    async def _answer(self, request: httpx.Request, origin: str) -> Answered:
        response = await self._transport(origin).handle_async_request(request)
        try:
            _check_head(response)
            return _read(await _body(response))
        finally:
            await response.aclose()

    def _transport(self, origin: str) -> httpx.AsyncHTTPTransport:
        """One for each host, so that no connection that was made for another name is used for this one."""
        found = self._transports.get(origin)
        if found is None:
            tls = self._tls if self._tls is not None else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            made = httpx.AsyncHTTPTransport(verify=tls, trust_env=False, limits=_CONNECTIONS)
            found = self._transports[origin] = made
        return found

    async def aclose(self) -> None:
        """Closes its connections."""
        for one in self._transports.values():
            await one.aclose()
        self._transports.clear()


def _request(asked: Asked) -> httpx.Request:
    try:
        return httpx.Request("GET", asked.url, headers=_headers(asked.bearer))
    except (httpx.InvalidURL, ValueError):
        raise NotHad("url") from None


def _headers(bearer: str | None) -> dict[str, str]:
    plain = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "mailweave"}
    if bearer is None:
        return plain
    token = os.environ.get(bearer, "").strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise NotHad("bearer")
    return {**plain, "authorization": f"Bearer {token}"}


def _check_head(response: httpx.Response) -> None:
    if response.status_code != 200:
        raise NotHad("status", is_passing=response.status_code in _AGAIN)
    if not _MEDIA.fullmatch(response.headers.get("content-type", "").strip()):
        raise NotHad("form")
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise NotHad("form")  # nothing else was asked for, and what is packed may be of any size


async def _body(response: httpx.Response) -> bytes:
    parts, size = list[bytes](), 0
    async for part in response.aiter_raw():
        size += len(part)
        if size > MOST_BYTES:
            raise NotHad("limit")
        parts.append(part)
    return b"".join(parts)


def _read(body: bytes) -> Answered:
    try:
        value = read_json(body.decode())
        check_plain({"answer": value})
    except (ValueError, RecursionError, InvalidValue):
        raise NotHad("form") from None
    return Answered(value, len(body))

"""Who may ask: the browser that was handed the token, from the page that it got here, and nobody else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from secrets import compare_digest
from typing import Any, Final, TypeAlias

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
App: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""The desk's own page: nothing from elsewhere, nothing inline."""
MOST_BYTES: Final = 4_000_000  # of what a browser sends


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets through what has the token as the first part of its path, a loopback Host, and no foreign origin.

    A page elsewhere knows no token; one that had it would still be refused by its Origin. A name that was made to point to
    this machine is refused by Host. Everything refused looks the same: 404 without a word.
    """

    app: App
    token: str
    hosts: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        headers = {name.lower(): value for name, value in scope["headers"]}
        inside = self._path(scope["path"])
        if inside is None or not self._is_ours(headers):
            await _refuse(send)
            return
        await self.app({**scope, "path": inside, "raw_path": inside.encode(), "root_path": ""}, receive, send)

    def _path(self, path: str) -> str | None:
        """What stands behind the token, or None."""
        first, slash, rest = path.removeprefix("/").partition("/")
        is_known = compare_digest(first.encode("utf-8", "replace"), self.token.encode())
        return f"/{rest}" if is_known and slash else None

    def _is_ours(self, headers: dict[bytes, bytes]) -> bool:
        host = headers.get(b"host", b"").decode("latin-1")
        origin = headers.get(b"origin", b"").decode("latin-1")
        site = headers.get(b"sec-fetch-site", b"none").decode("latin-1")
        length = headers.get(b"content-length", b"0")
        return (
            host in self.hosts
            and origin in ("", f"http://{host}")
            and site in ("none", "same-origin")
            and length.isdigit()
            and int(length) <= MOST_BYTES
            and b"transfer-encoding" not in headers
        )


async def _refuse(send: Send) -> None:
    head = {"type": "http.response.start", "status": 404, "headers": [(b"content-length", b"0")]}
    await send(head)
    await send({"type": "http.response.body", "body": b""})

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
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", PAGE_POLICY.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)
_JUDGED: Final = frozenset({b"host", b"origin", b"sec-fetch-site", b"content-length"})


@dataclass(frozen=True, slots=True)
class Guard:
    """Lets through what has the token as the first part of its path, a loopback Host, and no foreign origin.

    A page elsewhere knows no token; one that had it would still be refused by its Origin. A name that was made to point to
    this machine is refused by Host. Everything refused looks the same: 404 without a word. Every answer has the policy of
    the page, unless it brings its own, and nothing that goes wrong behind the guard is written to a log.
    """

    app: App
    token: str
    hosts: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = _Answer(send)
        inside = self._path(scope["path"])
        if inside is None or not self._is_ours(scope["headers"]):
            await answer.refuse(404)
            return
        given = {**scope, "path": inside, "raw_path": inside.encode("utf-8", "replace"), "root_path": ""}
        try:
            await self.app(given, receive, answer.send)
        except Exception:  # noqa: BLE001 - a trace would print a recipient's data; also a browser that went away
            await answer.refuse(500)

    def _path(self, path: str) -> str | None:
        """What stands behind the token, or None."""
        first, slash, rest = path.removeprefix("/").partition("/")
        is_known = compare_digest(first.encode("utf-8", "replace"), self.token.encode())
        return f"/{rest}" if is_known and slash else None

    def _is_ours(self, given: list[tuple[bytes, bytes]]) -> bool:
        named = [name.lower() for name, _ in given]
        if any(named.count(name) > 1 for name in _JUDGED):
            return False  # of two origins one would not be looked at
        headers = {name.lower(): value for name, value in given}
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


@dataclass(slots=True)
class _Answer:
    """What is sent to a browser. `is_begun`: whether its head is out."""

    _send: Send
    is_begun: bool = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.is_begun = True
            own = {name.lower() for name, _ in message["headers"]}
            missing = [pair for pair in _HEADERS if pair[0] not in own]
            message = {**message, "headers": [*message["headers"], *missing]}
        await self._send(message)

    async def refuse(self, status: int) -> None:
        """An answer without a word, where none is begun."""
        if self.is_begun:
            return
        head = [(b"content-length", b"0")]
        await self.send({"type": "http.response.start", "status": status, "headers": head})
        await self.send({"type": "http.response.body", "body": b""})

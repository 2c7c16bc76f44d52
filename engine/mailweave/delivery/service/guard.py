"""Who may ask, and how many at once; what every answer has; what is written down of it."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import compare_digest
from typing import Final

from mailweave.delivery.service.addresses import UNSUBSCRIBE, Addresses
from mailweave.delivery.service.asgi import Answer, Message, Receive, Scope, Send, header
from mailweave.delivery.service.bodies import Gone
from mailweave.delivery.service.doors import failed
from mailweave.delivery.service.metrics import Metrics
from mailweave.delivery.service.refusals import Refusal, own_fault, refusal

LOG: Final = logging.getLogger("mailweave.service")
_OPEN: Final = frozenset({"/healthz", UNSUBSCRIBE})
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
_HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
)


@dataclass(slots=True)
class Guard:
    """The application: stands before the addresses.

    token: what the header `Authorization: Bearer` must hold; with None only this machine may ask, by a name of its own,
    so that no name that was made to point here gets in. most: requests at a time; others are sent away at once.
    """

    addresses: Addresses
    metrics: Metrics
    token: str | None = None
    most: int = 64
    _busy: int = 0
    _clock: Callable[[], float] = field(default=time.perf_counter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        began, out, name = self._clock(), _Out(send), self.addresses.named(scope["path"])
        is_open = name in _OPEN
        self._busy += not is_open
        try:
            self._admit(scope, is_open=is_open)
            answer = await self.addresses.answer(name, scope, receive, out.send)
        except Refusal as refused:
            answer = failed(refused)
        except Gone:
            answer = Answer(400, outcome="gone")
        except Exception as fault:  # noqa: BLE001 - a trace would print a recipient's data; the kind is enough
            answer = failed(own_fault(fault))
        finally:
            self._busy -= not is_open
        await out.answer(answer)
        self._write_down(name, answer, out.status, self._clock() - began)

    def _admit(self, scope: Scope, *, is_open: bool) -> None:
        if self.token is None and _host(header(scope, b"host")) not in _LOOPBACK:
            raise refusal(421, "MW774", what="no token is set, so only this machine may ask", todo=_SET)
        if is_open:
            return
        if self.token is not None and not _is(self.token, header(scope, b"authorization")):
            raise refusal(401, "MW774", what="the token is missing, or another one", todo=_SEND)
        if self._busy > self.most:
            raise refusal(503, "MW776", what="it has as many requests as it takes")

    def _write_down(self, name: str, answer: Answer, status: int, seconds: float) -> None:
        self.metrics.request(name, answer.campaign, answer.outcome, seconds)
        about = (name, status, answer.outcome, answer.campaign or "-", ",".join(answer.codes) or "-")
        LOG.info("address=%s status=%d outcome=%s campaign=%s codes=%s ms=%.1f", *about, seconds * 1e3)


_SET: Final = "ask 127.0.0.1 or localhost, or set MAILWEAVE_TOKEN"
_SEND: Final = "send the header `Authorization: Bearer TOKEN`"


def _host(given: str) -> str:
    """The name of a Host header, without its port."""
    return given if given.endswith("]") else given.rpartition(":")[0] or given


def _is(token: str, said: str) -> bool:
    kind, _, given = said.partition(" ")
    return kind.lower() == "bearer" and compare_digest(given.strip().encode("latin-1"), token.encode())


@dataclass(slots=True)
class _Out:
    """What is sent. `status`: of the head that is out, 0 before."""

    _send: Send
    status: int = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = {name for name, _ in message["headers"]}
            missing = [pair for pair in _HEADERS if pair[0] not in own]
            message = {**message, "headers": [*message["headers"], *missing]}
        await self._send(message)

    async def answer(self, answer: Answer) -> None:
        """A whole answer, where none is begun."""
        if self.status:
            return
        head = [
            (b"content-length", str(len(answer.body)).encode()),
            *answer.headers,
            *_asked_by(answer.status),
        ]
        if answer.status != 204:
            head.append((b"content-type", answer.media.encode()))
        await self.send({"type": "http.response.start", "status": answer.status, "headers": head})
        await self.send({"type": "http.response.body", "body": answer.body})


def _asked_by(status: int) -> tuple[tuple[bytes, bytes], ...]:
    """The headers that a status asks for."""
    if status == 401:
        return ((b"www-authenticate", b"Bearer"),)
    return ((b"retry-after", b"1"),) if status == 503 else ()

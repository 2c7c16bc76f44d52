"""The service as an ASGI application: its addresses, and what answers at each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from mailweave.delivery.links import Keys
from mailweave.delivery.service import json_body, one_click
from mailweave.delivery.service.addresses import UNSUBSCRIBE, Addresses
from mailweave.delivery.service.asgi import JSON, Answer, Endpoint, Receive, Scope, Send, header
from mailweave.delivery.service.batch import Batch
from mailweave.delivery.service.bodies import body_of, demand
from mailweave.delivery.service.doors import Doors, Kind, Waiting
from mailweave.delivery.service.filling import Filling
from mailweave.delivery.service.guard import Guard
from mailweave.delivery.service.metrics import MEDIA, Metrics
from mailweave.delivery.service.openapi import document
from mailweave.delivery.service.shelf import Shelf
from mailweave.delivery.service.threads import Threads
from mailweave.delivery.service.withdrawals import Withdrawals
from mailweave.delivery.service.workers import Workers
from mailweave.delivery.sources import Fetcher

MOST_BYTES: Final = 1_000_000
"""Of the body of a request about one recipient."""
MOST_AT_ONCE: Final = 64
_SMALL: Final = 16_384
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Service:
    """What the addresses share. withdrawals: those that are kept, and honoured. verify: reads the tokens of links to
    unsubscribe; without either, there is no such address. keys: what signs the links of
    mails. fetcher: asks the sources of campaigns. workers: answer batches; None where this process does."""

    shelf: Shelf
    withdrawals: Withdrawals | None = None
    verify: one_click.Verify | None = None
    keys: Keys | None = None
    metrics: Metrics = field(default_factory=Metrics)
    threads: Threads = field(default_factory=Threads)
    fetcher: Fetcher = field(default_factory=Fetcher)
    workers: Workers | None = None


def application(service: Service, *, token: str | None = None, most: int = MOST_AT_ONCE) -> Guard:
    """The service as an ASGI application; `Guard` says what `token` and `most` are."""
    doors = Doors(service.shelf, service.withdrawals, keys=service.keys)
    metrics = service.metrics
    filling = Filling(metrics, service.fetcher)
    table: dict[str, Mapping[str, Endpoint]] = {
        "/render": {"POST": _Asked(service, doors, filling, "render", _SMALL)},
        "/render/batch": {"POST": Batch(doors, metrics, service.threads, filling, service.workers)},
        "/decide": {"POST": _Asked(service, doors, filling, "decide", _SMALL)},
        "/explain": {"POST": _Asked(service, doors, filling, "explain")},
        "/check": {"POST": _checking(service, doors)},
        "/campaigns": {"GET": _shown(doors.campaigns)},
        "/healthz": {"GET": _shown(partial(_health, service.shelf))},
        "/openapi.json": {"GET": _shown(partial(Answer, 200, json_body.write(document())))},
        "/metrics": {"GET": _shown(lambda: Answer(200, metrics.text().encode(), media=MEDIA))},
    }
    if service.verify is not None and service.withdrawals is not None:
        table[UNSUBSCRIBE] = _unsubscribing(service.threads, service.verify, service.withdrawals)
    return Guard(Addresses(table), metrics, token, most)


@dataclass(frozen=True, slots=True)
class _Asked:
    """An address that takes JSON, about one recipient.

    most_here: bytes of a body that is answered without another thread, which would cost more than the mail; a recipient
    whose data make it long has more.
    """

    service: Service
    doors: Doors
    filling: Filling
    kind: Kind
    most_here: int = -1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Answer:
        demand(scope, JSON)
        body = await body_of(receive, MOST_BYTES)
        is_small = len(body) <= self.most_here
        found = await self._run(is_small, self.doors.about, self.kind, body)
        if isinstance(found, Waiting):
            found = await self.filling.filled(found)
        if isinstance(found, Waiting):
            found = await self._run(is_small, self.doors.told, found)
        if found.campaign:
            self.service.metrics.recipients({(found.campaign, found.outcome): 1})
        return found

    async def _run(self, here: bool, work: Callable[..., _T], *given: object) -> _T:
        return work(*given) if here else await self.service.threads.run(work, *given)


def _checking(service: Service, doors: Doors) -> Endpoint:
    """The address that checks, which takes its time."""

    async def checked(scope: Scope, receive: Receive, send: Send) -> Answer:
        demand(scope, JSON)
        found = await service.threads.run(doors.check, await body_of(receive, MOST_BYTES))
        if found.campaign:
            service.metrics.recipients({(found.campaign, found.outcome): 1})
        return found

    return checked


def _shown(respond: Callable[[], Answer]) -> Endpoint:
    """An address that is read."""

    async def shown(scope: Scope, receive: Receive, send: Send) -> Answer:
        return respond()

    return shown


def _unsubscribing(
    threads: Threads, verify: one_click.Verify, withdrawals: Withdrawals
) -> Mapping[str, Endpoint]:
    """The page that asks, and the POST that withdraws."""

    async def ask(scope: Scope, receive: Receive, send: Send) -> Answer:
        return _page(one_click.page(_token(scope), verify), "asked")

    async def withdraw(scope: Scope, receive: Receive, send: Send) -> Answer:
        body = await body_of(receive, one_click.MOST_BYTES)
        given = (_token(scope), header(scope, b"content-type"), body)
        return _page(await threads.run(one_click.unsubscribed, *given, verify, withdrawals), "withdrawn")

    return {"GET": ask, "POST": withdraw}


def _token(scope: Scope) -> str:
    return str(scope["path"]).rpartition("/")[2]


def _page(text: str, outcome: str) -> Answer:
    media = "text/html; charset=utf-8"
    return Answer(200, text.encode(), outcome=outcome, media=media, headers=one_click.PAGE_HEADERS)


def _health(shelf: Shelf) -> Answer:
    """How many campaigns are served, and of how many folders the last save is not."""
    listed = shelf.campaigns.values()
    counts = {"campaigns": sum(one.campaign is not None for one in listed)}
    return Answer(200, json_body.write({**counts, "refused": sum(not one.is_current for one in listed)}))

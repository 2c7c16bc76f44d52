"""The service as an ASGI application: its addresses, and what answers at each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeAlias

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from mailweave.delivery.service import json_body, one_click
from mailweave.delivery.service.batch import Batch
from mailweave.delivery.service.bodies import body_of, demand
from mailweave.delivery.service.doors import Answer, Doors, Kind, failed
from mailweave.delivery.service.guard import JSON, TOLD, Guard, extra_headers
from mailweave.delivery.service.metrics import MEDIA, Metrics
from mailweave.delivery.service.openapi import document
from mailweave.delivery.service.refusals import Refusal, own_fault, refusal
from mailweave.delivery.service.shelf import Shelf
from mailweave.delivery.service.threads import Threads
from mailweave.delivery.service.withdrawals import Withdrawals

MOST_BYTES: Final = 1_000_000
"""Of the body of a request about one recipient."""
MOST_AT_ONCE: Final = 64
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Service:
    """What the addresses share. withdrawals: those that are kept, and honoured. verify: reads the tokens of links to
    unsubscribe; without either, there is no such address."""

    shelf: Shelf
    withdrawals: Withdrawals | None = None
    verify: one_click.Verify | None = None
    metrics: Metrics = field(default_factory=Metrics)
    threads: Threads = field(default_factory=Threads)


def application(service: Service, *, token: str | None = None, most: int = MOST_AT_ONCE) -> Guard:
    """The service behind its guard, which says what `token` and `most` are."""
    doors, metrics = Doors(service.shelf, service.withdrawals), service.metrics
    kinds: tuple[Kind, ...] = ("render", "decide", "explain")
    routes = [
        *(_asked(service, f"/{kind}", partial(doors.about, kind)) for kind in kinds),
        _asked(service, "/check", doors.check),
        Route("/render/batch", Batch(doors, metrics, service.threads), methods=["POST"]),
        _shown("/campaigns", doors.campaigns),
        _shown("/healthz", partial(_health, service.shelf)),
        _shown("/openapi.json", partial(Answer, 200, json_body.write(document()))),
        _shown("/metrics", lambda: Answer(200, metrics.text().encode()), MEDIA),
    ]
    if service.verify is not None and service.withdrawals is not None:
        routes += _unsubscribing(service.threads, service.verify, service.withdrawals)
    handlers = {HTTPException: _no_route, Refusal: _refused, Exception: _fault}
    made = Starlette(routes=routes, exception_handlers=handlers)
    made.router.redirect_slashes = False
    return Guard(made, metrics, token, most)


def _asked(service: Service, path: str, answer: Callable[[bytes], Answer]) -> Route:
    """An address that takes JSON."""

    async def door(request: Request) -> Response:
        request.scope[TOLD].address = path
        demand(request, JSON)
        try:
            body = await body_of(request, MOST_BYTES)
        except ClientDisconnect:
            return _response(request, Answer(400, b"", outcome="gone"))
        found = await service.threads.run(answer, body)
        if found.campaign:
            service.metrics.recipients(Counter([(found.campaign, found.outcome)]))
        return _response(request, found)

    return Route(path, door, methods=["POST"])


def _shown(path: str, answer: Callable[[], Answer], media: str = JSON) -> Route:
    """An address that is read."""

    async def door(request: Request) -> Response:
        request.scope[TOLD].address = path
        return _response(request, answer(), media)

    return Route(path, door)


def _unsubscribing(threads: Threads, verify: one_click.Verify, withdrawals: Withdrawals) -> list[Route]:
    """The page that asks, and the POST that withdraws."""
    path = "/unsubscribe/{token}"

    async def ask(request: Request) -> Response:
        request.scope[TOLD].address = path
        return _page(request, one_click.page(request.path_params["token"], verify), "asked")

    async def withdraw(request: Request) -> Response:
        request.scope[TOLD].address = path
        body = await body_of(request, one_click.MOST_BYTES)
        token, media = request.path_params["token"], request.headers.get("content-type", "")
        told = await threads.run(one_click.unsubscribed, token, media, body, verify, withdrawals)
        return _page(request, told, "withdrawn")

    return [Route(path, ask), Route(path, withdraw, methods=["POST"])]


def _page(request: Request, text: str, outcome: str) -> Response:
    request.scope[TOLD].answer = Answer(200, b"", outcome=outcome)
    policy = {"content-security-policy": one_click.PAGE_POLICY}
    return Response(text, headers=policy, media_type="text/html")


def _health(shelf: Shelf) -> Answer:
    """How many campaigns are served, and of how many folders the last save is not."""
    listed = shelf.campaigns.values()
    counts = {"campaigns": sum(one.campaign is not None for one in listed)}
    return Answer(200, json_body.write({**counts, "refused": sum(not one.is_current for one in listed)}))


def _response(request: Request, answer: Answer, media: str = JSON) -> Response:
    request.scope[TOLD].answer = answer
    response = Response(answer.body, answer.status, media_type=media)
    response.raw_headers += extra_headers(answer.status)
    return response


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return _response(request, failed(error))


async def _fault(request: Request, error: Exception) -> Response:
    return _response(request, failed(own_fault(error)))


async def _no_route(request: Request, error: Exception) -> Response:
    """404 and 405; OPTIONS says what there is."""
    assert isinstance(error, HTTPException)
    allowed = (error.headers or {}).get("Allow", "")
    if not allowed:
        return _response(request, failed(refusal(error.status_code, "MW775")))
    allow = {"allow": ", ".join(sorted({"OPTIONS", *_methods(request, allowed)}))}
    if request.method == "OPTIONS":
        request.scope[TOLD].answer = Answer(204, b"")
        return Response(status_code=204, headers=allow)
    response = _response(request, failed(refusal(405, "MW775")))
    response.headers.update(allow)
    return response


def _methods(request: Request, first: str) -> set[str]:
    """The methods of an address that has a route for each."""
    if request.url.path.startswith("/unsubscribe/"):
        return {"GET", "HEAD", "POST"}
    return set(first.split(", "))

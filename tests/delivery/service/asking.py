"""Asks the service without a socket: one request, its answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from mailweave.delivery.service.app import Service, application
from mailweave.delivery.service.asgi import Message
from mailweave.delivery.service.guard import Guard
from mailweave.delivery.service.server import loaded
from mailweave.diagnostics import MailweaveError, diagnose

ROOT = Path(__file__).resolve().parents[3]
CAMPAIGNS = ROOT / "fixtures" / "campaigns"
SHOP = ROOT / "fixtures" / "docs" / "shop"
JSON = {"content-type": "application/json"}
LINES = {"content-type": "application/x-ndjson"}
ANN = {"id": "7", "email": "ann@example.com", "first_name": "Ann", "consent": {"marketing": True}}


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]

    def codes(self) -> list[str]:
        return [one["code"] for one in self.json()["errors"]]


def ask(
    app: Guard,
    method: str,
    path: str,
    body: bytes | Iterable[bytes] = b"",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """One request from this machine; a body in pieces comes in pieces."""
    return asyncio.run(asked(app, method, path, body, headers))


async def asked(
    app: Guard,
    method: str,
    path: str,
    body: bytes | Iterable[bytes] = b"",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Like `ask`, in a loop that runs."""
    given = {"host": "127.0.0.1:8025", **(headers or {})}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("utf-8", "replace"),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8025),
    }
    pieces = iter([body] if isinstance(body, bytes) else body)
    sent: list[Message] = []

    async def receive() -> Message:
        piece = next(pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    head = sent[0]
    found = {name.decode().lower(): value.decode("latin-1") for name, value in head["headers"]}
    return Reply(head["status"], found, b"".join(one.get("body", b"") for one in sent[1:]))


def post(app: Guard, path: str, value: Any, **headers: str) -> Reply:
    """JSON to an address."""
    return ask(app, "POST", path, json.dumps(value).encode(), {**JSON, **headers})


def verify(token: str) -> str:
    """Stands for signed links: `ok-KEY` belongs to KEY."""
    if not token.startswith("ok-"):
        raise MailweaveError([diagnose("MW774", what="no token of ours", todo="take another")])
    return token.removeprefix("ok-")


def service(folder: Path = CAMPAIGNS, **more: Any) -> Service:
    """The service over a folder."""
    return Service(loaded(folder), **more)


def small(**more: Any) -> Guard:
    """The service over the smallest campaign."""
    return application(service(CAMPAIGNS / "smallest"), **more)

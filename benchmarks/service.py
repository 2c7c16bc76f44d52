"""The service beside `render` alone: a batch over HTTP's own lines, and one request with all of its protocol."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import Report, Round, Work
from benchmarks._rounds import seconds as cpu_seconds
from benchmarks.newsletter.campaign import recipient, write
from benchmarks.newsletter.recipients import make
from mailweave.delivery.service import answers
from mailweave.delivery.service.app import Service, application
from mailweave.delivery.service.asgi import Message
from mailweave.delivery.service.guard import LOG, Guard
from mailweave.delivery.service.server import configured, loaded

PER_ROUND, WARM, ROUNDS = 120, 2, 15
LISTS = 25  # times the same recipients, for a list that takes a while
BATCH, ADDED = 0.8, 0.5
_CHUNK = 65_536


class Served:
    """The newsletter, as a campaign, as a service, and the same recipients for both."""

    def __init__(self) -> None:
        LOG.setLevel(logging.WARNING)
        _, given = make(PER_ROUND)
        with tempfile.TemporaryDirectory() as held:
            shelf = loaded(write_campaign(Path(held)))
        found = shelf.campaigns["news"].campaign
        assert found is not None
        self.campaign, self.app = found, application(Service(shelf))
        people = map(recipient, given)
        self.bodies = [json.dumps({"campaign": "news", "recipient": one}).encode() for one in people]
        self.stream = b"\n".join(self.bodies)
        self.loop = asyncio.new_event_loop()

    def render(self) -> Callable[[], object]:
        """What the library does alone, with recipients that were just read."""
        people = [json.loads(body)["recipient"] for body in self.bodies]
        return lambda: [self.campaign.render(one) for one in people]

    def script(self) -> Callable[[], object]:
        """What whoever has no service writes: read a line, render, write the same answer, with the standard library."""
        return lambda: [self._line(body) for body in self.bodies]

    def _line(self, body: bytes) -> int:
        decided = self.campaign.decide(json.loads(body)["recipient"])
        assert isinstance(decided, tuple)
        answer = answers.rendered("news", *decided, message=False)
        return len(json.dumps(answer, ensure_ascii=False).encode())

    def batch(self) -> Callable[[], object]:
        """All lines as one request."""
        return lambda: self.loop.run_until_complete(_streamed(self.app, self.stream))

    def requests(self) -> Callable[[], object]:
        """Each body as a request of its own, from bytes to bytes of HTTP."""
        return lambda: self.loop.run_until_complete(_over_http(self.app, self.bodies))


def run() -> Report:
    """CPU microseconds of a recipient; and wall-clock seconds of a list, with a core for each worker."""
    report = Report("service: the newsletter over HTTP, CPU time per recipient")
    served = Served()
    times = _measured({name: getattr(served, name) for name in ("render", "script", "batch", "requests")})
    for name, seconds in times.items():
        report.say(f"   {name:10s} {seconds * 1e6:8.1f} us")
    report.say(
        f"   /render/batch in one process, in units of `render`: {times['render'] / times['batch']:.2f}"
    )
    added = (times["requests"] - times["render"]) * 1e3
    report.claim("what /render adds to `render`, in ms", added, ADDED)
    report.claim(
        "recipients a second, wall: /render/batch over a socket in units of `render` in one process",
        _over_a_socket(served),
        BATCH,
        at_least=True,
    )
    return report


def _over_a_socket(served: Served) -> float:
    """The median, over rounds, of what `render` takes and what the service takes for the same list."""
    people = [json.loads(body)["recipient"] for body in served.bodies]
    list_ = b"\n".join(served.bodies * LISTS) + b"\n"
    ratios = []
    with tempfile.TemporaryDirectory() as held, Serving(write_campaign(Path(held))) as serving:
        serving.warm(list_)
        for _ in range(ROUNDS):
            bare = _wall(lambda: [served.campaign.render(one) for _ in range(LISTS) for one in people])
            ratios.append(bare / _wall(lambda: serving.batch(list_)))
    return statistics.median(ratios)


def write_campaign(folder: Path) -> Path:
    """The newsletter as a campaign called `news`."""
    shared, _ = make(PER_ROUND)
    (folder / "news").mkdir()
    write(folder / "news", shared)
    return folder


class Serving:
    """`mailweave serve`, as a process."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "mailweave", "serve", str(folder), "--port", "0"]
        self._process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        self._host = self._process.stdout.readline().strip().removeprefix("http://")

    def __enter__(self) -> Serving:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def warm(self, body: bytes) -> None:
        """Until the workers have begun."""
        self.batch(body)
        time.sleep(5)
        for _ in range(WARM):
            self.batch(body)

    def batch(self, body: bytes) -> None:
        """One list, read while it is written."""
        name, _, port = self._host.partition(":")
        head = f"POST /render/batch HTTP/1.1\r\nhost: {self._host}\r\nconnection: close\r\n"
        about = f"content-type: application/x-ndjson\r\ncontent-length: {len(body)}\r\n\r\n"
        with socket.create_connection((name, int(port))) as connection:
            writing = threading.Thread(target=connection.sendall, args=((head + about).encode() + body,))
            writing.start()
            lines, room = 0, bytearray(1 << 20)
            while count := connection.recv_into(room):
                lines += room.count(b"\n", 0, count)
            writing.join()
        assert lines >= body.count(b"\n")


def _wall(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _measured(variants: dict[str, Round]) -> dict[str, float]:
    """Median seconds of a recipient, in rounds of a new order each."""
    order, draw = list(variants), random.Random(7)
    times: dict[str, list[float]] = {name: [] for name in order}
    for turn in range(WARM + ROUNDS):
        draw.shuffle(order)
        for name in order:
            took = cpu_seconds(variants[name]) / PER_ROUND
            times[name] += [took] if turn >= WARM else []
    return {name: statistics.median(values) for name, values in times.items()}


def work() -> Work:
    """A batch, and single requests."""
    return {"batch": lambda: Served().batch, "requests": lambda: Served().requests}


async def _streamed(app: Guard, body: bytes) -> int:
    """One request whose body comes in pieces; how many lines came back."""
    pieces = iter([body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK)])
    lines = 0

    async def receive() -> Message:
        piece = next(pieces, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(message: Message) -> None:
        nonlocal lines
        lines += message.get("body", b"").count(b"\n")

    head = [(b"host", b"localhost"), (b"content-type", b"application/x-ndjson")]
    scope = {"type": "http", "method": "POST", "path": "/render/batch", "query_string": b"", "root_path": ""}
    await app({**scope, "headers": head}, receive, send)
    return lines


async def _over_http(app: Guard, bodies: list[bytes]) -> None:
    """Each body through the server's own protocol, on a connection that stays open but leads nowhere."""
    from uvicorn.protocols.http.h11_impl import H11Protocol
    from uvicorn.server import ServerState

    answered = asyncio.Event()

    class Protocol(H11Protocol):
        def on_response_complete(self) -> None:
            super().on_response_complete()
            answered.set()

    config = configured(app)
    config.load()
    protocol = Protocol(config, ServerState(), {}, asyncio.get_running_loop())
    protocol.connection_made(_Nowhere())  # type: ignore[arg-type]  # as much of a transport as is asked for
    head = b"POST /render HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    for body in bodies:
        answered.clear()
        protocol.data_received(head % len(body) + body)
        await answered.wait()
    protocol.connection_lost(None)


class _Nowhere:
    """A transport that takes everything."""

    written = 0

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 1) if name in ("peername", "sockname") else default

    def write(self, data: bytes) -> None:
        self.written += len(data)

    def is_closing(self) -> bool:
        return False

    def close(self) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

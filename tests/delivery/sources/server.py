"""A source on this machine, that answers by the first segment of the path, and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Site:
    """`answers`: by the first segment of the path, as fixtures/delivery/sources/cases.toml has them."""

    port: int
    answers: dict[str, Mapping[str, Any]]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]


@contextmanager
def site(answers: dict[str, Mapping[str, Any]]) -> Iterator[Site]:
    """Serves them until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found.asked.append((self.path, {name.lower(): text for name, text in self.headers.items()}))
            case = answers[self.path.split("/")[1].partition("?")[0]]
            time.sleep(case.get("wait", 0))
            times = case.get("repeat", 1)
            body = (case["answer"] * times + case.get("tail", "") * times).encode()
            self.send_response(case.get("status", 200))
            self.send_header("content-type", case.get("type", "application/json"))
            self.send_header("content-length", str(len(body)))
            for name, text in case.get("headers", {}).items():
                self.send_header(name, text)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """Who asked is gone: that is what is tested."""

    server = Quiet(("127.0.0.1", 0), Handler)
    found = Site(server.server_address[1], answers)
    running = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    running.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()

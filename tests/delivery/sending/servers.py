"""Mail servers: one that answers as a case says, and one by aiosmtpd that writes down what it takes."""

from __future__ import annotations

import asyncio
import socketserver
import ssl
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

HANG_UP, SILENCE = "hang up", "silence"
OFFERED = ("SIZE 10000000", "8BITMIME", "SMTPUTF8", "AUTH PLAIN LOGIN")


@dataclass
class Taken:
    """What a server was told: envelopes and messages that it answered with 250, and every line of command."""

    mails: list[tuple[str, str, bytes]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    connections: int = 0


@dataclass
class Script:
    """How a server answers: `answers` by verb, in order, then as it should. `offers`: what EHLO says; None: it knows no
    EHLO. `DATA` is the answer to the command, `MAIL` and `RCPT` to theirs, `.` to the message."""

    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    offers: Sequence[str] | None = OFFERED
    always: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    tls: ssl.SSLContext | None = None


class _Talk(socketserver.StreamRequestHandler):
    script: ClassVar[Script]
    left: ClassVar[dict[str, list[str]]]
    taken: ClassVar[Taken]
    lock: ClassVar[threading.Lock]

    def handle(self) -> None:
        self.taken.connections += 1
        self.sender, self.to = "", ""
        with suppress(OSError, ValueError):
            if not self._say("HELLO", "220 sink"):
                return
            while line := self.rfile.readline():
                if not self._answer(line.decode("utf-8").rstrip("\r\n")):
                    return

    def _answer(self, line: str) -> bool:
        self.taken.lines.append(line)
        verb = line.split(" ")[0].upper()
        match verb:
            case "EHLO":
                return self._introduced()
            case "MAIL" | "RCPT":
                self._named(verb, line)
                return self._say(verb, "250 2.1.0 ok")
            case "STARTTLS":
                return self._encrypted()
            case "AUTH":
                return self._say(verb, "235 2.7.0 in")
            case "DATA":
                return self._data()
            case "QUIT":
                self._say(verb, "221 bye")
                return False
            case _:  # RSET, NOOP, HELO
                return self._say(verb, "250 ok")

    def _named(self, verb: str, line: str) -> None:
        address = line.partition("<")[2].partition(">")[0]
        if verb == "MAIL":
            self.sender = address
        else:
            self.to = address

    def _introduced(self) -> bool:
        if self.script.offers is None:
            return self._say("EHLO", "502 5.5.1 no such command")
        return self._say(
            "EHLO", "\r\n".join([*(f"250-{one}" for one in ("sink", *self.script.offers)), "250 HELP"])
        )

    def _encrypted(self) -> bool:
        assert self.script.tls is not None
        self._say("STARTTLS", "220 go")
        self.connection = self.script.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)
        return True

    def _data(self) -> bool:
        if not self._say("DATA", "354 go on"):
            return False
        if not self.said.startswith("354"):
            return True
        raw = b"".join(iter(self.rfile.readline, b".\r\n"))
        message = b"".join(one[1:] if one.startswith(b".") else one for one in raw.splitlines(keepends=True))
        threading.Event().wait(self.script.delay)
        is_open = self._say(".", "250 2.0.0 queued as 1 for ann@example.com")
        if self.said.startswith("250"):
            with self.lock:
                self.taken.mails.append((self.sender, self.to, message))
        return is_open

    def _say(self, verb: str, otherwise: str) -> bool:
        with self.lock:
            queue = self.left.get(verb) or []
            self.said = queue.pop(0) if queue else self.script.always.get(verb, otherwise)
        if self.said == "taken, then " + HANG_UP:
            with self.lock:
                self.taken.mails.append((self.sender, self.to, b""))
            return False
        if self.said == SILENCE:
            self.rfile.read()
        if self.said in (HANG_UP, SILENCE):
            return False
        self.wfile.write(f"{self.said}\r\n".encode())
        return not self.said.startswith("421")


@contextmanager
def scripted(script: Script) -> Iterator[tuple[int, Taken]]:
    """A server on this machine: its port, and what it takes."""
    taken, left = Taken(), {verb: list(each) for verb, each in script.answers.items()}
    about: dict[str, Any] = {"script": script, "left": left, "taken": taken, "lock": threading.Lock()}
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), type("Talk", (_Talk,), about)) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield int(server.server_address[1]), taken
        server.shutdown()


class VirtualClock:
    """Time that passes when somebody waits for it, and then at once."""

    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        until = self._now + seconds
        await asyncio.sleep(0)
        self._now = max(self._now, until)

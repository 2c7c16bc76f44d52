"""Proofs: sent to one address through the server that the author named, and nowhere else."""

from __future__ import annotations

import email.policy
import socketserver
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any, ClassVar

import pytest
from tests.preview.conftest import CORNER, Running, started

from mailweave.preview.proofs import MailServer


class Sink(socketserver.StreamRequestHandler):
    """A mail server that keeps what it is given."""

    taken: ClassVar[list[tuple[list[str], EmailMessage]]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        to: list[str] = []
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"RCPT":
                to.append(line.decode().strip().partition(":")[2].strip("<>"))
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.taken.append((to, self._message()))
                to = []
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")

    def _message(self) -> EmailMessage:
        lines = iter(self.rfile.readline, b".\r\n")
        text = b"".join(line[1:] if line.startswith(b"..") else line for line in lines)
        return email.message_from_bytes(text, policy=email.policy.default)


@pytest.fixture
def sending() -> Iterator[Running]:
    """A desk over the campaign with a mail server."""
    Sink.taken.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        process, running = started(CORNER, "--smtp", f"127.0.0.1:{server.server_address[1]}")
        running.compiled()
        yield running
        process.terminate()
        process.wait(30)
        server.shutdown()


def test_one_mail_and_the_covering_set(sending: Running) -> None:
    assert sending.ask("proof", kind="saved", name="ann", to="me@example.org") == {
        "status": "sent",
        "sent": 1,
    }
    [(to, message)] = Sink.taken
    assert to == ["me@example.org"] == [str(message["To"])]
    assert "A golden day, Ann" in _html(message)
    assert "<!--mailweave:" not in _html(message)
    assert message["List-Unsubscribe"] is None, "nobody is unsubscribed by a proof"
    count = len(sending.ask("cover")["recipients"])
    assert sending.ask("proof", all=True, to="me@example.org")["sent"] == count == len(Sink.taken) - 1
    assert len({message["Message-ID"] for _, message in Sink.taken}) == count + 1


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "saved", "name": "ann", "to": "me@example.org, you@example.org"},
        {"kind": "saved", "name": "ann", "to": ""},
        {"kind": "saved", "name": "nobody", "to": "me@example.org"},
    ],
    ids=str,
)
def test_what_cannot_be_sent_is_told(sending: Running, asked: dict[str, Any]) -> None:
    assert sending.ask("proof", **asked)["status"] == "failed"
    assert Sink.taken == []


@pytest.mark.parametrize("text", ["", ":25", "host:", "host:0", "host:70000", "host:x", "::1"])
def test_what_is_no_server(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        MailServer.named(text)


def test_without_a_server_nothing_is_sent(corner: Running) -> None:
    corner.compiled()
    told = corner.ask("proof", kind="saved", name="ann", to="me@example.org")
    assert "--smtp" in told["findings"][0]["message"]


def _html(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())

"""What a mail server may do while a proof is sent, and what the author is told then."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mailweave import Email, Environment
from mailweave.diagnostics import MailweaveError
from mailweave.preview import proofs
from mailweave.preview.proofs import MailServer

# what the server answers to a verb, if not 250; None: it hangs up; "": it says nothing. Then: how many of two mails it
# took, and what the author reads
FAULTS: dict[str, tuple[dict[str, list[str | None]], int, str]] = {
    "all is well": ({}, 2, ""),
    "greets with 554": ({"HELLO": ["554 no service"]}, 0, "554 no service"),
    "hangs up at once": ({"HELLO": [None]}, 0, "hung up"),
    "greets with nothing": ({"HELLO": [""]}, 0, "said nothing more"),
    "greets with no SMTP": ({"HELLO": ["\x00 hello"]}, 0, "no SMTP"),
    "never ends its greeting": ({"HELLO": ["220-more\r\n" * 20_000 + "220-more"]}, 0, "said nothing more"),
    "offers TLS and has none": (
        {"EHLO": ["250-here\r\n250 STARTTLS"], "STAR": ["220 go\r\nno TLS"]},
        0,
        "SSL",
    ),
    "refuses the sender": ({"MAIL": ["550 who"] * 2}, 0, "550 who"),
    "refuses one recipient": ({"RCPT": ["550 no such"]}, 1, "550 no such"),
    "refuses one mail": ({"DATA": ["354 go", "554 spam"]}, 1, "554 spam"),
    "hangs up in the second": ({"RCPT": ["250 ok", None]}, 1, "hung up"),
    "says 421": ({"RCPT": ["421 later"]}, 0, "421 later"),
    "hangs up in the data": ({"DATA": [None]}, 0, "hung up"),
    "says nothing to the data": ({"DATA": [""]}, 0, "said nothing more"),
    "refuses to end": ({"QUIT": ["500 no"]}, 2, ""),
    "hangs up at the end": ({"QUIT": [None]}, 2, ""),
    "says nothing to the end": ({"QUIT": [""]}, 2, ""),
}


class Faulty(socketserver.StreamRequestHandler):
    """A mail server that answers from a list."""

    answers: dict[str, list[str | None]]

    def handle(self) -> None:
        with suppress(ConnectionError):  # hung up on
            self._talk()

    def _talk(self) -> None:
        self.left = {verb: list(each) for verb, each in self.answers.items()}
        verb, is_open = "HELLO", self._say("HELLO", "220 here")
        while is_open and (line := self.rfile.readline()):
            verb = line[:4].decode().strip().upper()
            is_open = self._say(verb, "354 go" if verb == "DATA" else "250 ok")
            if is_open and verb == "DATA":
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                is_open = self._say("DATA", "250 ok")

    def _say(self, verb: str, otherwise: str) -> bool:
        answer = self.left[verb].pop(0) if self.left.get(verb) else otherwise
        if answer:
            self.wfile.write(f"{answer}\r\n".encode())
        if answer == "" or (answer or "").endswith("-more"):
            self.rfile.read()  # until the other side has had enough
        return bool(answer)


@pytest.fixture
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    monkeypatch.setattr(proofs, "_PATIENCE", 0.5)
    monkeypatch.setattr(proofs, "_GOODBYE", 0.2)
    made = type("Handler", (Faulty,), {"answers": FAULTS[request.param][0]})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), made) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield MailServer("127.0.0.1", int(listening.server_address[1]))
        listening.shutdown()


@pytest.fixture(scope="module")
def email() -> Email:
    campaign = Environment().compile(Path(__file__).parents[2] / "fixtures" / "preview" / "corner")
    profile = {"id": "a", "email": "a@example.com", "orders": 1, "consent": {"marketing": True}}
    made = campaign.render(profile)
    assert isinstance(made, Email)
    return made


@pytest.mark.parametrize(("server", "fault"), [(name, name) for name in FAULTS], indirect=["server"])
def test_a_fault_of_the_server_is_told(server: MailServer, fault: str, email: Email) -> None:
    _, sent, words = FAULTS[fault]
    if not words:
        assert server.send([email, email], "me@example.org") == sent
        return
    with pytest.raises(MailweaveError) as caught:
        server.send([email, email], "me@example.org")
    told = caught.value.diagnostics[0].message
    assert f"took {sent} of 2 proofs" in told
    assert words in told


@pytest.mark.parametrize("server", ["all is well"], indirect=True)
def test_a_domain_beyond_ascii_is_an_address(server: MailServer, email: Email) -> None:
    assert server.send([email], "me@ex\u00e4mple.org") == 1


@pytest.mark.parametrize("server", ["all is well"], indirect=True)
@pytest.mark.parametrize("to", ["\u00fc@example.org", "a@b.c\r\nRCPT TO:<x@y.z>", "\ud800@a.b", "<a@b.c>"])
def test_what_is_no_address_gets_nothing(server: MailServer, email: Email, to: str) -> None:
    with pytest.raises(MailweaveError, match="no plain address"):
        server.send([email], to)


@pytest.mark.parametrize("name", ["a" * 70, "x..y", ".x"])
def test_a_name_that_no_system_looks_up_is_no_server(name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        MailServer.named(name)

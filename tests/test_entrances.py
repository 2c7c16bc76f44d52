"""The entrances of the docs: what the page for integrators shows is run, with a server that keeps what it is sent."""

from __future__ import annotations

import re
import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def test_what_the_page_for_integrators_shows_sends_a_mail(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sent: list[EmailMessage] = []

    class Server:
        def __init__(self, *where: object) -> None:
            pass

        def __enter__(self) -> Server:
            return self

        def __exit__(self, *why: object) -> None:
            pass

        def send_message(self, message: EmailMessage) -> None:
            sent.append(message)

    page = (DOCS / "for-integrators.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```$", page, re.S | re.M)
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(smtplib, "SMTP", Server)
    exec(compile(code, "for-integrators.md", "exec"), {})
    assert [message["To"] for message in sent] == ["ann@example.com"]
    assert capsys.readouterr().out == "no_consent\n"

"""Real HTML mails, converted and rendered, for the pixel test and the table of docs/convert.md."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailweave import Environment, Skip
from mailweave.migrate.html.campaign import convert_html
from mailweave.migrate.html.elements import page_of
from mailweave.migrate.html.sections import sections
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[2]
MAILS = 40
DIFFERENCES = ROOT / "fixtures" / "migrate" / "pixels.json"
PERSON = {"id": "1", "email": "ann@example.org"}
Camera = Callable[[str, int], bytes]
WIDTHS = (375, 600)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail: its name, as it was, and as it is rendered after conversion."""

    name: str
    before: str
    after: str
    blocks: tuple[str, ...]


def folder() -> Path:
    """Where the mails are; the test is skipped where they are not."""
    found = Path(os.environ.get("MAILWEAVE_EMAILS", ROOT.parent / "shared" / "data" / "emails"))
    if not found.is_dir():
        pytest.skip("needs MAILWEAVE_EMAILS=path/to/data/emails")
    return found


def names() -> list[str]:
    """Forty of them, spread over all."""
    try:
        every = sorted(path.relative_to(folder()).as_posix() for path in folder().rglob("*.html"))
    except pytest.skip.Exception:
        return []
    return [every[n * len(every) // MAILS] for n in range(MAILS)]


def text_of(name: str) -> str:
    return (folder() / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def converted(name: str, at: Path) -> Mail:
    """A mail before and after."""
    before = text_of(name)
    made = convert_html(Source(name, before), "mail")
    for path, content in made.files.items():
        file = at / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    mail = Environment().compile(at).render(PERSON)
    assert not isinstance(mail, Skip)
    return Mail(name, before, mail.html, tuple(each.name for each in sections(page_of(before))))


def known_differences() -> dict[str, str]:
    """By the name of a mail, what differs in its picture."""
    known: dict[str, str] = json.loads(DIFFERENCES.read_text(encoding="utf-8"))
    return known

"""Real HTML mails, converted and rendered; `python -m tests.migrate.mails` writes their table in docs/convert.md."""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailweave import Environment, Skip
from mailweave.migrate.html.campaign import convert_html
from mailweave.migrate.html.elements import page_of
from mailweave.migrate.html.sections import sections
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "convert.md"
HEAD = "| mail | blocks | lists | pixels at 375 and 600 |\n| --- | --- | --- | --- |\n"
MAILS = 40
PERSON = {"id": "1", "email": "ann@example.org"}


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was, and as it is rendered after conversion; its blocks, and how many loops there are."""

    name: str
    before: str
    after: str
    blocks: tuple[str, ...]
    lists: int

    @property
    def row(self) -> str:
        """Its row in the table."""
        short = self.name.removesuffix(".html").removesuffix("/content").replace("/templates", "", 1)
        return (
            f"| {short} | {', '.join(f'`{name}`' for name in self.blocks)} | {self.lists or ''} | equal |\n"
        )


def folder() -> Path | None:
    """Where the mails are, if they are there."""
    found = Path(os.environ.get("MAILWEAVE_EMAILS", ROOT.parent / "shared" / "data" / "emails"))
    return found if found.is_dir() else None


def names() -> list[str]:
    """Forty of them, spread over all."""
    at = folder()
    every = [] if at is None else sorted(path.relative_to(at).as_posix() for path in at.rglob("*.html"))
    return [every[n * len(every) // MAILS] for n in range(MAILS)] if every else []


def converted(name: str, to: Path) -> Mail:
    """A mail before and after; a campaign with an error raises."""
    at = folder()
    if at is None:
        pytest.skip("needs MAILWEAVE_EMAILS=path/to/data/emails")
    before = (at / name).read_text(encoding="utf-8").replace("\r\n", "\n")
    made = convert_html(Source(name, before), "mail")
    for path, content in made.files.items():
        file = to / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    mail = Environment().compile(to).render(PERSON)
    assert not isinstance(mail, Skip)
    blocks = tuple(each.name for each in sections(page_of(before)))
    loops = sum(content.count(b"{% for row in ") for content in made.files.values())
    return Mail(name, before, mail.html, blocks, loops)


def write_table() -> None:
    """Writes the table anew; the pixels are those that the test finds equal."""
    rows = []
    for name in names():
        with tempfile.TemporaryDirectory() as to:
            rows.append(converted(name, Path(to)).row)
    text = PAGE.read_text(encoding="utf-8")
    table = re.compile(re.escape(HEAD) + r"(?:\|.*\n)*")
    PAGE.write_text(table.sub(lambda _: HEAD + "".join(rows), text), encoding="utf-8")


if __name__ == "__main__":
    write_table()

"""A first campaign by the docs: every command of docs/new.md is typed in an empty folder, and says what stands there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.cli import group

PAGE = Path(__file__).resolve().parents[1] / "docs" / "new.md"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.S | re.M)
FILE = re.compile(r"^    (\S+)\n\n```\w+\n(.*?)^```$", re.S | re.M)


def commands(page: str) -> Iterator[tuple[str, str]]:
    """Each command with what is printed below it."""
    for language, text in FENCE.findall(page):
        if language == "console":
            for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
                command, _, printed = part.partition("\n")
                yield command, printed


def typed(command: str) -> str:
    program, *words = shlex.split(command)
    if program == "cat":
        return Path(words[0]).read_text(encoding="utf-8")
    assert program == "mailweave"
    done = CliRunner().invoke(group, words, prog_name="mailweave")
    assert done.exit_code == 0, (command, done.output)
    return done.output


def holds(printed: str, said: str) -> bool:
    """Whether the page tells the truth; a line `...` in it stands for any lines."""
    parts = re.split(r"^\.\.\.\n", printed, flags=re.M)
    return re.fullmatch("(?:.*\n)*".join(map(re.escape, parts)), said) is not None


def test_a_first_campaign_by_the_docs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    for name, content in FILE.findall(page):
        Path(name).write_text(content, encoding="utf-8")
    told = [(command, printed, typed(command)) for command, printed in commands(page)]
    assert told
    if request.config.getoption("--update-golden"):
        for command, printed, said in told:
            if not holds(printed, said):
                page = page.replace(f"$ {command}\n{printed}", f"$ {command}\n{said}", 1)
        PAGE.write_text(page, encoding="utf-8")
    for command, printed, said in told:
        assert holds(printed, said), (command, said)

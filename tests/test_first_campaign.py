"""Pages for beginners are true: typed from top to bottom in an empty folder, each command says what stands there.

A `console` fence is typed. A fence below an indented path is a file to write; a `diff` fence is a change to one.
"""

from __future__ import annotations

import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.cli import group
from mailweave.cli.verbs import VERBS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = {
    "new.md": ("batch",),
    "first-campaign.md": ("batch", "prove"),
    "libraries.md": (),
}  # and the extras that they need
STEP = re.compile(r"^(?:    (?P<file>\S+)\n\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.S | re.M)
COMMAND = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.M)
MENTIONED = re.compile(r"^    mailweave (\w+) .*$", re.M)
FAULTS = re.compile(r"^\d+ (?:error|warning)", re.M)
NEEDED_BY = {"duckdb": "batch", "z3": "prove"}


def typed(command: str, ends: int) -> str:
    program, *words = shlex.split(command)
    if program == "cat":
        return Path(words[0]).read_text(encoding="utf-8")
    if program == "cp":
        option, folder, copy = words
        assert option == "-r"
        shutil.copytree(folder, copy)
        return ""
    if program == "pip":
        return installed(*words)
    assert program == "mailweave"
    done = CliRunner().invoke(group, words, prog_name="mailweave")
    assert done.exit_code == ends, (command, done.output)
    return done.output


def installed(verb: str, wanted: str) -> str:
    """Nothing is installed here: the package has that name and these extras."""
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, _, extras = wanted.rstrip("]").partition("[")
    assert (verb, name) == ("install", about["name"])
    assert set(extras.split(",")) <= set(about["optional-dependencies"])
    return ""


def changed(text: str, change: str) -> str:
    """A text after a change: lines with a blank or `-` stand there once; those with a blank or `+` take their place."""
    lines = change.splitlines(keepends=True)
    old, new = ("".join(line[1:] for line in lines if line[0] in f" {sign}") for sign in "-+")
    assert text.count(old) == 1, change
    return text.replace(old, new)


def holds(printed: str, said: str) -> bool:
    """Whether the page tells the truth; a line `...` in it stands for any lines."""
    parts = re.split(r"^\.\.\.\n", printed, flags=re.M)
    return re.fullmatch("(?:.*\n)*".join(map(re.escape, parts)), said) is not None


def followed(page: str) -> Iterator[tuple[str, str, str]]:
    """Does what a page says; each command, what the page prints below it, and what it said."""
    for step in STEP.finditer(page):
        file, kind, text = step["file"], step["kind"], step["text"]
        if kind == "console":
            for command, printed in COMMAND.findall(text):
                yield command, printed, typed(command, 1 if FAULTS.search(printed) else 0)
        elif file:
            path = Path(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(
                changed(path.read_text(encoding="utf-8"), text) if kind == "diff" else text, encoding="utf-8"
            )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_for_beginners_is_true(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    for module, extra in NEEDED_BY.items():
        if extra in PAGES[name]:
            pytest.importorskip(module, reason=f"{module} is not installed: the extra `{extra}` brings it")
    monkeypatch.chdir(tmp_path)
    page = (DOCS / name).read_text(encoding="utf-8")
    told = list(followed(page))
    assert told
    if request.config.getoption("--update-golden"):
        for command, printed, said in told:
            if not holds(printed, said):
                page = page.replace(f"$ {command}\n{printed}", f"$ {command}\n{said}", 1)
        (DOCS / name).write_text(page, encoding="utf-8")
    for command, printed, said in told:
        assert holds(printed, said), (command, said)


def test_verbs_that_are_only_mentioned_are_there() -> None:
    assert {verb for name in PAGES for verb in MENTIONED.findall((DOCS / name).read_text("utf-8"))} <= set(
        VERBS
    )

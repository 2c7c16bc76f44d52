"""The desk as an author starts it: a process of its own, over a copy of a campaign."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="needs the extra `preview`")

ROOT = Path(__file__).resolve().parents[2]
CORNER = ROOT / "fixtures" / "preview" / "corner"
FLAGS = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --no-first-run"


@dataclass(frozen=True)
class Running:
    """A desk that runs, its address with the token, and the folder that it shows."""

    address: str
    folder: Path

    @property
    def host(self) -> str:
        return self.address.split("/")[2]

    @property
    def inside(self) -> str:
        """The path that begins with the token."""
        return "/" + self.address.split("/", 3)[3]

    @property
    def port(self) -> int:
        return int(self.host.rpartition(":")[2])

    def ask(self, door: str, **asked: Any) -> Any:
        """What a door answers to the page."""
        given = json.dumps(asked).encode()
        request = urllib.request.Request(
            self.address + door, given, {"content-type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def changed(self, after: int) -> int:
        """The number of the edition behind this one."""
        while True:
            with urllib.request.urlopen(f"{self.address}changes?after={after}", timeout=60) as answer:
                number = int(json.load(answer)["number"])
                if number > after:
                    return number

    def compiled(self) -> Any:
        """The state once lint and proofs had their say, or nothing compiles."""
        state = self.ask("state")
        while state["number"] == 0 or (state["current"] and not state["whole"]):
            self.changed(state["number"])
            state = self.ask("state")
        return state


def status(address: str, **headers: str) -> int:
    """The status of a GET."""
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def started(folder: Path, *options: str, stderr: int | None = None) -> tuple[subprocess.Popen[str], Running]:
    command = [sys.executable, "-m", "mailweave", "preview", str(folder), "--no-open", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
    assert process.stdout is not None
    return process, Running(process.stdout.readline().strip(), folder)


def over_a_copy(folder: Path, campaign: Path = CORNER) -> Iterator[Running]:
    shutil.copytree(campaign, folder)
    process, running = started(folder)
    yield running
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="session")
def corner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk over the campaign `corner`, for tests that change no file."""
    yield from over_a_copy(tmp_path_factory.mktemp("desk") / "corner")


@pytest.fixture
def own_corner(tmp_path: Path) -> Iterator[Running]:
    """A desk of the test's own, whose files it may change."""
    yield from over_a_copy(tmp_path / "corner")


@pytest.fixture(scope="session")
def browser(playwright: Any) -> Iterator[Any]:
    chromium = os.environ.get("MAILWEAVE_CHROMIUM") or shutil.which("chromium")
    browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split())
    yield browser
    browser.close()

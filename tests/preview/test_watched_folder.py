"""Saves are seen wherever the folder lies, whatever lies in it, and when it goes and comes back."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.preview.conftest import CORNER, Running, started


@pytest.fixture(params=["corner", "node_modules/corner", ".git/corner", ".venv/corner"])
def placed(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Running]:
    """A desk over a campaign somewhere, which prints nothing but its address."""
    folder = tmp_path / request.param
    shutil.copytree(CORNER, folder)
    process, running = started(folder, stderr=subprocess.PIPE)
    running.compiled()
    yield running
    process.terminate()
    assert process.communicate(timeout=30) == ("", "")


def save(running: Running, words: str) -> None:
    """Writes a block, and waits until a mail says so."""
    block = running.folder / "blocks" / "note" / "block.html"
    text = (CORNER / "blocks" / "note" / "block.html").read_text(encoding="utf-8")
    number = running.ask("state")["number"]
    block.write_text(text.replace("Plain words", words), encoding="utf-8")
    while words not in str(running.ask("mail", kind="saved", name="ann").get("parts")):
        number = running.changed(number)


def test_a_save_is_seen_wherever_the_folder_lies(placed: Running) -> None:
    save(placed, "Fresh words")


def gone(folder: Path) -> None:
    shutil.rmtree(folder)


def renamed(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def linked_to_itself(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.symlink_to(folder)


@pytest.mark.parametrize("away", [gone, renamed, linked_to_itself], ids=lambda each: each.__name__)
def test_a_folder_goes_and_comes_back(own_corner: Running, away: Callable[[Path], None]) -> None:
    state, folder = own_corner.compiled(), own_corner.folder
    away(folder)
    while state["current"]:
        own_corner.changed(state["number"])
        state = own_corner.ask("state")
    assert state["findings"][0]["severity"] == "error"
    if folder.is_symlink():
        folder.unlink()
    shutil.copytree(CORNER, folder)
    save(own_corner, "Words of the new folder")


def test_a_name_that_is_no_text_ends_nothing(placed: Running) -> None:
    Path(os.fsdecode(os.fsencode(placed.folder) + b"/\xff.txt")).write_bytes(b"x")
    save(placed, "Words behind it")


def test_a_block_that_leads_in_a_circle_hides_no_other(own_corner: Running) -> None:
    (own_corner.folder / "blocks" / "loop").symlink_to("loop")
    save(own_corner, "Words beside it")
    assert any(name.endswith("note/block.html") for name in own_corner.compiled()["files"].values())

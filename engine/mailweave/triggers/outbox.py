"""From the outbox of the state to files: each is written whole, under a name that its content gives, before it is let go."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

from mailweave.batch.disk import Disk
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.triggers.state import EXPOSED, OUTBOX, Box, State

MAILS: Final = "mails"
EXPOSURES: Final = "exposures"


def deliver(state: State, out: Path) -> None:
    """Writes what the outboxes hold. A file that a kill leaves half done is written again, as the same file.

    The folder of mails is there from the start, so that who sends what lies in it finds no mails and not no folder.
    """
    _make(out / MAILS)
    _deliver(state, OUTBOX, out / MAILS)
    _deliver(state, EXPOSED, out / EXPOSURES)


def _deliver(state: State, box: Box, folder: Path) -> None:
    for number, content in state.posted(box):
        _make(folder)
        write(folder, f"{number:08}-{sha256(content).hexdigest()[:16]}.jsonl", content)
        with state.transaction():
            state.delivered(number, box)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from None


def write(folder: Path, name: str, content: bytes) -> None:
    """Writes a file whole, or not at all. Raises MailweaveError."""
    disk, part = Disk(), folder / f".{name}.part"
    try:
        disk.write(part, content)
        disk.rename(part, folder / name)
        disk.sync_folder(folder)
    except OSError as error:
        raise _unwritable(folder / name, error) from None


def _unwritable(path: Path, error: OSError) -> MailweaveError:
    return MailweaveError([diagnose("MW024", place=str(path), what=f"cannot write: {error.strerror}")])

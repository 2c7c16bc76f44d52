"""From the outbox of the state to files: each is written whole, under a name that its content gives, before it is let go."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

from mailweave.batch.disk import Disk
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.triggers.state import State

MAILS: Final = "mails"


def deliver(state: State, out: Path) -> None:
    """Writes what the outbox holds. One that a kill leaves half done is written again, to the same file.

    The folder is there from the start, so that who sends what lies in it finds no mails and not no folder.
    """
    try:
        (out / MAILS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(out / MAILS, error) from None
    for number, content in state.posted():
        write(out / MAILS, f"{number:08}-{sha256(content).hexdigest()[:16]}.jsonl", content)
        with state.transaction():
            state.delivered(number)


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

"""Files with personal data: new ones that only their owner reads, whole or not there; a digest of what they hold."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from mailweave.diagnostics import MailweaveError, diagnose


def private(path: Path) -> BinaryIO:
    """A new file that only its owner reads."""
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")  # noqa: PTH123


def end(file: BinaryIO) -> None:
    """Closes a file whose content is then on the disk."""
    file.flush()
    os.fsync(file.fileno())
    file.close()


@contextmanager
def appearing(*targets: Path) -> Iterator[list[Path]]:
    """New files that become the targets at the end, the first of them last; or none does.

    Raises MailweaveError (MW833) for a disk that refuses, and for one name that stands for two files.
    """
    if len({target.resolve() for target in targets}) < len(targets):
        raise unusable(targets[0], "two files have one name")
    try:
        targets[0].parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".mailweave-", dir=targets[0].parent) as name:
            made = [Path(name) / f"{place}{target.suffix}" for place, target in enumerate(targets)]
            yield made
            for one, target in zip(reversed(made), reversed(targets), strict=True):
                os.replace(one, target)  # noqa: PTH105
    except OSError as error:
        raise unusable(
            targets[0], f"it cannot be written: {error.strerror or type(error).__name__}"
        ) from None


def unusable(path: Path, what: str) -> MailweaveError:
    """That a file cannot be used (MW833)."""
    return MailweaveError([diagnose("MW833", place=str(path), what=what)])


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

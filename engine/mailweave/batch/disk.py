"""The few things that a ledger does to a disk, each retried when a signal interrupts it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path


class Disk:
    """Durable steps: when one returns, a crash of the machine does not undo it."""

    def write(self, path: Path, content: bytes) -> None:
        """A whole file, fsynced."""
        with path.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def gather(self, path: Path, lines: Iterable[bytes], parts: Iterable[Path]) -> None:
        """A whole file made of lines, and of other files one behind the other, fsynced."""
        with path.open("wb") as file:
            file.writelines(lines)
            for part in parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, file)
            file.flush()
            os.fsync(file.fileno())

    def append(self, path: Path, line: bytes) -> None:
        """One line at the end of a file, fsynced; after a failure the file is as long as before."""
        with path.open("r+b") as file:
            before = file.seek(0, os.SEEK_END)
            try:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), before)
                raise

    def truncate(self, path: Path, size: int) -> None:
        """A file cut to `size` bytes, fsynced."""
        with path.open("r+b") as file:
            file.truncate(size)
            os.fsync(file.fileno())

    def rename(self, old: Path, new: Path) -> None:
        """A file under its final name."""
        old.replace(new)

    def remove(self, path: Path) -> None:
        """No file of this name."""
        path.unlink(missing_ok=True)

    def sync_folder(self, path: Path) -> None:
        """The names in a folder, made durable."""
        folder = os.open(path, os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

"""mailweave, killed by itself with SIGKILL at the so-manyth statement of SQL or step on the disk.

python -m tests.triggers.dying NUMBER trigger run ..
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mailweave.batch.disk import Disk


class Countdown:
    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, _: object = None) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def watched(count: Callable[[object], None]) -> None:
    """Counts each statement, and each write and rename, before it happens."""
    connect, disk_write, rename = sqlite3.connect, Disk.write, Disk.rename

    def connected(*given: Any, **named: Any) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*given, **named)
        db.set_trace_callback(count)
        return db

    def write(self: Disk, path: Path, content: bytes) -> None:
        count(path)
        path.write_bytes(content[: len(content) // 2])
        count(path)
        disk_write(self, path, content)

    def renamed(self: Disk, old: Path, new: Path) -> None:
        count(old)
        rename(self, old, new)
        count(new)

    sqlite3.connect = connected  # type: ignore[assignment]
    Disk.write, Disk.rename = write, renamed  # type: ignore[method-assign]


if __name__ == "__main__":
    from mailweave.cli import group

    watched(Countdown(int(sys.argv[1])))
    group(sys.argv[2:])

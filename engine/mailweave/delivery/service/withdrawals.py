"""Who has withdrawn: a file that is only appended to, safe on disk before anybody is told so.

A line for each withdrawal: `{"key": "42", "at": "2026-11-22T09:00:00Z"}`. Several processes may share one file; each
reads on where it stopped before it answers.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize

from mailweave.diagnostics import MailweaveError, diagnose


class Withdrawals:
    """The withdrawals in a file, which is made where there is none. Safe to share between threads.

    Raises MailweaveError (MW778) for a file that cannot be read whole: whose withdrawal is in it, nobody could tell.
    """

    def __init__(self, path: Path) -> None:
        self._place, self._keys, self._read, self._lock = str(path), set[str](), 0, threading.Lock()
        try:
            self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            _sync_folder(path.parent)
            self._read_on()
        except OSError as error:
            raise self._unusable(error.strerror or type(error).__name__) from None

    def has(self, key: str) -> bool:
        """Whether this recipient has withdrawn, by now. Raises OSError where the file can no longer be asked."""
        if os.fstat(self._file).st_size != self._read:
            with self._lock:
                self._read_on()
        return normalize("NFC", key) in self._keys

    def add(self, key: str, at: datetime | None = None) -> None:
        """Keeps one; when it returns, the line is on disk. Raises OSError where it cannot be kept."""
        moment = (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
        line = _line(normalize("NFC", key), moment.replace("+00:00", "Z"))
        with self._lock, self._alone():
            self._read_on()
            begins = "" if self._read == os.fstat(self._file).st_size else "\n"  # behind half a line
            data = f"{begins}{line}\n".encode()
            if os.write(self._file, data) != len(data):
                raise OSError("the disk took half a line")
            os.fsync(self._file)
            self._read_on()

    def close(self) -> None:
        """Lets go of the file."""
        os.close(self._file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _read_on(self) -> None:
        """Takes in the whole lines behind what was read."""
        size = os.fstat(self._file).st_size
        if size < self._read:
            raise OSError("the file became shorter")
        data = os.pread(self._file, size - self._read, self._read)
        whole = data[: data.rfind(b"\n") + 1]
        self._keys.update(key for line in whole.splitlines() if (key := self._key(line)) is not None)
        self._read += len(whole)

    def _key(self, line: bytes) -> str | None:
        """The key of a line; None for the half of one, which nobody was told is kept."""
        if not line.endswith(b"}"):
            return None
        try:
            found: Any = json.loads(line)
            key = found["key"]
        except (ValueError, TypeError, KeyError):
            key = None
        if not isinstance(key, str):
            raise self._unusable("a line in it is no withdrawal")
        return key

    def _unusable(self, what: str) -> MailweaveError:
        todo = "name a file of withdrawals that can be read and written: --withdrawals FILE"
        return MailweaveError([diagnose("MW778", place=self._place, what=what, todo=todo)])


def _line(key: str, at: str) -> str:
    """Its one brace that closes is its last sign, so that half a line is known as one.

    >>> _line("a}", "2026-11-22T09:00:00Z")
    '{"key": "a\\\\u007d", "at": "2026-11-22T09:00:00Z"}'
    """
    return f'{{"key": {json.dumps(key)}, "at": {json.dumps(at)}'.replace("}", "\\u007d") + "}"


def _sync_folder(folder: Path) -> None:
    """So that the name of a new file is on disk, too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)

"""The record of a sending: one checksummed line a fact, fsynced before anything is built on it.

`begun` is written before the server is given a mail, `sent`, `refused` or `deferred` when it has answered. A mail that
is begun and has no answer is in doubt. Lines hold idempotency keys and codes, and nothing of a person. Facts that wait
at the same time share one fsync.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import Any, Final

from mailweave.batch.disk import Disk
from mailweave.batch.ledger import Lock, entry_of, manifest_line
from mailweave.diagnostics import MailweaveError, diagnose

FOLDER, FILE = "sending", "ledger.jsonl"
_VERSION: Final = 1


class Fact(IntEnum):
    """What a line says of a mail; the last line of a mail counts."""

    BEGUN = 1
    SENT = 2
    REFUSED = 3
    DEFERRED = 4


_FACTS: Final = {fact.name.lower(): fact for fact in Fact}


class SendLedger:
    """What became of each mail of an output. Held by one process at a time."""

    def __init__(self, output: Path, now: float, disk: Disk | None = None) -> None:
        """Opens the ledger of an output, or begins it. now: seconds since 1970.

        Raises BatchError while another process sends, and MailweaveError for a damaged ledger.
        """
        self.folder, self._disk = output / FOLDER, disk or Disk()
        self.path = self.folder / FILE
        self._lock = Lock(self.folder)
        self._facts: dict[bytes, Fact] = {}  # by key, in the 16 octets that its digits are
        self._waiting: list[tuple[bytes, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        try:
            self.began = self._open(now)
        except BaseException:
            self._lock.close()
            raise

    def fact(self, key: str) -> Fact | None:
        """The last fact of a mail; None where nothing is known of it."""
        return self._facts.get(bytes.fromhex(key))

    def counts(self, keys: Iterable[str]) -> Counter[Fact | None]:
        """How many of these mails are in which state."""
        return Counter(map(self.fact, keys))

    async def write(self, key: str, fact: Fact, now: float, code: int = 0, status: str = "") -> None:
        """Adds a fact; when it returns, the line is on the disk. code, status: what the server answered.

        Raises OSError for a disk that refuses.
        """
        answer = {"code": code, **({"status": status} if status else {})} if code else {}
        at = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
        line = manifest_line({"key": key, "fact": fact.name.lower(), "at": at, **answer})
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((line, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await done
        self._facts[bytes.fromhex(key)] = fact

    def close(self) -> None:
        """Gives the lock back."""
        self._lock.close()

    def __enter__(self) -> SendLedger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def _write(self) -> None:
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            lines = b"".join([line for line, _ in waiting])
            try:
                await asyncio.to_thread(self._disk.append, self.path, lines)
            except OSError as error:
                for _, done in waiting:
                    done.set_exception(error)
            else:
                for _, done in waiting:
                    done.set_result(None)

    def _open(self, now: float) -> datetime:
        head = _read(self.path, self._facts, self._disk)
        if head is None:
            began = datetime.fromtimestamp(now, UTC)
            line = manifest_line({"sending": _VERSION, "began": began.isoformat()})
            self._disk.write(self.path, line)
            self._disk.sync_folder(self.folder)
            self._disk.sync_folder(self.folder.parent)
            return began
        if head.get("sending") != _VERSION:
            raise _damaged(self.path, "it is of another version of mailweave")
        return datetime.fromisoformat(head["began"])


def peek(output: Path) -> tuple[datetime | None, dict[bytes, Fact]]:
    """When an output was first sent, and the last fact of each mail, for a look that changes nothing."""
    facts: dict[bytes, Fact] = {}
    head = _read(output / FOLDER / FILE, facts, None)
    return (None if head is None else datetime.fromisoformat(head["began"])), facts


def _read(path: Path, facts: dict[bytes, Fact], disk: Disk | None) -> dict[str, Any] | None:
    """Reads the lines into `facts`, cuts off what a crash left torn at the end, and gives the first line; None where
    there is none. Raises MailweaveError for damage before a whole line."""
    if not path.is_file():
        return None
    head, whole, torn = None, 0, 0
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            entry = entry_of(line[:-1]) if line.endswith(b"\n") else None
            if entry is None:
                torn = torn or number
            elif torn:
                raise _damaged(path, f"line {torn} is damaged, and lines behind it are not")
            else:
                whole += len(line)
                head = entry if head is None else head
                if "key" in entry:
                    facts[bytes.fromhex(entry["key"])] = _FACTS[entry["fact"]]
    if torn and disk is not None:
        disk.truncate(path, whole)
    return head


def _damaged(path: Path, what: str) -> MailweaveError:
    return MailweaveError([diagnose("MW768", place=str(path), what=what)])

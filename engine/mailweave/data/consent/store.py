"""The files of a record of consents, and the steps by which they grow: none of them can be half done for good.

chain.jsonl     the chain; it names nobody, and can be shown
records.jsonl   the consents themselves with their salts; erasing takes lines out of it
head.json       where the chain ended when it was last written

The order of an addition is records, chain, head, each fsynced: a line of the chain is the commit point. Of an erasing it is
chain, head, records. Opening the store finishes or drops what a kill has left between two steps; a chain that is shorter
than its head was cut, and is refused. One kernel lock keeps a second writer out.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from mailweave.batch.disk import Disk
from mailweave.data.consent.chain import Head, Link, consent_links, erased_link, read_chain
from mailweave.data.consent.records import SALT, Consent, canonical, commitment
from mailweave.data.files import end, private
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.values.json_text import read_json

CHAIN, RECORDS, HEAD, LOCK = "chain.jsonl", "records.jsonl", "head.json", ".lock"
_DISK: Final = Disk()


class Kept(BaseModel):
    """A line of records.jsonl: which line of the chain it belongs to, the salt in hex, the consent."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    n: int
    salt: str
    record: Consent

    @property
    def commitment(self) -> str:
        """What the chain says of it."""
        return commitment(bytes.fromhex(self.salt), self.record.canonical)


class Recorded(NamedTuple):
    """What an addition did: how many consents are new, how many stood there already, where the chain ends."""

    added: int
    known: int
    head: Head


class ConsentStore:
    """A record of consents in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        """Whether anything was ever recorded."""
        return (self.folder / CHAIN).exists() or (self.folder / HEAD).exists()

    def add(self, consents: Iterable[Consent]) -> Recorded:
        """Records consents; those that stand there to the letter are not added again.

        Raises MailweaveError: MW842 for a store that was tampered with, MW833 for a disk that refuses.
        """
        with self._writing() as head:
            seen = {kept.record.canonical for kept in self.kept()}
            given = list(consents)
            new = [
                one for one in {each.canonical: each for each in given}.values() if one.canonical not in seen
            ]
            if new:
                head = self._append(head, new)
            return Recorded(len(new), len(given) - len(new), head)

    def erase(self, goes: Callable[[Kept], bool], at: str) -> int:
        """Destroys the consents that go, with their salts; how many. The chain says of which lines, and when, and holds.

        Raises MailweaveError as `add` does.
        """
        with self._writing() as head:
            numbers = [one.n for one in self.kept() if goes(one)]
            if numbers:
                self._erase(head, numbers, at)
            return len(numbers)

    def kept(self) -> Iterator[Kept]:
        """The consents that are there, in their order. Raises MailweaveError (MW842) for a line that is none."""
        path = self.folder / RECORDS
        if not path.exists():
            return
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if not line.endswith(b"\n"):
                    return
                kept = as_kept(line)
                if kept is None:
                    raise self._damaged(f"line {number} of {RECORDS} is no consent")
                yield kept

    def links(self) -> Iterator[Link]:
        """The lines of the chain. Raises MailweaveError (MW842) where one does not follow the other."""
        for link in read_chain(self.folder / CHAIN):
            if isinstance(link, str):
                raise self._damaged(link)
            yield link

    def head(self) -> Head:
        """Where the chain ended when it was last written. Raises MailweaveError (MW842)."""
        path = self.folder / HEAD
        if not path.exists() and any((self.folder / name).exists() for name in (CHAIN, RECORDS)):
            raise self._damaged(f"{HEAD} is missing")
        try:
            return Head.model_validate(read_json(path.read_text("utf-8"))) if path.exists() else Head()
        except (OSError, ValueError, RecursionError, ValidationError):
            raise self._damaged(f"{HEAD} cannot be read") from None

    @contextmanager
    def locked(self, *, shared: bool = False) -> Iterator[None]:
        """Waits for whoever writes now; `shared`: for reading, beside other readers."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise self._refused(error) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    # ---- one step each

    @contextmanager
    def _writing(self) -> Iterator[Head]:
        with self.locked():
            try:
                yield self._mended()
            except OSError as error:
                raise self._refused(error) from None

    def _append(self, head: Head, new: list[Consent]) -> Head:
        salted = [(secrets.token_bytes(SALT), one) for one in new]
        links = list(consent_links(head, (commitment(salt, one.canonical) for salt, one in salted)))
        kept = [
            Kept(n=link.n, salt=salt.hex(), record=one)
            for link, (salt, one) in zip(links, salted, strict=True)
        ]
        self._grow(RECORDS, b"".join(_line(one) for one in kept))
        self._grow(CHAIN, b"".join(link.line + b"\n" for link in links))
        return self._set_head(Head().then(links[-1]))

    def _erase(self, head: Head, numbers: list[int], at: str) -> None:
        link = erased_link(head, numbers, at)
        self._grow(CHAIN, link.line + b"\n")
        self._set_head(head.then(link))
        self._forget(set(numbers), link.n)

    def _forget(self, erased: Collection[int], chain: int) -> None:
        """Writes records.jsonl anew without these lines, and without those that no line of the chain commits."""
        part, path = self.folder / f".{RECORDS}.part", self.folder / RECORDS
        part.unlink(missing_ok=True)
        file = private(part)
        for kept in self.kept():
            if kept.n not in erased and kept.n <= chain:
                file.write(_line(kept))
        end(file)
        part.replace(path)
        _DISK.sync_folder(self.folder)

    def _grow(self, name: str, lines: bytes) -> None:
        path = self.folder / name
        if not path.exists():
            private(path).close()
        _DISK.append(path, lines)

    def _set_head(self, head: Head) -> Head:
        part = self.folder / f".{HEAD}.part"
        part.unlink(missing_ok=True)
        file: BinaryIO = private(part)
        file.write(canonical(head.model_dump()) + b"\n")
        end(file)
        part.replace(self.folder / HEAD)
        _DISK.sync_folder(self.folder)
        return head

    # ---- what a kill has left

    def _mended(self) -> Head:
        """The head of a store in which every step that was begun is finished or undone."""
        written, erased, head = self.head(), set[int](), Head()
        if not (self.folder / HEAD).exists():
            self._set_head(written)  # before anything else: a store without it was tampered with
        for name in (RECORDS, CHAIN):
            self._cut_torn(name)
        for link in self.links():
            head = head.then(link)
            erased.update(link.of)
            if link.n == written.n and head != written:
                raise self._damaged(f"line {link.n} of the chain is not the one that {HEAD} knows")
        if head.n < written.n:
            raise self._damaged(f"the chain has {head.n} lines, and had {written.n}")
        if any(kept.n in erased or kept.n > head.n for kept in self.kept()):
            self._forget(erased, head.n)
        return head if head == written else self._set_head(head)

    def _cut_torn(self, name: str) -> None:
        """Cuts a last line that has no end: whoever wrote it was killed, and had not been told that it stands."""
        path = self.folder / name
        size = path.stat().st_size if path.exists() else 0
        if not size:
            return
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            if file.read(1) == b"\n":
                return
        _DISK.truncate(path, _behind_last_line(path, size))

    def _damaged(self, what: str) -> MailweaveError:
        return MailweaveError([diagnose("MW842", place=str(self.folder), what=what)])

    def _refused(self, error: OSError) -> MailweaveError:
        what = f"it cannot be written: {error.strerror or type(error).__name__}"
        return MailweaveError([diagnose("MW833", place=str(self.folder), what=what)])


def as_kept(line: bytes) -> Kept | None:
    """A line of records.jsonl; None for what is none, or is not written as it was."""
    try:
        kept = Kept.model_validate(read_json(line.decode("utf-8")))
        is_plain = bytes.fromhex(kept.salt).hex() == kept.salt
    except (ValueError, RecursionError, ValidationError):
        return None
    return kept if is_plain and _line(kept) == line else None


def _line(kept: Kept) -> bytes:
    return canonical(kept.model_dump()) + b"\n"


def _behind_last_line(path: Path, size: int) -> int:
    """Where the last whole line ends."""
    step, at = 65_536, size
    with path.open("rb") as file:
        while at > 0:
            start = max(0, at - step)
            file.seek(start)
            found = file.read(at - start).rfind(b"\n")
            if found >= 0:
                return start + found + 1
            at = start
    return 0

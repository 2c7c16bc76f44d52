"""Crash-safe output: shards become part of it by one checksummed line in the manifest, in order.

The way of a shard: written under a temporary name, fsynced, renamed, its folder fsynced, then one
line appended to `manifest.jsonl` and fsynced: that line is the commit point. Whatever dies between
two steps leaves either the old state or the new one. Opening an output again mends what a crash
may leave (temporary files, a torn last line) and refuses what it may not (flipped bits, another
input). One kernel lock per output keeps a second writer out.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mailweave.batch.attached import FILES
from mailweave.batch.cut_mails import SHEETS, is_whole
from mailweave.batch.disk import Disk
from mailweave.batch.head_changes import changed
from mailweave.diagnostics import MailweaveError, diagnose

FORMAT = 2
MANIFEST, LOCK, SHARDS, DEAD = "manifest.jsonl", ".lock", "shards", "dead.jsonl"
_PART = ".part"
REPORT, REPORT_PAGE, LEFT_OUT = "report.json", "report.html", "left_out.jsonl"
_TOLD = (REPORT, REPORT_PAGE, DEAD, LEFT_OUT)
_OWN = (SHARDS, SHEETS, FILES, "seeds", "staged")  # folders in which an output adds, renames and removes
_DRY = "name another folder: a dry run goes on with nothing"
_TEMPORARY = re.compile(rf"\..*{re.escape(_PART)}")


@dataclass(frozen=True, slots=True)
class Head:
    """What an output is made from; an output is only resumed with the same. `options`: plain JSON, by name."""

    campaign: str
    input: str
    options: Mapping[str, Any]
    shards: int
    version: str
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Written:
    """A file that a worker has written under a temporary name and fsynced."""

    name: str
    temporary: str
    bytes: int
    sha256: str


class BatchError(MailweaveError):
    """A batch that cannot start, go on or finish."""


class Stuck(BatchError):
    """A batch whose workers end one after the other. What is committed stays, and can be gone on with."""


class Lock:
    """Keeps every other writer out of an output folder; the kernel gives it back when this process ends."""

    def __init__(self, folder: Path) -> None:
        """Makes the folder if need be. Raises BatchError when another process holds the lock."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._held = folder, _locked(folder)

    def require(self, *names: str) -> None:
        """Raises BatchError when the folder is not the locked one any more, or one of these files has gone."""
        try:
            same = os.path.samestat((self._folder / LOCK).stat(), os.fstat(self._held))
        except OSError:
            same = False
        if not same:
            raise _refused("MW817", self._folder, what="the folder of the output, or its lock,")
        for name in names:
            if not (self._folder / name).exists():
                raise _refused("MW817", self._folder, what=name)

    def close(self) -> None:
        """Gives the lock back."""
        os.close(self._held)

    def __enter__(self) -> Lock:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Ledger:
    """The output folder of one batch, locked by this process."""

    def __init__(
        self, folder: Path, head: Head, *, resume: bool, disk: Disk | None = None, locked: bool = False
    ) -> None:
        """Opens or begins an output; `locked`: the caller holds its lock.

        Raises BatchError, which names what is in the way.
        """
        self.folder, self.head = folder, head
        self._disk = disk or Disk()
        self._lock = None if locked else Lock(folder)
        with ExitStack() as undone:
            undone.callback(self.close)
            refuse_unasked(folder, resume=resume)
            self._entries = [json.dumps(entry) for entry in self._open()]  # a tenth of what the mappings take
            if not self._entries:
                self._begin()
            undone.pop_all()  # opened: the lock is kept until `close`

    @property
    def shards(self) -> tuple[Mapping[str, Any], ...]:
        """The committed shards, in order."""
        return tuple(map(json.loads, self._entries[1:]))

    @property
    def committed(self) -> int:
        """How many shards are committed; they are those from 0 on."""
        return len(self._entries) - 1

    def temporary(self, name: str, owner: int) -> Path:
        """Where process `owner` writes a file before it is committed."""
        return self.folder / SHARDS / f".{name}.{owner}{_PART}"

    def commit(self, files: tuple[Written, ...], facts: Mapping[str, Any]) -> None:
        """Makes the next shard part of the output."""
        for file in files:
            self._disk.rename(self.folder / SHARDS / file.temporary, self.folder / SHARDS / file.name)
        self._disk.sync_folder(self.folder / SHARDS)
        named = [{"name": f.name, "bytes": f.bytes, "sha256": f.sha256} for f in files]
        self._append({"shard": self.committed, "files": named, **facts})

    def finish(self, suffix: str, *more: Path) -> None:
        """Gathers the dead letters of all shards, whose files end in `suffix`, and `more` of them into one file: by
        key, those without one behind them by line, whatever the engine that read the list took for a key."""
        temporary = self.folder / f".{DEAD}{_PART}"
        dead = [f["name"] for s in self.shards for f in s["files"] if f["name"].endswith(suffix)]
        parts = (path for path in more if path.exists())
        self._disk.gather(temporary, _in_order(self.folder / SHARDS / name for name in dead), parts)
        self._disk.rename(temporary, self.folder / DEAD)
        self._disk.sync_folder(self.folder)

    def close(self) -> None:
        """Gives the lock back."""
        if self._lock is not None:
            self._lock.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> list[dict[str, Any]]:
        path = self.folder / MANIFEST
        (self.folder / SHARDS).mkdir(exist_ok=True)
        entries = read_manifest(path) if is_begun(self.folder) else []
        if entries:
            self._mend(path, entries)
            self._compare(entries[0])
            self._verify(entries)
        self._sweep(entries)
        return entries

    def _begin(self) -> None:
        self._disk.write(self.folder / MANIFEST, b"")
        self._disk.sync_folder(self.folder)
        self._append(asdict(self.head))

    def _append(self, entry: dict[str, Any]) -> None:
        self._disk.append(self.folder / MANIFEST, manifest_line(entry))
        self._entries.append(json.dumps(entry))

    def _mend(self, path: Path, entries: list[dict[str, Any]]) -> None:
        """Cuts off a torn last line."""
        whole = sum(len(manifest_line(entry)) for entry in entries)
        if path.stat().st_size != whole:
            self._disk.truncate(path, whole)

    def _compare(self, found: Mapping[str, Any]) -> None:
        what = changed(found, asdict(self.head))
        if what is not None:
            raise _refused("MW802", self.folder, what=what)

    def _verify(self, entries: list[dict[str, Any]]) -> None:
        for entry in entries[1:]:
            for file in entry["files"]:
                path = self.folder / SHARDS / file["name"]
                if not path.is_file():
                    raise _refused("MW803", path, what=f"{file['name']} is missing")
                if digest(path) != file["sha256"]:
                    raise _refused("MW803", path, what=f"{file['name']} is not what was written")
        for name in sorted({name for entry in entries[1:] for name in entry.get("sheets", ())}):
            if not is_whole(self.folder, name):
                what = f"the sheet {name} is missing, or not what was written"
                raise _refused("MW803", self.folder / SHEETS / name, what=what)

    def _sweep(self, entries: list[dict[str, Any]]) -> None:
        """Removes what was never committed."""
        keep = {file["name"] for entry in entries[1:] for file in entry["files"]}
        for path in (self.folder / SHARDS).iterdir():
            if path.name not in keep:
                self._disk.remove(path)
        for path in self.folder.glob(f".*{_PART}"):
            self._disk.remove(path)


def _in_order(files: Iterable[Path]) -> Iterator[bytes]:
    """Letters of shards, which are in the order of the keys but for those without one."""
    unkeyed: list[tuple[int, bytes]] = []
    for file in files:
        for letter in file.read_bytes().splitlines(keepends=True):
            about = json.loads(letter)
            if about["key"]:
                yield letter
            else:
                unkeyed.append((about["line"], letter))
    yield from (letter for _, letter in sorted(unkeyed))


def is_begun(folder: Path) -> bool:
    """Whether a folder holds an output, however little of it."""
    path = folder / MANIFEST
    return path.exists() and path.stat().st_size > 0


def refuse_unasked(folder: Path, *, resume: bool, dry_run: bool = False) -> None:
    """Raises BatchError when an output would be overwritten, or the files of somebody else."""
    if is_begun(folder):
        if dry_run:
            raise _refused("MW801", folder, folder=folder, help=_DRY)
        if not resume:
            raise _refused("MW801", folder, folder=folder)
        return
    help = "name another folder; nothing here has been changed"
    for name in _OWN:
        if any(not _TEMPORARY.fullmatch(path.name) for path in _inside(folder / name)):
            what = f"`{name}` in it holds files that are no part of an output"
            raise _refused("MW810", folder, what=what, help=help)
    told = [name for name in _TOLD if (folder / name).exists()]
    if told and not _is_report(folder / REPORT):
        raise _refused("MW810", folder, what=f"`{told[0]}` in it is no part of an output", help=help)


def _is_report(path: Path) -> bool:
    """Whether a dry run told of a list here: what it wrote is its own, and goes."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and {"input_rows", "rendered", "dead"} <= found.keys()


def _inside(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())


def manifest_line(entry: Mapping[str, Any]) -> bytes:
    """One line of the manifest: the entry and the CRC-32 of its text."""
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"))
    return f'{{"entry":{text},"crc32":"{zlib.crc32(text.encode()):08x}"}}\n'.encode()


def read_manifest(path: Path) -> list[dict[str, Any]]:
    """The entries of a manifest. A damaged end is left out; damage before a whole line is refused."""
    lines = path.read_bytes().split(b"\n")
    entries: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        entry = entry_of(line) if number < len(lines) else None
        if entry is None:
            if any(entry_of(later) is not None for later in lines[number:]):
                raise _refused("MW803", path, what=f"line {number} of the manifest is damaged")
            break
        entries.append(entry)
    return entries


def entry_of(line: bytes) -> dict[str, Any] | None:
    """The entry of a line, without its end; None where it is not whole."""
    try:
        found = json.loads(line)
        entry = found["entry"]
    except (ValueError, KeyError, TypeError):
        return None
    return entry if isinstance(entry, dict) and manifest_line(entry) == line + b"\n" else None


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _locked(folder: Path) -> int:
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise _refused("MW804", folder) from None
    return lock


def _refused(code: str, path: Path, **facts: object) -> BatchError:
    return BatchError([diagnose(code, place=str(path), **facts)])  # type: ignore[arg-type]  # facts are texts

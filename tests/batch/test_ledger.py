"""The ledger under kills, faults, damage and rivals: the old state or the new one, and nothing else."""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.batch.disk import Disk
from mailweave.batch.ledger import (
    DEAD,
    MANIFEST,
    SHARDS,
    BatchError,
    Head,
    Ledger,
    Written,
    manifest_line,
    read_manifest,
)
from mailweave.batch.rendering import as_line

HEAD = Head(campaign="c", input="i", options={"limit": None}, shards=3, version="1")


def write(ledger: Ledger, index: int, disk: Disk) -> None:
    """What a worker and the ledger do for one shard."""
    files = []
    for suffix in (".jsonl", ".dead.jsonl"):
        name, content = f"{index:05d}{suffix}", as_line({"line": 9 - index, "key": str(index % 2 or "")})
        path = ledger.temporary(name, 1)
        disk.write(path, content)
        files.append(Written(name, path.name, len(content), hashlib.sha256(content).hexdigest()))
    ledger.commit(tuple(files), {"good": 1, "dead": 1})


def run(folder: Path, disk: Disk | None = None) -> None:
    disk = disk or Disk()
    with Ledger(folder, HEAD, resume=True, disk=disk) as ledger:
        for index in range(ledger.committed, HEAD.shards):
            write(ledger, index, disk)
        ledger.finish(".dead.jsonl")


def content(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and p.name != ".lock"
    }


class Faulty(Disk):
    """Fails, or dies, at the n-th step; `half` of a write is done before it."""

    def __init__(self, at: int, fault: BaseException) -> None:
        self.left, self.fault = at, fault

    def _step(self, act: Callable[[], None], half: Callable[[], None] | None = None) -> None:
        self.left -= 1
        if self.left < 0:
            if half is not None:
                half()
            raise self.fault
        act()

    def write(self, path: Path, content: bytes) -> None:
        half = content[: len(content) // 2]
        self._step(lambda: Disk.write(self, path, content), lambda: Disk.write(self, path, half))

    def append(self, path: Path, line: bytes) -> None:
        half = line[: len(line) // 2]
        self._step(lambda: Disk.append(self, path, line), lambda: Disk.append(self, path, half))

    def gather(self, path: Path, lines: Iterable[bytes], parts: Iterable[Path]) -> None:
        given, told = list(parts), list(lines)
        some = told[: len(told) // 2]
        self._step(lambda: Disk.gather(self, path, told, given), lambda: Disk.gather(self, path, some, ()))

    def rename(self, old: Path, new: Path) -> None:
        self._step(lambda: Disk.rename(self, old, new))

    def remove(self, path: Path) -> None:
        self._step(lambda: Disk.remove(self, path))

    def sync_folder(self, path: Path) -> None:
        self._step(lambda: Disk.sync_folder(self, path))

    def truncate(self, path: Path, size: int) -> None:
        self._step(lambda: Disk.truncate(self, path, size))


class Killed(BaseException):
    """Stands for the death of the process."""


@pytest.mark.parametrize(
    "fault",
    [
        Killed(),
        OSError(errno.ENOSPC, "full"),
        OSError(errno.EIO, "broken"),
        InterruptedError(errno.EINTR, ""),
    ],
    ids=["killed", "ENOSPC", "EIO", "EINTR"],
)
def test_a_fault_at_any_step_and_a_resume_give_the_bytes_of_a_clean_run(
    tmp_path: Path, fault: BaseException
) -> None:
    run(tmp_path / "clean")
    clean = content(tmp_path / "clean")
    at = 0
    while True:
        folder = tmp_path / f"run{at}"
        try:
            run(folder, Faulty(at, fault))
        except (Killed, OSError) as raised:
            assert raised is fault  # noqa: PT017 - anything else must fail the test
        else:
            break
        run(folder)
        assert content(folder) == clean, f"step {at}"
        at += 1
    assert at > 20  # every step of three commits was tried


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 400), tail=st.binary(max_size=40))
def test_a_torn_or_garbage_tail_is_mended(
    tmp_path_factory: pytest.TempPathFactory, cut: int, tail: bytes
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    run(folder)
    clean = content(folder)
    manifest = folder / MANIFEST
    whole = manifest.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    manifest.write_bytes(whole[: max(last, len(whole) - cut)] + tail)
    run(folder)
    assert content(folder) == clean


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_a_flipped_bit_is_named_or_mended_never_kept(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("bits")
    run(folder)
    clean = content(folder)
    name = data.draw(st.sampled_from(sorted(n for n in clean if n != DEAD and clean[n])))
    damaged = bytearray(clean[name])
    at = data.draw(st.integers(0, len(damaged) - 1))
    damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    (folder / name).write_bytes(bytes(damaged))
    try:
        run(folder)
    except BatchError as error:
        assert error.diagnostics[0].code == "MW803"  # noqa: PT017 - or mended: either is right
        assert (folder / name).read_bytes() == bytes(damaged)  # refused, and nothing touched
    else:
        assert name == MANIFEST
        assert content(folder) == clean


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ("campaign", "the campaign"),
        ("input", "the input"),
        ("options", "the options"),
        ("version", "the version of mailweave"),
    ],
)
def test_what_has_changed_is_named(tmp_path: Path, field: str, words: str) -> None:
    run(tmp_path)
    changed: dict[str, Any] = {field: "other"}
    with pytest.raises(BatchError) as raised:
        Ledger(tmp_path, replace(HEAD, **changed), resume=True)
    assert raised.value.diagnostics[0].code == "MW802"
    assert raised.value.diagnostics[0].message == f"{words} changed since this output was begun"


def test_a_second_writer_is_kept_out(tmp_path: Path) -> None:
    with Ledger(tmp_path, HEAD, resume=False), pytest.raises(BatchError, match="another process"):
        Ledger(tmp_path, HEAD, resume=True)


def test_an_output_is_not_overwritten_unasked(tmp_path: Path) -> None:
    run(tmp_path)
    with pytest.raises(BatchError, match="MW801"):
        Ledger(tmp_path, HEAD, resume=False)


def test_a_lost_shard_is_named(tmp_path: Path) -> None:
    run(tmp_path)
    (tmp_path / SHARDS / "00001.jsonl").unlink()
    with pytest.raises(BatchError, match=r"00001\.jsonl is missing"):
        Ledger(tmp_path, HEAD, resume=True)


@given(st.dictionaries(st.text(), st.integers() | st.text(), max_size=4))
def test_manifest_lines_read_back(entry: dict[str, object]) -> None:
    assert manifest_line(entry).count(b"\n") == 1


def test_reading_a_manifest_gives_its_entries(tmp_path: Path) -> None:
    run(tmp_path)
    entries = read_manifest(tmp_path / MANIFEST)
    assert [e.get("shard") for e in entries] == [None, 0, 1, 2]

"""Whether a record of consents is what was written: each line of the chain, each commitment, each erasing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mailweave.data.consent.chain import Head, Link, read_chain
from mailweave.data.consent.store import CHAIN, RECORDS, ConsentStore, Kept, as_kept
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose


def verify(folder: Path, known: Head | None = None) -> tuple[Head, tuple[Diagnostic, ...]]:
    """Reads all of a record. Where its chain ends, and what is wrong (MW842), or was left by a kill (MW843).

    known: a head that was printed before, and kept elsewhere: the chain must still go through it. Nothing within the folder
    can show that all of it was put back to what it once was; only this does.
    """
    store = ConsentStore(folder)
    if not store.exists and not (folder / RECORDS).exists():
        return Head(), (_wrong(store, "there is no record of consents"),)
    with store.locked(shared=True):
        head, links, found = _of_chain(store, known)
        if not any(one.code == "MW842" for one in found):
            found += _of_records(store, links, head)
    return head, tuple(found)


def _of_chain(store: ConsentStore, known: Head | None) -> tuple[Head, list[Link], list[Diagnostic]]:
    head, links = Head(), list[Link]()
    try:
        written = store.head()
    except MailweaveError as error:
        return head, [], list(error.diagnostics)
    expected = [one for one in (written, known) if one is not None]
    for link in read_chain(store.folder / CHAIN):
        if isinstance(link, str):
            return head, [], [_wrong(store, link)]
        head = head.then(link)
        links.append(link)
        if any(one.n == link.n and one != head for one in expected):
            return head, [], [_wrong(store, f"line {link.n} of the chain is not the one that was there")]
    longest = max(one.n for one in expected)
    if head.n < longest:
        return head, [], [_wrong(store, f"the chain has {head.n} lines, and had {longest}")]
    is_behind = head.n > written.n or _is_torn(store.folder / CHAIN)
    left = "its last lines were written by somebody who was killed"
    return head, links, [_left(store, left)] if is_behind else []


def _of_records(store: ConsentStore, links: list[Link], head: Head) -> Iterator[Diagnostic]:
    """Every consent of the chain is there and is the one that was committed to, or was erased."""
    erased = {number for link in links for number in link.of}
    wanted = {link.n: link.commitment for link in links if link.kind == "consent"}
    yield from (
        _wrong(store, f"line {n} of the chain erases what is no consent")
        for n in sorted(erased - wanted.keys())
    )
    last = 0
    for number, kept in _lines(store.folder / RECORDS):
        if kept is None:
            yield _wrong(store, f"line {number} of {RECORDS} is no consent")
            continue
        if kept.n > head.n:
            yield _left(store, f"line {number} of {RECORDS} was never committed")
        elif kept.n in erased:
            yield _left(store, f"the consent of line {kept.n} was to be erased, and is still there")
        elif kept.n <= last or wanted.pop(kept.n, None) != kept.commitment:
            yield _wrong(
                store, f"line {number} of {RECORDS} is not what line {kept.n} of the chain commits to"
            )
        last = max(last, kept.n)
    for n in wanted:
        if n not in erased:
            yield _wrong(
                store, f"the consent of line {n} is gone, and the chain does not say that it was erased"
            )


def _lines(path: Path) -> Iterator[tuple[int, Kept | None]]:
    if path.exists():
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.endswith(b"\n"):
                    yield number, as_kept(line)


def _is_torn(path: Path) -> bool:
    if not path.exists() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, 2)
        return file.read(1) != b"\n"


def _wrong(store: ConsentStore, what: str) -> Diagnostic:
    return diagnose("MW842", place=str(store.folder), what=what)


def _left(store: ConsentStore, what: str) -> Diagnostic:
    return diagnose("MW843", place=str(store.folder), what=what)

"""The chain: a line for each consent and each erasing, which holds the hash of the line before it and nobody's data.

A line is canonical JSON. Whatever is changed, removed or put elsewhere makes a hash that does not fit (the construction is
that of a hash list, as in Haber and Stornetta 1991).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from mailweave.data.consent.records import canonical
from mailweave.values.json_text import read_json

START: Final = "0" * 64
"""The hash before the first line."""


class Link(BaseModel):
    """A line of the chain. n: from 1. commitment: of a consent; of: the lines whose consents were erased, `at` when."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    n: int
    kind: Literal["consent", "erased"]
    previous: str
    commitment: str = ""
    of: list[int] = []
    at: str = ""

    @property
    def line(self) -> bytes:
        """The line as it stands in the file, without its end."""
        return canonical(self.model_dump(exclude_defaults=True))


class Head(BaseModel):
    """Where a chain ends: how many lines it has, and the hash of the last."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    n: int = 0
    hash: str = START

    def __str__(self) -> str:
        return f"{self.n}:{self.hash}"

    def then(self, link: Link) -> Head:
        """The head behind one more line."""
        return Head(n=link.n, hash=hash_of(link.line))


def hash_of(line: bytes) -> str:
    """What the next line says of a line.

    >>> hash_of(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(line).hexdigest()


def consent_links(head: Head, commitments: Iterable[str]) -> Iterator[Link]:
    """Lines for consents behind a head."""
    for one in commitments:
        link = Link(n=head.n + 1, kind="consent", previous=head.hash, commitment=one)
        head = head.then(link)
        yield link


def erased_link(head: Head, of: Sequence[int], at: str) -> Link:
    """A line that says which consents are no more."""
    return Link(n=head.n + 1, kind="erased", previous=head.hash, of=sorted(of), at=at)


def read_chain(path: Path) -> Iterator[Link | str]:
    """The lines of a chain; for the first that is none, what is wrong with it. A last line without its end is no line."""
    if not path.exists():
        return
    head = Head()
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                return
            link = _read(line[:-1], head)
            yield link
            if isinstance(link, str):
                return
            head = head.then(link)


def _read(line: bytes, head: Head) -> Link | str:
    try:
        link = Link.model_validate(read_json(line.decode("utf-8")))
    except (ValueError, RecursionError, ValidationError):
        return f"line {head.n + 1} of the chain is none of its lines"
    if link.line != line or link.n != head.n + 1 or link.previous != head.hash:
        return f"line {head.n + 1} of the chain does not follow the line before it"
    return link


def parse_head(text: str) -> Head | None:
    """A head as it is printed, `12:9f86..`; None for what is none.

    >>> parse_head("3:" + "a" * 64).n, parse_head("3")
    (3, None)
    """
    number, _, hash = text.partition(":")
    ok = number.isascii() and number.isdigit() and len(hash) == 64 and set(hash) <= set("0123456789abcdef")
    return Head(n=int(number), hash=hash) if ok else None

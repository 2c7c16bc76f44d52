"""Where events come from: the seam, and files of lines of JSON.

A feed gives lines in batches. When all of a batch stands in the state, `commit` is called: a broker may then forget
it. What comes again is known by its id, so a feed may repeat as much as it likes.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from mailweave.diagnostics import MailweaveError, diagnose

_BATCH = 10_000


class Line(NamedTuple):
    """A line of JSON. place: where it stands, for who has to mend it. key: whose it is, if the line does not say.

    >>> Line('{"profile": "ann", "id": "7", "type": "open", "at": "2026-11-22T09:00Z"}', "stream:1").key is None
    True
    """

    text: str | bytes
    place: str
    key: str | None = None


class Feed(Protocol):
    """A source of events."""

    def batches(self) -> Iterator[Sequence[Line]]:
        """Lines, some at a time; an empty batch says that nothing has come for a while."""
        ...

    def commit(self) -> None:
        """What the last batch held is safe."""
        ...

    def close(self) -> None:
        """Lets go of the source."""
        ...


class FileFeed:
    """The lines of a file of JSON, packed by gzip or not; `-` is standard input. Blank lines are passed over.

    Raises MailweaveError (MW861) where it cannot be read.

    >>> feed = FileFeed("examples/cart/stream.jsonl")
    >>> [len(batch) for batch in feed.batches()]
    [14]
    """

    def __init__(self, path: str) -> None:
        self._path = path

    def batches(self) -> Iterator[Sequence[Line]]:
        """See `Feed`."""
        batch: list[Line] = []
        try:
            for number, text in enumerate(self._lines(), 1):
                if text.strip():
                    batch.append(Line(text, f"{self._path}:{number}"))
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
        except (OSError, EOFError) as error:
            what = getattr(error, "strerror", None) or "it does not unpack"
            raise MailweaveError([diagnose("MW861", place=self._path, what=what)]) from None
        yield batch

    def _lines(self) -> Iterator[bytes]:
        if self._path == "-":
            yield from sys.stdin.buffer
            return
        packed = self._path.endswith(".gz")
        with gzip.open(self._path) if packed else Path(self._path).open("rb") as file:
            yield from file

    def commit(self) -> None:
        """See `Feed`; a file is read again from its start."""

    def close(self) -> None:
        """See `Feed`; a file is closed where it ends."""

"""NDJSON in: lines taken as they come, several at once, never more of them held than one portion."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Final

LONGEST_LINE: Final = 1_000_000
"""Bytes of one recipient."""
_MOST: Final = 64  # lines of a portion: others get their turn after so many mails


class Lines:
    """Cuts what comes into lines, without the blank ones.

    A line that is too long is handed on cut, one byte beyond the limit, so that it is refused in its place; what follows it
    is whole.

    >>> lines = Lines()
    >>> [*lines.taken(b'{"a":1}\\n{"b'), *lines.taken(b'":2}\\n'), *lines.ended()]
    [b'{"a":1}', b'{"b":2}']
    """

    def __init__(self) -> None:
        self._held, self._is_cut = bytearray(), False

    def taken(self, chunk: bytes) -> Iterator[bytes]:
        """The lines that end in this chunk."""
        *ends, rest = chunk.split(b"\n")
        for part in ends:
            yield from self._line(part)
        self._held += rest
        if len(self._held) > LONGEST_LINE:
            yield from self._cut()

    def ended(self) -> Iterator[bytes]:
        """The line that ends with the body."""
        yield from self._line(b"")

    def _line(self, end: bytes) -> Iterator[bytes]:
        line, is_cut = bytes(self._held) + end, self._is_cut
        self._held.clear()
        self._is_cut = False
        if not is_cut and line.strip():
            yield line[: LONGEST_LINE + 1]

    def _cut(self) -> Iterator[bytes]:
        if not self._is_cut:
            yield bytes(self._held[: LONGEST_LINE + 1])
        self._held.clear()
        self._is_cut = True


async def portions(body: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    """The lines of a body, in order, up to 64 at a time."""
    lines = Lines()
    async for chunk in body:
        found = list(lines.taken(chunk))
        for start in range(0, len(found), _MOST):
            yield found[start : start + _MOST]
    if last := list(lines.ended()):
        yield last

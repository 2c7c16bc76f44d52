"""Many bytes between two processes of one machine, with as few calls and copies as there can be.

`multiprocessing` sends an object and its bytes apart, and takes new memory of all that is still to come for each piece
that it reads: for forty kilobytes that costs as much as a third of the mail.
"""

from __future__ import annotations

import os
import pickle
import struct
from collections.abc import Sequence
from typing import Any, Final

_HEAD: Final = struct.Struct("=QQ")  # bytes of what is pickled, and of the body
_PIECES: Final = 512  # of one call; the system takes 1,024
_ROOM: Final = 1 << 20


def write(file: int, about: object, body: Sequence[bytes]) -> None:
    """One frame: an object that is pickled, and the bytes of a body. Raises OSError where the other end is gone."""
    first = pickle.dumps(about)
    head = _HEAD.pack(len(first), sum(map(len, body)))
    left = [head, first, *body]
    while left:
        taken = os.writev(file, left[:_PIECES])
        left = _after(left, taken)


def _after(pieces: list[bytes], taken: int) -> list[bytes]:
    """What is left of pieces, of which so many bytes were taken."""
    for place, piece in enumerate(pieces):
        if taken < len(piece):
            return [piece[taken:], *pieces[place + 1 :]]
        taken -= len(piece)
    return []


class Reader:
    """Reads the frames of one end, into memory that it keeps."""

    def __init__(self, file: int) -> None:
        self._file, self._room = file, bytearray(_ROOM)

    def read(self) -> tuple[Any, bytes]:
        """The next frame. Raises EOFError and OSError where the other end is gone."""
        held = self._filled(0, _HEAD.size)
        size, length = _HEAD.unpack_from(self._room)
        start, end = _HEAD.size + size, _HEAD.size + size + length
        self._room += bytes(max(0, end - len(self._room)))
        self._filled(held, end)
        with memoryview(self._room) as view:
            return pickle.loads(view[_HEAD.size : start]), bytes(view[start:end])

    def _filled(self, held: int, wanted: int) -> int:
        """Reads until so many bytes are there; how many are. No frame follows before this one was answered."""
        with memoryview(self._room) as view:
            while held < wanted:
                count = os.readv(self._file, [view[held:]])
                if not count:
                    raise EOFError
                held += count
        return held

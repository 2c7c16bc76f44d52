"""Quoted-printable, RFC 2045, 6.7, line by line: lines of a campaign's mails recur, and are written once."""

from __future__ import annotations

import re

WIDTH = 76

_UNSAFE = re.compile(r"[^\t -~]+")
_LONGEST = 4096  # characters of a line worth remembering
_MOST = 4_000_000  # characters that are remembered; then it starts anew


class Lines(dict[str, bytes]):
    """`lines[line]` is the line as it is written, cut where it is long; a line end follows it.

    >>> Lines()["1 = 1 "]
    b'1 =3D 1=20'
    """

    __slots__ = ("_held",)

    def __init__(self) -> None:
        super().__init__()
        self._held = 0

    def __missing__(self, line: str) -> bytes:
        written = _written(line)
        if len(line) <= _LONGEST:
            if self._held > _MOST:
                self.clear()
                self._held = 0
            self._held += len(line)
            self[line] = written
        return written


def _written(line: str) -> bytes:
    data = _UNSAFE.sub(_escaped, line.replace("=", "=3D")).encode("ascii")
    if data.endswith((b" ", b"\t")):
        data = data[:-1] + b"=%02X" % data[-1]
    if data.startswith(b"From "):  # a mailbox of files takes it for the start of the next mail
        data = b"=46" + data[1:]
    return data if len(data) <= WIDTH else _cut(data)


def _escaped(found: re.Match[str]) -> str:
    return "".join([f"={octet:02X}" for octet in found[0].encode()])


def _cut(line: bytes) -> bytes:
    """A long line as short ones that end in `=`; no escape is cut."""
    lines: list[bytes] = []
    at, last = 0, len(line) - WIDTH
    while at < last:
        end = at + WIDTH - 1
        escape = line.rfind(b"=", end - 2, end)
        end = end if escape < 0 else escape
        lines.append(line[at:end])
        at = end
    return b"=\r\n".join([*lines, line[at:]]).replace(b"\nFrom ", b"\n=46rom=\r\n ")

"""Parameters of a MIME header: names of files in any script (RFC 2231)."""

from __future__ import annotations

import re
from collections.abc import Iterator

_QUOTED = re.compile(r"[ !#-\[\]-~]{0,60}")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&+-.^_`|~")
_CHARSET = "utf-8''"
_ROOM = 60  # characters of a piece: with its name it stays in a line of 78


def parameter(name: str, value: str) -> str:
    """A parameter as it is written behind the value of a header, each piece on a line of its own.

    >>> parameter("filename", "terms.pdf")
    ';\\r\\n filename="terms.pdf"'
    >>> parameter("filename", "Größe.pdf")
    ";\\r\\n filename*=utf-8''Gr%C3%B6%C3%9Fe.pdf"
    """
    if _QUOTED.fullmatch(value) and "=?" not in value:
        return f';\r\n {name}="{value}"'
    pieces = list(_pieces(value))
    if len(pieces) == 1:
        return f";\r\n {name}*={_CHARSET}{pieces[0]}"
    return "".join(
        [f";\r\n {name}*{at}*={piece if at else _CHARSET + piece}" for at, piece in enumerate(pieces)]
    )


def _pieces(value: str) -> Iterator[str]:
    """The value with percent signs, cut between characters: there are readers that decode each piece by itself."""
    piece = ""
    for char in value:
        unit = (
            char
            if char in _PLAIN
            else "".join([f"%{octet:02X}" for octet in char.encode("utf-8", "replace")])
        )
        if len(piece) + len(unit) > _ROOM:
            yield piece
            piece = ""
        piece += unit
    yield piece

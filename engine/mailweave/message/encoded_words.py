"""Text beyond ASCII in headers: encoded words, RFC 2047."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence

LONGEST_WORD = 75
LONGEST_LINE = 76
"""Characters of a line that holds encoded words: RFC 2047, 2."""

_BASE64, _QUOTED, _END = "=?utf-8?b?", "=?utf-8?q?", "?="
_AROUND = len(_QUOTED) + len(_END)
# those that RFC 2047, 5 (3) lets stand in a phrase; they may stand anywhere
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_OCTETS = tuple(chr(octet) if octet in _PLAIN else f"={octet:02X}" for octet in range(256))


def encoded_words(text: str, room: int) -> str:
    """`text` as encoded words, one a line behind the first: read together they are `text` again.

    room: the columns that are left of the first line. No word splits a character.

    >>> encoded_words("Zoë and a friend of hers", 60)
    '=?utf-8?q?Zo=C3=AB_and_a_friend_of_hers?='
    """
    octets = [char.encode() for char in text]
    quoted = ["_" if one == b" " else "".join([_OCTETS[octet] for octet in one]) for one in octets]
    if sum(map(len, quoted)) <= 4 * sum(map(len, octets)) / 3:
        words = ["".join(quoted[at:end]) for at, end in _packed(quoted, room, 1)]
        return "\r\n ".join([f"{_QUOTED}{word}{_END}" for word in words])
    groups = [b64encode(b"".join(octets[at:end])) for at, end in _packed(octets, room, 3)]
    return "\r\n ".join([f"{_BASE64}{group.decode('ascii')}{_END}" for group in groups])


def _packed(units: Sequence[str | bytes], room: int, in_four: int) -> Iterator[tuple[int, int]]:
    """From where to where each word goes: as many units as find room. Base64 writes three octets in four characters."""
    most = _most(room, in_four)
    start = used = 0
    for at, unit in enumerate(units):
        used += len(unit)
        if used > most and at > start:
            yield start, at
            start, used, most = at, len(unit), _most(LONGEST_LINE - 1, in_four)
    yield start, len(units)


def _most(room: int, in_four: int) -> int:
    inside = min(room, LONGEST_WORD) - _AROUND
    return inside if in_four == 1 else inside // 4 * in_four

"""The body of a message: alternatives, around them what its HTML shows, around that the files (RFC 2046, 2387)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from mailweave.message.attachment import Attachment
from mailweave.message.bodies import base64_lines, encoded
from mailweave.message.parameters import parameter

_KEPT: Final = 1_000_000  # octets of a file whose lines are worth remembering: it goes with every mail


class Multipart(NamedTuple):
    """A multipart: the value of its `Content-Type`, and what stands behind its header, from the line end on."""

    type: str
    body: bytes


def body(seed: str, texts: Iterable[tuple[str, str]], files: Sequence[Attachment]) -> Multipart:
    """The body of a message. `texts`: the subtype of each alternative, least rich first, and the text. `seed` makes its
    boundaries."""
    invitations = [one for one in files if one.is_invitation]
    alternatives = [_text(f'text/{kind}; charset="utf-8"', text) for kind, text in texts]
    alternatives += [_text(one.type, one.content.decode("utf-8", "replace")) for one in invitations]
    made = _multipart("alternative", seed, alternatives)
    if not files:
        return made
    shown = [_file(one) for one in files if one.content_id]
    listed = [_file(one) for one in files if not one.content_id]
    if shown:
        root = ';\r\n type="multipart/alternative"'
        made = _multipart("related", f"{seed}\0related", [_nested(made), *shown], root)
    if listed:
        made = _multipart("mixed", f"{seed}\0mixed", [_nested(made), *listed])
    return made


def _multipart(kind: str, seed: str, parts: Sequence[bytes], about: str = "") -> Multipart:
    between = boundary(seed, parts)
    start = f"\r\n--{between}\r\n".encode()
    pieces = [piece for part in parts for piece in (start, part)]
    content = b"".join([*pieces, start[:-2], b"--\r\n"])
    return Multipart(f'multipart/{kind}{about};\r\n boundary="{between}"', content)


def _nested(inner: Multipart) -> bytes:
    return f"Content-Type: {inner.type}\r\n".encode() + inner.body


def _text(type: str, text: str) -> bytes:
    name, data = encoded(text)
    return b"Content-Type: %b\r\nContent-Transfer-Encoding: %b\r\n\r\n%b" % (
        type.encode(),
        name.encode(),
        data,
    )


def _file(one: Attachment) -> bytes:
    return _remembered(one) if len(one.content) <= _KEPT else _written(one)


def _written(one: Attachment) -> bytes:
    shown = "inline" if one.content_id else "attachment"
    lines = [
        f"Content-Type: {one.type}",
        "Content-Transfer-Encoding: base64",
        f"Content-Disposition: {shown}{parameter('filename', one.name)}",
        *([f"Content-ID: <{one.content_id}>"] if one.content_id else []),
        "\r\n",
    ]
    return "\r\n".join(lines).encode() + base64_lines(one.content)


_remembered = lru_cache(maxsize=16)(_written)


def boundary(seed: str, parts: Sequence[bytes]) -> str:
    """A boundary that occurs in none of the parts, the same for the same message.

    >>> boundary("7", [b""]) == boundary("7", [b"other"]), len(boundary("7", []))
    (True, 34)
    """
    found = f"=_{hashlib.sha256(seed.encode('utf-8', 'replace')).hexdigest()[:32]}"
    return boundary(found, parts) if any(found.encode() in part for part in parts) else found

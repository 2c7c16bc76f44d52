"""Bodies as bytes: 7bit where the text allows it, else quoted-printable or base64, the smaller (RFC 2045)."""

from __future__ import annotations

import re
from binascii import b2a_base64

from mailweave.message.quoted_printable import Lines

WIDTH = 78
"""Characters of a line that travels as it is: RFC 5322, 2.1.1."""

_BASE64_WIDTH = 76  # RFC 2045, 6.8
_SAFE = bytes([9, 10, *range(32, 127)])
_LONG = re.compile(rf"[^\n]{{{WIDTH + 1}}}")
_FROM = re.compile(r"^From ", re.MULTILINE)  # a mailbox of files takes it for the start of the next mail
_HALVES = re.compile(r"[\ud800-\udfff]")
_quoted = Lines()


def encoded(body: str) -> tuple[str, bytes]:
    """The name of the transfer encoding, and the body in it: lines end in CR LF.

    Line ends of every kind become CR LF. Half a character (a lone surrogate) becomes U+FFFD.

    >>> encoded("1 = 1\\n"), encoded("a café in town")
    (('7bit', b'1 = 1\\r\\n'), ('quoted-printable', b'a caf=C3=A9 in town'))
    """
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if _travels(body):
        return "7bit", body.encode().replace(b"\n", b"\r\n")
    try:
        quoted = b"\r\n".join([_quoted[line] for line in body.split("\n")])
    except UnicodeEncodeError:
        return encoded(_HALVES.sub("\ufffd", body))
    if len(quoted) <= len(body) * 4 // 3:  # base64 needs that much where all is ASCII, and else more
        return "quoted-printable", quoted
    data = body.encode().replace(b"\n", b"\r\n")
    if len(quoted) <= _base64_length(len(data)):
        return "quoted-printable", quoted
    return "base64", base64_lines(data)


def _travels(body: str) -> bool:
    """Whether no relay has a reason to touch it: ASCII, short lines, no controls."""
    if not body.isascii() or _LONG.search(body) or _FROM.search(body):
        return False
    return not body.encode().translate(None, _SAFE)


def _base64_length(octets: int) -> int:
    signs = (octets + 2) // 3 * 4
    return signs + (signs - 1) // _BASE64_WIDTH * 2


def base64_lines(data: bytes) -> bytes:
    """Octets in base64, in lines of 76 (RFC 2045, 6.8), without a line end behind the last."""
    whole = b2a_base64(data, newline=False)
    return b"\r\n".join([whole[at : at + _BASE64_WIDTH] for at in range(0, len(whole), _BASE64_WIDTH)])

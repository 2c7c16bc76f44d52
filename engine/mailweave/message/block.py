"""The finished header block, looked at once more before it leaves."""

from __future__ import annotations

import re
from functools import lru_cache

from mailweave.diagnostics import MailweaveError, diagnose

LONGEST = 998
"""Octets of a line: RFC 5322, 2.1.1."""

_KNOWN = (
    ("From", True),
    ("To", True),
    ("Reply-To", False),
    ("Subject", True),
    ("Date", True),
    ("Message-ID", True),
    ("List-Unsubscribe", False),
    ("List-Unsubscribe-Post", False),
)
_BEHIND = (("MIME-Version", True), ("Content-Type", True))
# a line end is followed by a blank and something that is seen, or by the next name
_FIELD = r"{name}: [ -~\x80-\xff]*(?:\r\n [ -~\x80-\xff]*[!-~\x80-\xff][ -~\x80-\xff]*)*\r\n"


def checked(block: bytes, *, international: bool, own: tuple[str, ...] = ()) -> bytes:
    """`block` itself: each known header at most once, in order, nothing else, no line too long.

    own: the names of the campaign's own headers, each of which stands there. Raises MailweaveError (MW030), which tells
    the rule and nothing of the block.
    """
    found = _wrong(block, international, own)
    if found:
        raise MailweaveError([diagnose("MW030", place="message", what=found)])
    return block


@lru_cache(maxsize=64)
def _block(own: tuple[str, ...]) -> re.Pattern[bytes]:
    names = (*_KNOWN, *((re.escape(name), True) for name in own), *_BEHIND)
    fields = [f"(?:{_FIELD.format(name=name)}){'' if always else '?'}" for name, always in names]
    return re.compile("".join(fields).encode("latin-1"))


def _wrong(block: bytes, international: bool, own: tuple[str, ...]) -> str:
    if not international and not block.isascii():
        return "a header holds letters beyond ASCII"
    if not _block(own).fullmatch(block):
        return "a line is no header of ours and no continuation of one"
    if len(block) > LONGEST and max(map(len, block.split(b"\r\n"))) > LONGEST:
        return f"a line has more than {LONGEST} octets"
    return ""

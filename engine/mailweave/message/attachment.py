"""A file that goes with a mail."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from mailweave.values.invalid_value import InvalidValue

LONGEST_NAME: Final = 255
"""Characters of a file's name: as many as most file systems take."""
MOST_BYTES: Final = 25 * 1024 * 1024
"""Octets of the files of one mail as they are sent: Gmail takes no larger mail."""

_TOKEN = r"[A-Za-z0-9!#$&^_.+-]+"
_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}(?:; ?{_TOKEN}=(?:{_TOKEN}|\"[ !#-\[\]-~]*\"))*")
_CONTENT_ID = re.compile(r"[A-Za-z0-9._+-]+(?:@[A-Za-z0-9.-]+)?")
_LONGEST_TYPE = 200
_OWN_ENCODING = ("multipart/", "message/")  # RFC 2046, 5: these may not be base64


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file. `type` is its media type, such as `application/pdf`. `content_id`, without angle brackets, is what the
    HTML calls it by (`<img src="cid:logo">`); where it is empty, a reader lists the file below the mail.
    """

    name: str
    type: str
    content: bytes = field(repr=False)
    content_id: str = ""

    @property
    def is_invitation(self) -> bool:
        """Whether it is a calendar's object that asks something of its reader (RFC 6047): readers want it beside the
        HTML, too."""
        kind, *parameters = self.type.lower().replace(" ", "").split(";")
        return kind == "text/calendar" and any(one.startswith("method=") for one in parameters)


def checked(one: Attachment) -> Attachment:
    """`one` itself, which can go with a mail. Raises InvalidValue, whose `path` is the field that cannot."""
    file_name(one.name)
    media_type(one.type)
    if one.content_id:
        content_id(one.content_id)
    if not isinstance(one.content, bytes):
        raise InvalidValue("is no bytes", "content")
    return one


def file_name(name: str) -> str:
    """`name` itself, the name of a file and of no folder. Raises InvalidValue.

    >>> file_name("Satzung für alle.pdf")
    'Satzung für alle.pdf'
    """
    if (
        not name
        or name in (".", "..")
        or re.search(r"[/\\]", name)
        or not name.isprintable()
        or name != name.strip()
    ):
        raise InvalidValue("is no name of a file: it is one line, without `/` and `\\`", "name")
    if len(name) > LONGEST_NAME:
        raise InvalidValue(f"is the name of a file, and longer than {LONGEST_NAME} characters", "name")
    return name


def media_type(text: str) -> str:
    """`text` itself, a media type such as `application/pdf`, perhaps with parameters. Raises InvalidValue."""
    if len(text) > _LONGEST_TYPE or not _TYPE.fullmatch(text):
        raise InvalidValue("is no media type such as application/pdf", "type")
    if text.lower().startswith(_OWN_ENCODING):
        raise InvalidValue(
            "is a media type that no file of a mail has: send it as application/octet-stream", "type"
        )
    return text


def content_id(text: str) -> str:
    """`text` itself, by which HTML can call a file: letters and digits of ASCII, `. _ + -`. Raises InvalidValue."""
    if len(text) > LONGEST_NAME or not _CONTENT_ID.fullmatch(text):
        raise InvalidValue(
            "is no content id: it has letters and digits of ASCII, `.`, `_`, `+` and `-`", "content_id"
        )
    return text


def checked_all(given: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Files that can go with one mail together. Raises InvalidValue."""
    files = tuple(map(checked, given))
    named = [one.content_id.lower() for one in files if one.content_id]
    if len(set(named)) < len(named):
        raise InvalidValue("is the content id of two files of one mail", "content_id")
    if sum(sent_bytes(len(one.content)) for one in files) > MOST_BYTES:
        raise InvalidValue(
            f"is more than {MOST_BYTES // 1024**2} MB with the other files, as they are sent", "content"
        )
    return files


def sent_bytes(size: int) -> int:
    """How many octets a file of `size` octets has in base64, in lines of 76 (RFC 2045, 6.8).

    >>> sent_bytes(57), sent_bytes(58)
    (78, 84)
    """
    signs = (size + 2) // 3 * 4
    return signs + (signs + 75) // 76 * 2

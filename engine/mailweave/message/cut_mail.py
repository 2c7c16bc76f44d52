"""A mail cut in two: what all who are shown the same blocks share, and the values of one recipient."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

Pieces: TypeAlias = tuple[str | int, ...]
"""Texts, and between them the numbers of values."""
Parts: TypeAlias = tuple[str, str, str | None]
"""HTML, text and AMP."""


@dataclass(frozen=True)
class Sheet:
    """The parts of a mail as they are for everybody with the same blocks. amp: None where nobody has such a part.

    >>> Sheet(("<p>Hi ", 0, "</p>"), ("Hi ", 1, "\\n"), None).filled(["Jo &amp; Ann", "Jo & Ann"])
    ('<p>Hi Jo &amp; Ann</p>', 'Hi Jo & Ann\\n', None)
    """

    html: Pieces
    text: Pieces
    amp: Pieces | None

    @cached_property
    def digest(self) -> str:
        """Names it by what it holds: 16 hexadecimal digits."""
        return hashlib.sha256(json.dumps(self.as_parts()).encode()).hexdigest()[:16]

    def as_parts(self) -> dict[str, Pieces | None]:
        """Its three lists by the names of the parts, for JSON."""
        return {"html": self.html, "text": self.text, "amp": self.amp}

    @classmethod
    def from_parts(cls, given: Mapping[str, Sequence[str | int] | None]) -> Sheet:
        """What `as_parts` gave. Raises KeyError or TypeError for what it did not.

        >>> Sheet.from_parts({"html": ["Hi ", 0], "text": [1], "amp": None})
        Sheet(html=('Hi ', 0), text=(1,), amp=None)
        """
        html, text, amp = given["html"], given["text"], given["amp"]
        return cls(tuple(html or ()), tuple(text or ()), None if amp is None else tuple(amp))

    def filled(self, values: Sequence[str]) -> Parts:
        """The parts with these values."""
        amp = None if self.amp is None else filled(self.amp, values)
        return filled(self.html, values), filled(self.text, values), amp


def filled(pieces: Pieces, values: Sequence[str]) -> str:
    """A part with these values.

    >>> filled(("Hi ", 1), ["Ann", "Jo"])
    'Hi Jo'
    """
    return "".join([values[piece] if isinstance(piece, int) else piece for piece in pieces])


_WHOLE, _WITHOUT_AMP = Sheet((0,), (1,), (2,)), Sheet((0,), (1,), None)


@dataclass(frozen=True, slots=True)
class CutMail:
    """The sheet of a mail, and its values, each escaped for its place. A recipient may have no AMP part though others
    with the sheet have one: the mail says so."""

    sheet: Sheet
    values: tuple[str, ...]


def whole(html: str, text: str, amp: str | None) -> CutMail:
    """A mail that cannot be cut: each part is one value."""
    return CutMail(_WITHOUT_AMP, (html, text)) if amp is None else CutMail(_WHOLE, (html, text, amp))

"""A mail cut in two: what all who are shown the same blocks share, and the values of one recipient."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
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
        return hashlib.sha256(self.as_json().encode()).hexdigest()[:16]

    def as_json(self) -> str:
        """An object of three lists of texts and whole numbers, in ASCII."""
        return json.dumps({"html": self.html, "text": self.text, "amp": self.amp})

    @classmethod
    def from_json(cls, text: str) -> Sheet:
        """What `as_json` wrote. Raises ValueError, KeyError or TypeError for what it did not.

        >>> Sheet.from_json('{"html": ["Hi ", 0], "text": [1], "amp": null}')
        Sheet(html=('Hi ', 0), text=(1,), amp=None)
        """
        given = json.loads(text)
        amp = given["amp"]
        return cls(tuple(given["html"]), tuple(given["text"]), None if amp is None else tuple(amp))

    def filled(self, values: Sequence[str]) -> Parts:
        """The parts with these values."""
        html, text, amp = (
            None
            if pieces is None
            else "".join([values[piece] if isinstance(piece, int) else piece for piece in pieces])
            for pieces in (self.html, self.text, self.amp)
        )
        return html or "", text or "", amp


_WHOLE, _WITHOUT_AMP = Sheet((0,), (1,), (2,)), Sheet((0,), (1,), None)


@dataclass(frozen=True, slots=True)
class CutMail:
    """The sheet of a mail, and its values, each escaped for its place. A recipient may have no AMP part though others
    with the sheet have one: the mail says so."""

    sheet: Sheet
    values: tuple[str, ...]


def whole(parts: tuple[str, str, str | None, str]) -> CutMail:
    """A mail that cannot be cut: each part is one value."""
    html, text, amp, _ = parts
    return CutMail(_WITHOUT_AMP, (html, text)) if amp is None else CutMail(_WHOLE, (html, text, amp))

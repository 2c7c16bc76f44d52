"""Names that stand for Liquid where an HTML or CSS parser reads.

A name is a word that occurs nowhere in the text it is made for, so that it can be put back exactly, and
nothing that the author wrote (entity-encoded braces, for example) can become Liquid by being parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from mailweave.markup.pieces import pieces

_FIRST = "lqz"


class Shield:
    """Hides texts behind names, and puts them back.

    >>> shield = Shield("Hi {{ name }}")
    >>> hidden = shield.cover("Hi {{ name }}")
    >>> hidden, shield.restore(hidden)
    ('Hi lqz0z', 'Hi {{ name }}')
    """

    def __init__(self, *texts: str) -> None:
        self.nonce = _absent_from(texts)
        self._hidden: list[str] = []
        self._names: dict[str, str] = {}
        self._pattern = re.compile(rf"/\*!{self.nonce}(\d+)z!\*/|{self.nonce}(\d+)z")

    @property
    def made(self) -> int:
        """How many names there are."""
        return len(self._hidden)

    def is_absent_from(self, texts: Sequence[str]) -> bool:
        """Whether its names cannot occur in these texts."""
        return self.nonce not in _folded(texts)

    def hide(self, text: str) -> str:
        """The name that stands for `text`; the same text gets the same name."""
        name = self._names.get(text)
        if name is None:
            name = self._names[text] = f"{self.nonce}{len(self._hidden)}z"
            self._hidden.append(text)
        return name

    def alias(self, text: str) -> str:
        """A name of its own that stands for `text`, another each time."""
        self._hidden.append(text)
        return f"{self.nonce}{len(self._hidden) - 1}z"

    def cover_css(self, css: str) -> str:
        """CSS with each output replaced by a name, and each tag by a comment that holds one."""
        return self.cover(css, lambda name, is_output: name if is_output else f"/*!{name}!*/")

    def cover(self, text: str, wrap: Callable[[str, bool], str] = lambda name, _is_output: name) -> str:
        """`text` with each piece of Liquid replaced by `wrap(its name, whether it is an output)`."""
        if "{" not in text:
            return text
        out, at = [], 0
        for piece in pieces(text):
            name = self.hide(piece.text)
            out += [text[at : piece.span.start], wrap(name, piece.text.startswith("{{"))]
            at = piece.span.stop
        return "".join([*out, text[at:]])

    def restore(self, text: str, static: Callable[[str], str] = lambda part: part) -> str:
        """`text` with all names replaced by what they stand for; `static` is applied to the rest."""
        out, at = [], 0
        for match in self._pattern.finditer(text):
            out += [
                static(text[at : match.start()]),
                self.restore(self._hidden[int(match.group(1) or match.group(2))]),
            ]
            at = match.end()
        return "".join([*out, static(text[at:])])

    def hides(self, text: str) -> bool:
        """Whether `text` holds a name."""
        return self.nonce in text

    def names(self, text: str) -> list[str]:
        """The names in `text`, in order."""
        return [f"{self.nonce}{match.group(1) or match.group(2)}z" for match in self._pattern.finditer(text)]


def _folded(texts: Sequence[str]) -> str:
    return "\0".join(texts).casefold()


def _absent_from(texts: Sequence[str]) -> str:
    folded = _folded(texts)
    nonce = _FIRST
    while nonce in folded:
        nonce += "q"
    return nonce


def in_attribute(static: str) -> str:
    """Static text as it stands in an attribute, between double quotes; its braces cannot become Liquid."""
    for char, entity in (("&", "&amp;"), ('"', "&quot;"), ("<", "&lt;"), ("{", "&#123;")):
        static = static.replace(char, entity)
    return static

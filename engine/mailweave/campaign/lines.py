"""Lines of text: subjects, preheaders, names. What they say goes into headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from mailweave.liquid import Template
from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.message.cleaning import one_line
from mailweave.message.templating import Authored

_QUOTED = re.compile(r"\{\{-?\s*(?:\"([^\"]*)\"|'([^']*)')\s*-?\}\}")
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*)\{%-?\s*endraw\s*-?%\}", re.DOTALL)


class Line:
    """A template for one line: cleaned, and without tags of another templating that came from values."""

    __slots__ = ("_authored", "template")

    def __init__(self, template: Template, text: str) -> None:
        """text: the template as its author wrote it."""
        self.template, self._authored = template, Authored(list(literals(text)))

    @property
    def fixed(self) -> str | None:
        """The line of everybody, where the template holds no Liquid."""
        return self.template.fixed

    def render(self, data: Mapping[str, Any], *, now: datetime) -> str:
        """The line for one recipient. Raises TemplateError."""
        return self.cleaned(self._authored.broken_up(self.template.render(data, now=now)))

    def cleaned(self, text: str) -> str:
        """A text as it may be said."""
        return one_line(text)


class Paragraphs(Line):
    """A template for lines that stand below each other, each as clean as one."""

    __slots__ = ()

    def cleaned(self, text: str) -> str:
        """Each line by itself."""
        return "\n".join(map(one_line, text.splitlines())).strip()


def literals(text: str) -> Iterator[str]:
    """What an author wrote to be shown as it stands, piece by piece of unbroken text.

    >>> list(literals("Hi {{ name }}, {{ '{{' }} bye }}"))
    ['Hi', ', {{ bye }}']
    """
    run, at = "", 0
    for piece in pieces(text):
        run += text[at : piece.span.start]
        at = piece.span.stop
        shown = _shown(piece)
        if shown is None:
            yield run.strip()
            run = ""
        else:
            run += shown
    yield (run + text[at:]).strip()


def _shown(piece: Piece) -> str | None:
    """The text of a piece that is text, in Liquid's words."""
    found = (_RAW if piece.kind is Kind.VERBATIM else _QUOTED).fullmatch(piece.text)
    return None if found is None else next((one for one in found.groups() if one is not None), "")

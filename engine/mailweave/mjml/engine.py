"""The one door to mrml, the compiler of MJML. It is given a page of ours, and reads no file and no network."""

from __future__ import annotations

import re
from typing import Final

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.source import Source, Span

EXTRA: Final = "mjml"
_AT: Final = re.compile(r"position (\d+)")


class Uncompiled(Exception):
    """What mrml cannot compile. at: where in the text that it was given, if it says so."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        found = _AT.search(what)
        self.at = int(found[1]) if found else None


def require_engine(source: Source) -> None:
    """Raises MailweaveError (MW022) where the extra `mjml` is not installed. source: what needs it."""
    try:
        import mrml  # noqa: F401
    except ImportError:
        raise MailweaveError([diagnose("MW022", source, Span(0, 1), what="MJML", extra=EXTRA)]) from None


def to_html(page: str) -> str:
    """The HTML of a page of MJML. Raises Uncompiled."""
    import mrml

    try:
        return mrml.to_html(page, None, mrml.RenderOptions(fonts={})).content
    except OSError as error:  # what mrml raises for all that it cannot read or render
        raise Uncompiled(str(error)) from None

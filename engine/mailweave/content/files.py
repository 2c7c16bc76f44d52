"""Files of a campaign as sources: read through its root; what is not read becomes a finding."""

from __future__ import annotations

from typing import Final

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.root import ENTRIES, Refused
from mailweave.source import Source, Span

TEXT: Final = 1_000_000  # bytes of a template, a style sheet, a rule file or a settings file
SNAPSHOT: Final = 64_000_000  # bytes of context.json, which holds catalogues


def refusal(
    refused: Refused,
    path: str,
    *,
    most: int = TEXT,
    source: Source | None = None,
    span: Span | None = None,
    where: str = "the campaign folder",
) -> Diagnostic:
    """Why a file is not read, and what to do; at `span` where a file names it, else at its own path.

    `path` is the file as its author knows it. What is missing is told by who wanted it.

    >>> refusal(Refused("special", "a.css", "it is a named pipe, not a file"), "mail/a.css").message
    '`mail/a.css` is not read: it is a named pipe, not a file'
    """
    place = "" if source is not None else path
    if refused.kind == "outside":
        return diagnose("MW008", source, span, place=place, path=path, where=where, help=_link(refused))
    if refused.kind == "large":
        return diagnose("MW051", source, span, place=place, path=path, most=most)
    if refused.kind == "crowded":
        return diagnose("MW052", source, span, place=place, path=path, most=ENTRIES)
    if refused.kind == "special":
        return diagnose("MW050", source, span, place=place, path=path, what=refused.what)
    return diagnose("MW006", source, span, place=place, what=path, why_not=refused.what)


def _link(refused: Refused) -> str:
    return f"{refused.what}; copy it into the folder" if "link" in refused.what else ""

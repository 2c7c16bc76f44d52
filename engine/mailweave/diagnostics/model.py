"""The types of a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from mailweave.source import Location, Source, Span


class Severity(Enum):
    """How bad a finding is. Errors and warnings make a check fail; notes do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        return ("error", "warning", "note").index(self.value)


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding: a row of the table from which `docs/errors.md` is written.

    `message` and `help` are `str.format` templates; `why` explains the rule to an author, in
    one or two sentences.
    """

    id: str
    name: str
    severity: Severity
    message: str
    help: str = ""
    why: str = ""

    @property
    def page(self) -> str:
        """The section that speaks of it, from the root of the repository.

        >>> Code("MW230", "unexpected-token", Severity.ERROR, "").page
        'docs/errors.md#mw230'
        """
        return f"docs/errors.md#{self.id.lower()}"


def error(id: str, name: str, message: str, help: str = "", why: str = "") -> Code:
    """A row for what is wrong."""
    return Code(id, name, Severity.ERROR, message, help, why)


def warning(id: str, name: str, message: str, help: str = "", why: str = "") -> Code:
    """A row for what is hardly meant."""
    return Code(id, name, Severity.WARNING, message, help, why)


def note(id: str, name: str, message: str, help: str = "", why: str = "") -> Code:
    """A row for what is worth knowing."""
    return Code(id, name, Severity.NOTE, message, help, why)


@dataclass(frozen=True, slots=True)
class Fix:
    """A replacement for a span that mends the finding."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that a finding speaks of."""

    message: str
    source: Source
    span: Span


Witness: TypeAlias = Mapping[str, Any] | tuple[Mapping[str, Any], ...]
"""A made-up recipient who shows a finding, or several who show it together, as plain JSON."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: what, where, and what to do about it.

    `source` and `span` are absent only when no text is to blame (a missing file, for example);
    `place` then names what is. `witness`: who shows it.
    """

    code: str
    name: str
    severity: Severity
    message: str
    source: Source | None = None
    span: Span | None = None
    help: str = ""
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    place: str = ""
    witness: Witness | None = field(default=None, compare=False)

    @property
    def location(self) -> Location | None:
        """File, line and column of the first character, when a text is to blame."""
        if self.source is None or self.span is None:
            return None
        return self.source.locate(self.span.start)

    @property
    def end(self) -> Location | None:
        """File, line and column just behind the last character."""
        if self.source is None or self.span is None:
            return None
        return self.source.locate_end(self.span)


def failed(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether a check with these findings fails: any error or warning."""
    return any(d.severity is not Severity.NOTE for d in diagnostics)


def ordered(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file, place, severity and code, without doubles."""

    def key(d: Diagnostic) -> tuple[str, int, int, str, str]:
        at = d.location
        name = at.name if at else d.place
        start = d.source.origin(d.span.start)[1] if d.source and d.span else -1
        return (name, start, d.severity.rank, d.code, d.message)

    def end(d: Diagnostic) -> int:
        if d.source is None or d.span is None:
            return 0
        return d.source.origin(max(d.span.start, d.span.stop - 1))[1]

    unique = {(*key(d), end(d)): d for d in diagnostics}
    return tuple(sorted(unique.values(), key=key))

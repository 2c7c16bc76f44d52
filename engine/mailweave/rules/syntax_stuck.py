"""Where the parser stopped in a statement, and what one mistake looks like from there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailweave.diagnostics import Diagnostic, Fix, diagnose
from mailweave.source import Source, Span


@dataclass(frozen=True, slots=True)
class SyntaxHint:
    """Where the parser stopped: `at`, in a statement that begins at `start`; `accepts` could go on."""

    source: Source
    code: str
    start: int
    at: int
    stop: int
    accepts: frozenset[str]
    keywords: Mapping[str, str]
    ended: bool

    @property
    def found(self) -> str:
        return self.code[self.at : self.stop]

    @property
    def before(self) -> str:
        """The text of the statement up to the place, at most a few lines of it."""
        return self.code[max(self.start, self.at - 300) : self.at]

    @property
    def after(self) -> str:
        return self.code[self.at : self.at + 300]

    def span(self, back: int = 0, length: int | None = None) -> Span:
        return Span(self.at - back, self.stop if length is None else self.at + length)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A habit or a slip: what stands `here`, and what stands right `before` it, in the same statement.

    `needs` are terminals, one of which the parser must have been able to take; `put` makes the replacement,
    `advice` what to do where the table's words do not say it.
    """

    code: str
    here: str
    before: str = ""
    needs: tuple[str, ...] = ()
    put: Callable[[re.Match[str], re.Match[str]], str] | None = None
    covers_before: bool = False
    advice: Callable[[re.Match[str], re.Match[str]], str] | str = ""

    def explains(self, stuck: SyntaxHint) -> Diagnostic | None:
        """The finding, when this is the mistake."""
        if self.needs and not stuck.accepts.intersection(self.needs):
            return None
        here = re.match(self.here, stuck.after)
        before = re.search(f"(?:{self.before})\\Z", stuck.before) if here else None
        if here is None or before is None:
            return None
        span = stuck.span(len(before[0]) if self.covers_before else 0, len(here[0]))
        text = self.put(before, here) if self.put else ""
        fix = Fix(span, text) if text else None
        span = _trimmed(stuck.code, span)
        found = stuck.code[span.start : span.stop].strip()
        help = self.advice if isinstance(self.advice, str) else self.advice(before, here)
        return diagnose(self.code, stuck.source, span, help=help, fix=fix, found=found, instead=text.strip())


def _trimmed(code: str, span: Span) -> Span:
    """Without the blanks at both ends: an author is shown words."""
    text = code[span.start : span.stop]
    start = span.start + len(text) - len(text.lstrip())
    return Span(start, max(start, span.start + len(text.rstrip())))

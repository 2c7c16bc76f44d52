"""Where the checker puts what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from mailweave.diagnostics import TABLE, Diagnostic, Fix, Related, Severity, diagnose
from mailweave.source import Source, Span

MOST_FINDINGS = 500


class Findings:
    """The findings of one check. Inside `called`, each says from where the let at hand was called."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[Diagnostic] = []
        self._calls: list[Related] = []
        self._failed = False

    def report(
        self,
        code: str,
        span: Span,
        *,
        help: str = "",
        fix: Fix | None = None,
        related: tuple[Related, ...] = (),
        **facts: object,
    ) -> None:
        """Adds a finding; those beyond a limit only count. Notes on a library's lines are for who checks that library."""
        if TABLE[code].severity is Severity.NOTE and self.source.is_shared(span.start):
            return
        self._failed |= TABLE[code].severity is Severity.ERROR
        if len(self.found) >= MOST_FINDINGS:
            return
        related += tuple(self._calls[-1:])
        made = diagnose(code, self.source, span, help=help, fix=fix, related=related, **cast(Any, facts))
        if made not in self.found:  # a condition that an experiment varies is read once for each arm
            self.found.append(made)

    def see(self, message: str, span: Span) -> tuple[Related, ...]:
        """Another place to point at."""
        return (Related(message, self.source, span),)

    def taken_back(self, since: int) -> list[Diagnostic]:
        """Takes out what was found behind the first `since` findings, but for errors."""
        lately = self.found[since:]
        self.found[since:] = (one for one in lately if one.severity is Severity.ERROR)
        return [one for one in lately if one.severity is not Severity.ERROR]

    @contextmanager
    def called(self, name: str, span: Span) -> Iterator[None]:
        """Findings inside belong to a `let` called at `span`."""
        self._calls.append(Related(f"`{name}` is called here", self.source, span))
        try:
            yield
        finally:
            self._calls.pop()

    @property
    def failed(self) -> bool:
        """Whether an error was found: then nothing can be compiled."""
        return self._failed

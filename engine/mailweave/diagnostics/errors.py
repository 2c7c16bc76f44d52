"""The exceptions of mailweave.

    MailweaveError            everything below
      CampaignError           a campaign folder that cannot be compiled
      RuleError               a rule text that cannot be compiled
      TemplateError           a Liquid template that cannot be compiled or rendered

Each carries `diagnostics`. A recipient who must not be mailed is a value (`Skip`), not an exception.
"""

from __future__ import annotations

from collections.abc import Iterable

from mailweave.diagnostics.model import Diagnostic, Severity, ordered


class MailweaveError(Exception):
    """Base of all errors that mailweave raises; `diagnostics` holds every finding, sorted."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = ordered(diagnostics)
        super().__init__(_summary(self.diagnostics))

    def __reduce__(self) -> tuple[type[MailweaveError], tuple[tuple[Diagnostic, ...]]]:
        return type(self), (self.diagnostics,)


class CampaignError(MailweaveError):
    """A campaign folder that cannot be compiled."""


class RuleError(MailweaveError):
    """A rule text that cannot be compiled."""


class TemplateError(MailweaveError):
    """A Liquid template that cannot be compiled, or that failed for one recipient."""


def _summary(diagnostics: tuple[Diagnostic, ...]) -> str:
    errors = [d for d in diagnostics if d.severity is Severity.ERROR] or list(diagnostics)
    if not errors:
        return "no diagnostics"
    first = errors[0]
    where = f"{first.location}: " if first.location else f"{first.place}: " if first.place else ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{where}{first.code} {first.message}{more}"

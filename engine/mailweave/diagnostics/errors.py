"""The exceptions of mailweave.

    MailweaveError            everything below
      CampaignError           a campaign folder that cannot be compiled
      RuleError               a rule text that cannot be compiled
      TemplateError           a Liquid template that cannot be compiled or rendered
      ArgumentError           a call that passes what cannot be used; also a TypeError and a ValueError

Each carries `diagnostics`. A recipient who must not be mailed is a value (`Skip`), not an exception.
"""

from __future__ import annotations

from collections.abc import Iterable

from mailweave.diagnostics.model import Diagnostic, Severity, ordered
from mailweave.diagnostics.table import diagnose


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


class ArgumentError(MailweaveError, TypeError, ValueError):
    """A caller's mistake, told once and at once: an argument, or a member of one, that cannot be used.

    `field` names it (`now`, `context`, `lookups.stock.CD-1`), `expected` says what it takes, `got` names the type that
    came or says what is wrong with it. The value itself is never told. `except TypeError` and `except ValueError`
    catch it too.

    >>> raise ArgumentError("MW040", "now", "a datetime with a zone", "str")
    Traceback (most recent call last):
    mailweave.diagnostics.errors.ArgumentError: MW040 now: expected a datetime with a zone, got str
    """

    def __init__(self, code: str, field: str, expected: str, got: str, help: str = "") -> None:
        found = diagnose(code, field=field, expected=expected, got=got, help=help)
        super().__init__((found,))
        self.field, self.expected, self.got = field, expected, got

    def __reduce__(self) -> tuple[type[ArgumentError], tuple[str, ...]]:  # type: ignore[override]  # narrower
        (found,) = self.diagnostics
        return type(self), (found.code, self.field, self.expected, self.got, found.help)


def _summary(diagnostics: tuple[Diagnostic, ...]) -> str:
    errors = [d for d in diagnostics if d.severity is Severity.ERROR] or list(diagnostics)
    if not errors:
        return "no diagnostics"
    first = errors[0]
    where = f"{first.location}: " if first.location else f"{first.place}: " if first.place else ""
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"{where}{first.code} {first.message}{more}"

"""What is answered in place of a result: an HTTP status, and findings as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from typing_extensions import TypedDict

from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose


class Refusal(MailweaveError):
    """A request that is answered with an error. `status` is that of HTTP."""

    def __init__(self, status: int, diagnostics: Iterable[Diagnostic]) -> None:
        super().__init__(diagnostics)
        self.status = status


def refusal(status: int, code: str, *, place: str = "", help: str = "", **facts: object) -> Refusal:
    """A refusal with one finding.

    >>> refusal(404, "MW771", place="campaign").diagnostics[0].name
    'unknown-campaign'
    """
    found: Diagnostic = diagnose(code, None, None, place=place, help=help, **facts)  # type: ignore[arg-type]  # facts only
    return Refusal(status, [found])


def own_fault(error: Exception) -> Refusal:
    """That mailweave is at fault, by the kind of the error alone: its text could hold a recipient's data."""
    return refusal(500, "MW779", kind=type(error).__name__)


class ErrorItem(TypedDict):
    """One finding. `place` is the member of the request, the field of the recipient, or file, line and column."""

    code: str
    name: str
    message: str
    place: str
    help: str


class Errors(TypedDict):
    """Why there is no result."""

    status: Literal["failed"]
    errors: list[ErrorItem]


def errors(diagnostics: Iterable[Diagnostic]) -> Errors:
    """Findings as the service answers them: what they say of a recipient's data never holds a value."""
    return {"status": "failed", "errors": [_item(one) for one in diagnostics]}


def _item(one: Diagnostic) -> ErrorItem:
    place = one.place if one.location is None else str(one.location)
    return {"code": one.code, "name": one.name, "message": one.message, "place": place, "help": one.help}

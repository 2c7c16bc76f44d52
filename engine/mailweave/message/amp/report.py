"""What a validation says: a status and errors with the official codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mailweave.message.amp.rules import rules

Status = Literal["PASS", "FAIL"]


@dataclass(frozen=True, slots=True)
class AmpError:
    """One finding of the AMP rules.

    `code` and `message` are the official ones; `severity` is ERROR or WARNING; `line` counts from 1
    and `col` from 0, as the official validator counts them.
    """

    code: str
    severity: str
    line: int
    col: int
    message: str


@dataclass(frozen=True, slots=True)
class AmpReport:
    """The verdict on one document: PASS when no error has the severity ERROR."""

    status: Status
    errors: tuple[AmpError, ...]

    @property
    def passed(self) -> bool:
        """Whether it is valid AMP for Email."""
        return self.status == "PASS"

    def as_dict(self) -> dict[str, object]:
        """The form that `mailweave amp --format json` prints."""
        return {
            "status": self.status,
            "errors": [
                {"code": e.code, "severity": e.severity, "line": e.line, "col": e.col, "message": e.message}
                for e in self.errors
            ],
        }


def finding(code: str, place: tuple[int, int], *params: object, warning: bool = False) -> AmpError:
    """An error of the official table; `params` fill its message."""
    message = rules().messages[code]
    for number, param in reversed(tuple(enumerate(params, 1))):
        message = message.replace(f"%{number}", str(param))
    return AmpError(code, "WARNING" if warning else "ERROR", max(place[0], 1), max(place[1], 0), message)


def report(errors: Iterable[AmpError]) -> AmpReport:
    """Errors in the order of their places, and the verdict."""
    ordered = tuple(sorted(errors, key=lambda e: (e.line, e.col)))
    failed = any(error.severity != "WARNING" for error in ordered)
    return AmpReport("FAIL" if failed else "PASS", ordered)

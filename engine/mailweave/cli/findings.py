"""Printing findings from a verb, with the right exit code."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

import click

from mailweave.diagnostics import Diagnostic, failed
from mailweave.diagnostics.junit import print_junit
from mailweave.diagnostics.printers import PRINTERS as _PRINTERS

PRINTERS = {**_PRINTERS, "junit": print_junit}
_F = TypeVar("_F", bound=Callable[..., Any])


def format_option(command: _F) -> _F:
    """The option `--format`, wherever findings are printed."""
    option = click.option(
        "--format",
        "form",
        type=click.Choice(list(PRINTERS)),
        default="text",
        show_default=True,
        help="How findings are printed.",
    )
    return option(command)


def budget_option(command: _F) -> _F:
    """The option `--budget`, wherever findings are proved."""
    option = click.option(
        "--budget",
        type=click.FloatRange(min=0.01),
        default=2.0,
        show_default=True,
        metavar="SECONDS",
        help="Time for one question; what takes longer is undecided.",
    )
    return option(command)


def report(diagnostics: Iterable[Diagnostic], form: str = "text", *, err: bool = False) -> int:
    """Prints findings; returns the exit code: 1 for errors and warnings, else 0."""
    text, code = written(diagnostics, form)
    if text:
        click.echo(text, nl=False, err=err)
    return code


def written(diagnostics: Iterable[Diagnostic], form: str = "text") -> tuple[str, int]:
    """Findings as they are printed, and the exit code."""
    found = tuple(diagnostics)
    return PRINTERS[form](found), int(failed(found))


def counted(diagnostics: Iterable[Diagnostic]) -> str:
    """How often each finding is met, the most frequent first."""
    found = Counter((d.code, d.name, d.severity.value) for d in diagnostics)
    rows = sorted(found.items(), key=lambda row: (-row[1], row[0]))
    return "".join(f"{count:6d}  {code} {name} ({severity})\n" for (code, name, severity), count in rows)


def fail(diagnostics: Iterable[Diagnostic]) -> NoReturn:
    """Prints findings to standard error and ends the verb with exit code 1."""
    report(diagnostics, err=True)
    raise SystemExit(1)

"""What `mailweave batch` says while it runs and when it has ended."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

import click

from mailweave.batch import Progress
from mailweave.cli.findings import report as printed
from mailweave.diagnostics import Diagnostic

_EVERY: Final = 10.0  # seconds between two lines where there is no terminal
_SHARE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)%")
_REASONS: Final = 10
_SLOWER: Final = (
    "rendered more slowly: {interpreted:,} templates interpreted, {apart:,} parts in two walks; "
    "`mailweave check` says which"
)


def share(text: str | None, option: str = "--max-dead") -> float | None:
    """A share that a person typed.

    >>> share("5%")
    0.05
    """
    if text is None:
        return None
    found = _SHARE.fullmatch(text.strip())
    if found is None or Decimal(found[1]) > 100:
        raise click.BadParameter("write a share such as 5%", param_hint=option)
    return float(Decimal(found[1]) / 100)


def warn(diagnostics: Sequence[Diagnostic]) -> None:
    """Prints what does not stop a batch."""
    printed(diagnostics, err=True)


@contextmanager
def shown(doing: str = "rendering", after: float = 0.0) -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal, lines elsewhere; both on standard error. after: seconds before there is a bar."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(doing)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    rate = TextColumn("{task.fields[rate]:,.0f}/s")
    columns = (TextColumn(doing), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task(doing, total=None, rate=0.0, visible=after == 0)
        began = time.monotonic()

        def show(state: Progress) -> None:
            speed = bar.tasks[0].speed or 0.0
            visible = time.monotonic() - began >= after
            bar.update(task, total=state.recipients, completed=state.done, rate=speed, visible=visible)

        yield show


class _Lines:
    """A line of progress now and then."""

    def __init__(self, doing: str) -> None:
        self._doing, self._said = doing, time.monotonic()

    def __call__(self, state: Progress) -> None:
        now = time.monotonic()
        if now - self._said < _EVERY or state.done == state.recipients:
            return
        self._said = now
        part = state.done / (state.recipients or 1)
        click.echo(f"{self._doing}: {state.done:,} of {state.recipients:,} ({part:.0%})", err=True)


def summary(report: dict[str, Any]) -> None:
    """The counts of a batch, and why recipients are dead letters."""
    names = ["rendered", "skipped", "dead", *(n for n in _MORE if report[n])]
    counts = ", ".join(f"{report[name]:,} {name.replace('_', ' ')}" for name in names)
    rate = f"{report['seconds']:.1f} s ({report['per_second']:,} a second)"
    click.echo(f"{report['recipients']:,} recipients: {counts}, in {rate}")
    for one in report["reasons"][:_REASONS]:
        click.echo(f"  {one['code']}: {one['reason']}: {one['count']:,}")
    if len(report["reasons"]) > _REASONS:
        click.echo("  report.json has more")
    if any(report["fallbacks"].values()):
        click.echo(f"  {_SLOWER.format(**report['fallbacks'])}")
    if "seeds" in report:
        click.echo(f"  proofs: {report['seeds']['proofs']:,} to {report['seeds']['addresses']:,} addresses")


_MORE: Final = ("suppressed", "duplicates", "beyond_limit", "dead_events")

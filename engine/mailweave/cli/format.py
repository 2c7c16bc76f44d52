"""mailweave format: one canonical form for rule files."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path

import click

from mailweave.cli.files import replace_text
from mailweave.cli.files import text as read_text
from mailweave.cli.targets import rule_files
from mailweave.diagnostics import Diagnostic, RuleError
from mailweave.diagnostics.printers import print_text
from mailweave.rules.formatter import format_source
from mailweave.source import Source


@click.command(name="format")
@click.argument("paths", nargs=-1, required=True, metavar="FILE|FOLDER|-...")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a file is not in its canonical form.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change, and exit 1 if anything.")
def command(paths: tuple[str, ...], check: bool, diff: bool) -> None:
    """Write rule files in their canonical form: comments kept, matrices aligned, never another meaning.

    `-` reads standard input and prints the result. A file with syntax errors is left as it is.
    """
    if "-" in paths:
        if len(paths) > 1:
            raise click.UsageError("`-` stands alone")
        raise SystemExit(_standard_input(check, diff))
    codes = [_file(path, check, diff) for path in rule_files(map(Path, paths))]
    raise SystemExit(max(codes, default=0))


def _standard_input(check: bool, diff: bool) -> int:
    text = sys.stdin.read()
    formatted, faults = _formatted(Source("<stdin>", text))
    if formatted is None:
        click.echo(print_text(faults), nl=False, err=True)
        return 1
    if diff:
        _print_diff("<stdin>", text, formatted)
    elif not check:
        click.echo(formatted, nl=False)
    return int((check or diff) and formatted != text)


def _file(path: Path, check: bool, diff: bool) -> int:
    text, found = read_text(path)
    if text is None:
        click.echo(print_text(found), nl=False, err=True)
        return 1
    formatted, faults = _formatted(Source(path.as_posix(), text))
    if formatted is None:
        click.echo(print_text(faults), nl=False, err=True)
        return 1
    if formatted == text:
        return 0
    if diff:
        _print_diff(path.as_posix(), text, formatted)
    elif check:
        click.echo(f"{path.as_posix()}: not in its canonical form; run `mailweave format`", err=True)
    else:
        replace_text(path, formatted)
        click.echo(f"{path.as_posix()}: formatted", err=True)
    return int(check or diff)


def _formatted(source: Source) -> tuple[str | None, tuple[Diagnostic, ...]]:
    try:
        return format_source(source), ()
    except RuleError as error:
        return None, error.diagnostics


def _print_diff(name: str, before: str, after: str) -> None:
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), name, f"{name} (formatted)"
    )
    for line in lines:
        click.echo(line, nl=not line.endswith("\n"), file=sys.stdout)

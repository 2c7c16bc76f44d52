"""mailweave amp: validate a document as AMP for Email, or make it from HTML first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import click

from mailweave.cli.files import read
from mailweave.cli.findings import fail
from mailweave.cli.findings import report as print_findings
from mailweave.diagnostics import Diagnostic, MailweaveError, Severity, diagnose
from mailweave.message.amp import AmpError, AmpReport, StyleBook, document, from_html, prove, validate
from mailweave.source import Source, Span


@click.command(name="amp")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--from-html", "derive", is_flag=True, help="FILE is an HTML e-mail: make AMP from it first.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="With --from-html: where the AMP document is written.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the verdict is printed.",
)
def command(file: str, derive: bool, output: Path | None, form: str) -> None:
    """Validate FILE (- for standard input) as AMP for Email, without any download.

    Exit code 0: valid (warnings allowed); 1: it breaks a rule. With MAILWEAVE_AMP_VALIDATOR=path the
    official validator at that path answers instead.
    """
    if output is not None and not derive:
        raise click.UsageError("--output goes with --from-html")
    source = read(file, errors="replace")
    notes: tuple[Diagnostic, ...] = ()
    if derive:
        source, notes = _derived(source, output)
    refused = tuple(finding for finding in notes if finding.severity is not Severity.NOTE)
    verdict = _refusal(refused) if refused else _verdict(source)
    _print(verdict, notes, source, form)
    raise SystemExit(0 if verdict.passed else 1)


def _verdict(source: Source) -> AmpReport:
    try:
        return validate(source.text)
    except MailweaveError as error:
        fail(error.diagnostics)


def _refusal(findings: Iterable[Diagnostic]) -> AmpReport:
    """What AMP cannot say, as a verdict."""
    errors = []
    for finding in findings:
        at = finding.location
        line, column = (at.line, at.column - 1) if at else (1, 0)
        errors.append(AmpError(finding.code, "ERROR", line, column, finding.message))
    return AmpReport("FAIL", tuple(errors))


def _derived(source: Source, output: Path | None) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The AMP document of an HTML one; where it holds Liquid, with every branch shown."""
    book = StyleBook()
    made = from_html(source, book=book)
    frame = {"html_attributes": made.html_attributes, "body_attributes": made.body_attributes}
    text = document(made.body, css=book.sheet(), **frame)
    if output is not None and not made.refused:
        output.write_text(text, encoding="utf-8")
    return Source(f"{source.name} as AMP", prove(text).shown), made.diagnostics


def _print(verdict: AmpReport, notes: tuple[Diagnostic, ...], source: Source, form: str) -> None:
    if form == "json":
        click.echo(json.dumps(verdict.as_dict(), ensure_ascii=False, indent=2))
        print_findings(notes, err=True)
        return
    refused = any(finding.severity is not Severity.NOTE for finding in notes)
    print_findings(notes if refused else [*notes, *_found(verdict, source)])
    click.echo(verdict.status)


def _found(verdict: AmpReport, source: Source) -> list[Diagnostic]:
    """The errors of AMP as findings with their lines."""
    starts = [0]
    for line in source.text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for error in verdict.errors:
        at = min(starts[min(error.line, len(starts)) - 1] + error.col, len(source.text))
        code = "MW702" if error.severity == "WARNING" else "MW701"
        span = Span(at, min(at + 1, len(source.text)))
        found.append(diagnose(code, source, span, message=error.message, kind=error.code))
    return found

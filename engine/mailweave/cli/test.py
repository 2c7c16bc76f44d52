"""mailweave test: run the `test` blocks of rule files."""

from __future__ import annotations

from pathlib import Path

import click

from mailweave.cli.targets import RuleText, rule_texts
from mailweave.decisions import compile_decisions
from mailweave.decisions.junit import Suite, junit_xml
from mailweave.decisions.testing import Outcome, run_tests, suite_of
from mailweave.diagnostics import RuleError
from mailweave.diagnostics.printers import print_text, visible


@click.command(name="test")
@click.argument("paths", nargs=-1, required=True, metavar="CAMPAIGN|FILE...", type=click.Path(path_type=Path))
@click.option("--junit", metavar="FILE", help="Write the results as JUnit XML; `-` prints them instead.")
@click.option("-v", "--verbose", is_flag=True, help="Name the tests that pass, too.")
def command(paths: tuple[Path, ...], junit: str | None, verbose: bool) -> None:
    """Run the examples (`test` blocks) in the rules of campaigns; exit 1 when one fails.

    A failure is shown with the explanation of what happened instead.
    """
    suites = [_run(text, verbose, quiet=junit == "-") for text in rule_texts(paths)]
    _write(junit, suites)
    tests = sum(len(suite.cases) for suite in suites)
    failed = sum(bool(case.failure) for suite in suites for case in suite.cases)
    broken = sum(bool(suite.error) for suite in suites)
    click.echo(_summary(tests, failed, broken), err=junit == "-")
    raise SystemExit(int(bool(failed or broken)))


def _run(text: RuleText, verbose: bool, *, quiet: bool) -> Suite:
    if text.source is None:
        click.echo(f"{text.name}: {text.fault}", err=True)
        return Suite(text.name, error=text.fault)
    try:
        program = compile_decisions(text.source)
    except RuleError as error:
        printed = print_text(error.diagnostics)
        click.echo(printed, nl=False, err=quiet)
        return Suite(text.name, error=printed)
    outcomes = run_tests(program)
    for outcome in outcomes:
        if not quiet and (verbose or not outcome.passed or outcome.notes):
            click.echo(_shown(outcome), nl=False)
    return suite_of(text.name, outcomes)


def _shown(outcome: Outcome) -> str:
    verdict = "passed" if outcome.passed else "FAILED"
    head = f"{verdict} {outcome.place.file}:{outcome.place.line}: {outcome.name}"
    lines = [head, *(f"  note: {note}" for note in outcome.notes)]
    if not outcome.passed:
        lines += [f"  {line}" for line in outcome.failure.splitlines()]
    return "\n".join(visible(line) for line in lines) + "\n"


def _write(junit: str | None, suites: list[Suite]) -> None:
    if junit is None:
        return
    document = junit_xml(suites)
    if junit == "-":
        click.echo(document)
        return
    try:
        Path(junit).write_text(document + "\n", encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{junit}: cannot be written: {error.strerror}") from None


def _summary(tests: int, failed: int, broken: int) -> str:
    parts = [f"{tests - failed} passed"]
    parts += [f"{failed} failed"] if failed else []
    parts += [f"{broken} could not run"] if broken else []
    return ", ".join(parts)

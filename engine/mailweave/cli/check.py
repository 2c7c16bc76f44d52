"""mailweave check: everything there is to say about campaigns and rule files."""

from __future__ import annotations

from pathlib import Path

import click

from mailweave.cli import kept_reports
from mailweave.cli.files import campaign_of, lf, text
from mailweave.cli.findings import format_option, written
from mailweave.cli.kept_reports import Report
from mailweave.cli.targets import rule_texts
from mailweave.diagnostics import Diagnostic, Severity, diagnose, ordered


@click.command(name="check")
@click.argument("paths", nargs=-1, required=True, metavar="CAMPAIGN|FILE...")
@format_option
@click.option("--no-cache", is_flag=True, help="Check anew, and keep nothing for the next time.")
def command(paths: tuple[str, ...], form: str, no_cache: bool) -> None:
    """Check campaign folders and rule files; exit 1 for errors and warnings.

    A file of a campaign (a block, the layout, campaign.toml) stands for the campaign that it belongs
    to; a rule file that belongs to none is checked alone. What intervals prove of the rules is told too; `prove`
    proves the rest. What was said of campaigns is kept, and said again as long as nothing changes: no file of theirs,
    nor mailweave itself.
    """
    units = tuple(dict.fromkeys(_unit(Path(path)) for path in paths))
    text, code = _report(units, form) if no_cache else _kept_report(units, form)
    click.echo(text, nl=False)
    raise SystemExit(code)


def _kept_report(units: tuple[Path, ...], form: str) -> Report:
    """What was printed last time, where nothing has changed since."""
    key = kept_reports.key(units, form)
    kept = None if key is None else kept_reports.fetch(key)
    if kept is not None:
        return kept
    made = _report(units, form)
    if key is not None and kept_reports.key(units, form) == key:  # nothing was saved meanwhile
        kept_reports.keep(key, made)
    return made


def _report(units: tuple[Path, ...], form: str) -> Report:
    found: list[Diagnostic] = []
    for path in units:
        told = _check(path)
        found += told if any(d.severity is Severity.ERROR for d in told) else ordered([*told, *_proved(path)])
    return written(found, form)


def _unit(path: Path) -> Path:
    """The campaign folder around a file, or the file itself."""
    return path if path.is_dir() or not path.exists() else campaign_of(path) or path


def _check(path: Path) -> tuple[Diagnostic, ...]:
    if path.suffix == ".rules" and path.exists() and not path.is_dir():
        return _check_rules(path)
    if path.exists() and not path.is_dir():
        what = "this file belongs to no campaign, and is no rule file"
        return (diagnose("MW024", place=str(path), what=what),)
    from mailweave import lint

    return lint.check(path)


def _proved(path: Path) -> tuple[Diagnostic, ...]:
    """What intervals prove of the rules of a campaign, or of a file."""
    from mailweave.prove import prove_quickly

    sources = [text.source for text in rule_texts([path])]
    return tuple(d for source in sources if source is not None for d in prove_quickly(source))


def _check_rules(path: Path) -> tuple[Diagnostic, ...]:
    from mailweave.decisions import check_rules
    from mailweave.source import Source

    rules, found = text(path)
    return found if rules is None else check_rules(Source(path.as_posix(), lf(rules)))

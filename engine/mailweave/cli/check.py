"""mailweave check: everything there is to say about campaigns and rule files."""

from __future__ import annotations

from pathlib import Path

import click

from mailweave.cli.findings import format_option, report
from mailweave.diagnostics import Diagnostic, diagnose


@click.command(name="check")
@click.argument("paths", nargs=-1, required=True, metavar="CAMPAIGN|FILE...")
@format_option
def command(paths: tuple[str, ...], form: str) -> None:
    """Check campaign folders and rule files; exit 1 for errors and warnings.

    A file of a campaign (a block, the layout, campaign.toml) stands for the campaign that it belongs
    to; a rule file that belongs to none is checked alone.
    """
    found: list[Diagnostic] = []
    for path in dict.fromkeys(_unit(Path(path)) for path in paths):
        found += _check(path)
    raise SystemExit(report(found, form))


def _unit(path: Path) -> Path:
    """The campaign folder around a file, or the file itself."""
    if path.is_dir() or not path.exists():
        return path
    around = (folder for folder in path.parents if (folder / "campaign.toml").is_file())
    return next(around, path)


def _check(path: Path) -> tuple[Diagnostic, ...]:
    if path.is_file() and path.suffix == ".rules":
        return _check_rules(path)
    if path.is_file():
        what = "this file belongs to no campaign, and is no rule file"
        return (diagnose("MW024", place=str(path), what=what),)
    from mailweave.environment import Environment

    return Environment().check(path)


def _check_rules(path: Path) -> tuple[Diagnostic, ...]:
    from mailweave.decisions import check_rules
    from mailweave.source import Source

    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return (diagnose("MW006", place=str(path), what=path.name, why_not="not UTF-8 text"),)
    return check_rules(Source(path.as_posix(), text))

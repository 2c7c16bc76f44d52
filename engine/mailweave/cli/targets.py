"""Which rule texts a person means who names a campaign, a folder of campaigns, or a file of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from mailweave.cli.files import campaign_of, lf, text
from mailweave.source import Source, joined

RULES = ".rules"


@dataclass(frozen=True, slots=True)
class RuleText:
    """The rules of a campaign, or of a file that stands alone. `source` is None when they cannot be read."""

    name: str
    source: Source | None
    fault: str = ""


def rule_texts(paths: Iterable[Path]) -> tuple[RuleText, ...]:
    """What to test: each campaign once, and rule files that belong to none. Ends in a usage error for
    a path that does not exist or holds no rules."""
    units = dict.fromkeys(unit for path in paths for unit in _units(path))
    return tuple(_read(unit) for unit in units)


def rule_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The rule files named, and those in the folders named."""
    return tuple(dict.fromkeys(file for path in paths for file in _files(path)))


def _units(path: Path) -> Iterator[Path]:
    for file in _files(path):
        around = campaign_of(file)
        yield around if around is not None and file.parent == around else file


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        files = sorted(file for file in path.rglob(f"*{RULES}") if file.is_file())
    else:
        around = campaign_of(path) if path.is_file() and path.suffix != RULES else None
        files = sorted(around.glob(f"*{RULES}")) if around is not None else [path]
    if not files or not path.exists():
        raise click.UsageError(f"{path}: there are no rules here")
    if files == [path] and path.suffix != RULES:
        raise click.UsageError(f"{path}: neither a rule file nor a file of a campaign")
    return files


def _read(unit: Path) -> RuleText:
    files = sorted(unit.glob(f"*{RULES}")) if unit.is_dir() else [unit]
    sources = []
    for file in files:
        rules, found = text(file)
        if rules is None:
            return RuleText(unit.as_posix(), None, "; ".join(str(one.message) for one in found))
        sources.append(Source(file.as_posix(), lf(rules)))
    return RuleText(unit.as_posix(), joined(sources))

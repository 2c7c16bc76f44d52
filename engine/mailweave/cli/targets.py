"""Which rule texts a person means who names a campaign, a folder of campaigns, or a file of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from mailweave.cli.files import SETTINGS, campaign_of, lf, text
from mailweave.diagnostics import Diagnostic
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


def written_in(texts: Iterable[RuleText]) -> tuple[Source, ...]:
    """The files that rule texts were read from, each by its name."""
    sources = [text.source for text in texts if text.source is not None]
    return tuple(piece for source in sources for piece in ([p for _, p in source.pieces] or [source]))


def rule_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The rule files named, and those in the folders named."""
    return tuple(dict.fromkeys(file for path in paths for file in _files(path)))


def _units(path: Path) -> Iterator[Path]:
    """A campaign that is named is one, whatever libraries lie in it: it imports what it takes of them."""
    if (path / SETTINGS).is_file() and any(path.glob(f"*{RULES}")):
        yield path
        return
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
    theirs, found = imports(unit, sources)
    if found:
        return RuleText(unit.as_posix(), None, "; ".join(str(one.message) for one in found))
    return RuleText(unit.as_posix(), joined([*sources, *theirs]))


def imports(unit: Path, sources: list[Source]) -> tuple[tuple[Source, ...], tuple[Diagnostic, ...]]:
    """What the rules of a campaign import from its libraries, or those of a file from the files beside it."""
    if not any("import" in source.text for source in sources):
        return (), ()
    from mailweave.campaign.folder import FolderReader  # brings the whole engine
    from mailweave.campaign.rule_imports import imported_beside

    if not unit.is_dir():
        return imported_beside(unit, sources[0])
    reader = FolderReader(unit)
    theirs = tuple(source for source in reader.rules if source.shared)
    return theirs, tuple(reader.diagnostics)

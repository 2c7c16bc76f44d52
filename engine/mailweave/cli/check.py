"""mailweave check: everything there is to say about campaigns and rule files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click

from mailweave.cli import baselines as known
from mailweave.cli import kept_reports
from mailweave.cli.files import campaign_of, lf, text
from mailweave.cli.findings import counted, format_option, written
from mailweave.cli.fixes import apply, fixes
from mailweave.cli.kept_reports import Report
from mailweave.cli.targets import imports, rule_texts, written_in
from mailweave.diagnostics import Diagnostic, Severity, diagnose, failed, ordered

_ROUNDS = 5  # of mending: what mends each other's work stops here


@click.command(name="check")
@click.argument("paths", nargs=-1, required=True, metavar="CAMPAIGN|FILE...")
@format_option
@click.option("--fix", is_flag=True, help="Mend what can be mended without changing what a mail says.")
@click.option(
    "--unsafe-fixes", is_flag=True, help="Mend also what changes where a link leads, or what a line says."
)
@click.option("--diff", is_flag=True, help="Write nothing; print what the fixes would change.")
@click.option("--statistics", is_flag=True, help="Print how often each finding is met, and no more.")
@click.option(
    "--baseline", type=click.Path(path_type=Path), metavar="FILE", help="Tell only what is not in FILE."
)
@click.option("--update-baseline", is_flag=True, help="Write what is found now to the FILE of --baseline.")
@click.option(
    "--watch", is_flag=True, help="Check again at each save, until Ctrl-C. Needs the extra `preview`."
)
@click.option("--no-cache", is_flag=True, help="Check anew, and keep nothing for the next time.")
def command(
    paths: tuple[str, ...],
    form: str,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    statistics: bool,
    baseline: Path | None,
    update_baseline: bool,
    watch: bool,
    no_cache: bool,
) -> None:
    """Check campaign folders and rule files; exit 1 for errors and warnings.

    A file of a campaign (a block, the layout, campaign.toml) stands for the campaign that it belongs
    to; a rule file that belongs to none is checked alone. What intervals prove of the rules is told too; `prove`
    proves the rest. `mailweave lint --rules` lists what is asked of every mail, and docs/campaign.md how to choose.
    What was said of campaigns is kept, and said again as long as nothing changes: no file of theirs,
    nor mailweave itself.
    """
    if update_baseline and baseline is None:
        raise click.UsageError("--update-baseline wants --baseline FILE")
    units = tuple(dict.fromkeys(_unit(Path(path)) for path in paths))
    mends = fix or unsafe_fixes or diff
    if mends:
        _mend(units, unsafe=unsafe_fixes, show=diff)
    plain = not (no_cache or mends or statistics or baseline)

    def once() -> int:
        text, code = (
            _kept_report(units, form)
            if plain
            else _chosen(units, form, statistics, baseline, update_baseline)
        )
        click.echo(text, nl=False)
        return code

    if watch and len(units) > 1:
        raise click.UsageError("--watch wants one campaign")
    raise SystemExit(_watched(units, once) if watch else once())


def _mend(units: tuple[Path, ...], *, unsafe: bool, show: bool) -> None:
    """Mends, and mends again: what was mended may have hidden something else."""
    for _ in range(_ROUNDS):
        count = apply(fixes(_found(units), unsafe=unsafe), show=show)
        if count and not show:
            click.echo(f"mended {count} finding{'s' if count > 1 else ''}", err=True)
        if not count or show:
            return


def _chosen(
    units: tuple[Path, ...], form: str, statistics: bool, baseline: Path | None, update: bool
) -> Report:
    found = _found(units)
    if baseline is not None:
        found = known.updated(baseline, found) if update else known.new(baseline, found)
    return (counted(found), int(failed(found))) if statistics else written(found, form)


def _watched(units: tuple[Path, ...], once: Callable[[], int]) -> int:
    """Checks at each save until it is interrupted; the exit code of the last time."""
    from mailweave.campaign.folder import libraries_around
    from mailweave.preview.watching import all_watched

    code, saved, stop = 0, threading.Event(), threading.Event()
    folder = units[0] if units[0].is_dir() else units[0].parent

    def shared() -> frozenset[Path]:
        return frozenset(one.root.folder for one in libraries_around(folder))

    threading.Thread(target=all_watched, args=(folder, shared, saved.set, stop), daemon=True).start()
    with suppress(KeyboardInterrupt):
        while True:
            if saved.wait(1):
                saved.clear()
                click.clear()
                code = once()
    stop.set()
    return code


def _kept_report(units: tuple[Path, ...], form: str) -> Report:
    """What was printed last time, where nothing has changed since."""
    key = kept_reports.key(units, form)
    kept = None if key is None else kept_reports.fetch(key)
    if kept is not None:
        return kept
    made = written(_found(units), form)
    if key is not None and kept_reports.key(units, form) == key:  # nothing was saved meanwhile
        kept_reports.keep(key, made)
    return made


def _found(units: tuple[Path, ...]) -> list[Diagnostic]:
    return [one for path in units for one in _check(path)]


def _unit(path: Path) -> Path:
    """The campaign folder around a file, or the file itself."""
    return path if path.is_dir() or not path.exists() else campaign_of(path) or path


def _check(path: Path) -> tuple[Diagnostic, ...]:
    if path.suffix == ".rules" and path.exists() and not path.is_dir():
        told = _check_rules(path)
        is_wrong = any(d.severity is Severity.ERROR for d in told)
        return told if is_wrong else _silenced(path, [*told, *_proved(path)])
    if path.exists() and not path.is_dir():
        what = "this file belongs to no campaign, and is no rule file"
        return (diagnose("MW024", place=str(path), what=what),)
    from mailweave import lint

    return lint.check(path)


def _silenced(path: Path, found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """What is left beside the allowances of a rule file that belongs to no campaign."""
    from mailweave.lint.allowances import silenced_in

    return ordered(silenced_in(written_in(rule_texts([path])), found))


def _proved(path: Path) -> tuple[Diagnostic, ...]:
    """What intervals prove of the rules of a file."""
    from mailweave.prove import prove_quickly

    sources = [text.source for text in rule_texts([path])]
    return tuple(d for source in sources if source is not None for d in prove_quickly(source))


def _check_rules(path: Path) -> tuple[Diagnostic, ...]:
    from mailweave.decisions import check_rules
    from mailweave.source import Source, joined

    rules, found = text(path)
    if rules is None:
        return found
    source = Source(path.as_posix(), lf(rules))
    theirs, found = imports(path, [source])
    return ordered([*check_rules(joined([source, *theirs])), *found])

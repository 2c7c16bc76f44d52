"""mailweave data check, load, dedupe: exports into lists, doubles into one row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mailweave.cli.data_options import (
    PATH,
    export_options,
    instant,
    keys_in,
    mapping_in,
    now_option,
    run,
    write,
)
from mailweave.diagnostics import Diagnostic

if TYPE_CHECKING:
    from mailweave.data.intake.loading import Loaded


@click.command(name="check")
@export_options
@now_option
@click.option(
    "--before", type=PATH, metavar="FILE", help="An earlier --report: what has changed all at once is told."
)
@click.option("--report", "target", type=PATH, metavar="FILE", help="Gets all counts as JSON.")
def check(
    mapping: Path, event: str, keys: Path | None, now: str | None, before: Path | None, target: Path | None
) -> None:
    """Read an export as `load` would and write no list: repairs, refusals, completeness, freshness, what stands out.

    Exit 1 where rows are refused or something stands out.
    """
    from mailweave.data.intake.checking import as_report, earlier_report
    from mailweave.data.intake.checking import check as checked

    def work() -> tuple[Diagnostic, ...]:
        earlier = None if before is None else earlier_report(before)
        found = checked(
            mapping_in(mapping), instant(now), event=event, before=earlier, pseudonyms=keys_in(keys)
        )
        _tell(found.loaded)
        for column in found.quality.columns:
            _tell_column(column, found.quality.rows)
        if target is not None:
            write(target, as_report(found.loaded, found.quality))
        return found.diagnostics

    run(work)


@click.command(name="load")
@export_options
@click.option("--out", required=True, type=PATH, metavar="FILE", help="The list: .jsonl or .parquet.")
@click.option("--rejects", type=PATH, metavar="FILE", help="Refused rows; else OUT.rejected.jsonl.")
@click.option("--report", "target", type=PATH, metavar="FILE", help="Gets all counts as JSON.")
def load(
    mapping: Path, event: str, keys: Path | None, out: Path, rejects: Path | None, target: Path | None
) -> None:
    """Write an export as a list that `mailweave batch` reads, as MAPPING says.

    Each row is written whole, or kept in the file of refused rows with every reason. Each repair is counted by kind and
    column. Exit 1 where rows are refused.

    \b
    mailweave data load data.toml --out people.jsonl
    mailweave data load data.toml --event purchase --out purchases.jsonl
    """
    from mailweave.data.intake.checking import as_report
    from mailweave.data.intake.loading import load as loaded

    def work() -> tuple[Diagnostic, ...]:
        found = loaded(mapping_in(mapping), out, event=event, rejects=rejects, pseudonyms=keys_in(keys))
        _tell(found)
        if target is not None:
            write(target, as_report(found))
        return found.diagnostics

    run(work)


def _tell(found: Loaded) -> None:
    counts = found.counts
    click.echo(f"{counts.rows:,} rows: {counts.written:,} written, {counts.rejected:,} refused")
    for title, counted in (("repaired", counts.repairs), ("refused", counts.refusals)):
        for (word, column), count in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
            click.echo(f"  {title} {count:>9,}  {word}" + (f" in `{column}`" if column else ""))
    if found.unread:
        click.echo(f"  not read: columns {', '.join(f'`{name}`' for name in found.unread)}")


def _tell_column(column: Any, rows: int) -> None:
    share = (rows - column.missing) / rows if rows else 0.0
    more = [f"newest {column.newest}"] if column.newest else []
    more += [f"{column.doubled:,} doubled"] if column.doubled else []
    more += [f"{column.later:,} later than now"] if column.later else []
    click.echo(f"  {column.name:<30}{share:>7.1%} there" + "".join(f", {one}" for one in more))


@click.command(name="dedupe")
@click.argument("mapping", type=PATH, metavar="MAPPING")
@click.option(
    "--list", "people", type=PATH, metavar="FILE", help="The list (.jsonl) whose rows are compared."
)
@click.option(
    "--out", required=True, type=PATH, metavar="FILE", help="The merged list, or with --undo the old one."
)
@click.option("--review", type=PATH, metavar="FILE", help="Pairs in doubt; else OUT.review.csv.")
@click.option("--log", type=PATH, metavar="FILE", help="What undoes it; else OUT.merges.jsonl.")
@click.option("--decided", type=PATH, metavar="FILE", help="A review file with yes or no in it.")
@click.option("--undo", type=PATH, metavar="LOG", help="Give back the list that --list was merged from.")
@click.option("--follow", type=PATH, metavar="LOG", help="Give the events of --list the keys of merged rows.")
def dedupe(
    mapping: Path,
    people: Path | None,
    out: Path,
    review: Path | None,
    log: Path | None,
    decided: Path | None,
    undo: Path | None,
    follow: Path | None,
) -> None:
    """Merge the rows of a list that are one person, as [dedupe] in MAPPING says; --undo gives them back to the byte.

    Rows with a key, an e-mail address or a telephone number in common are one person unless their names say otherwise;
    others where name and address are alike. What is in doubt is merged only after somebody has said yes.

    \b
    mailweave data dedupe data.toml --list people.jsonl --out merged.jsonl
    mailweave data dedupe data.toml --list people.jsonl --out merged.jsonl --decided decided.csv
    mailweave data dedupe data.toml --list merged.jsonl --undo merged.merges.jsonl --out people.jsonl
    mailweave data dedupe data.toml --list events.jsonl --follow merged.merges.jsonl --out followed.jsonl
    """
    if people is None:
        raise click.UsageError("--list names the list")
    from mailweave.data.doubles import merge_log
    from mailweave.data.doubles.merging import dedupe as merged

    def work() -> tuple[Diagnostic, ...]:
        if undo is not None:
            click.echo(f"{merge_log.undo(undo, people, out):,} rows are back")
            return ()
        if follow is not None:
            count, moved = merge_log.follow(follow, people, out)
            click.echo(f"{count:,} events, {moved:,} of them under another key")
            return ()
        found = merged(mapping_in(mapping), people, out, review=review, log=log, decided=decided)
        click.echo(
            f"{found.rows:,} rows: {found.written:,} are left, {found.rows - found.written:,} were merged into them; "
            f"{found.asked:,} pairs in doubt"
        )
        return found.diagnostics

    run(work)

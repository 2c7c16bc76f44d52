"""mailweave segments: how many people are where."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailweave.batch.locations import without_secrets
from mailweave.cli.findings import fail, report
from mailweave.cli.recipient import moment
from mailweave.cli.segment_groups import as_json, group_lines
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.environment import Environment

if TYPE_CHECKING:
    from mailweave.batch.segments import Counts
    from mailweave.campaign import Campaign

_HEADINGS = {
    "segment": ("Segments", "share of all"),
    "tier": ("Tiers", "share of all"),
    "overlap": ("Overlaps", "share of the smaller"),
    "skip": ("Skipped", "share of all"),
    "conflict": ("Slots with more than one candidate", "share of the mailed"),
    "block": ("Blocks", "share of the mailed"),
}


@click.command(name="segments")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option(
    "--profiles", multiple=True, metavar="LIST", help="As in `mailweave batch`; else CAMPAIGN's own list."
)
@click.option("--events", multiple=True, metavar="LIST", help="Their column `profile` holds the key.")
@click.option("--now", metavar="ISO", help="The instant of the windows; else the campaign's own, else now.")
@click.option(
    "--by", metavar="ATTRIBUTE", help="Count the groups that it makes, too: shares by block and segment."
)
@click.option(
    "--cuts", metavar="V,V", help="With --by a number or a time: where its ranges begin. [default: quarters]"
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How the counts are printed.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Where to write Parquet and a page."
)
def command(
    campaign: Path,
    profiles: tuple[str, ...],
    events: tuple[str, ...],
    now: str | None,
    by: str | None,
    cuts: str | None,
    form: str,
    out: Path | None,
) -> None:
    """Count CAMPAIGN's segments over a list.

    Sizes, overlaps, slots that several rows compete for, and who gets which block. Rows that do not read as the rules
    declare are named and left out of the counts; the exit code is then 1. DIR gets members.parquet (one row
    for each recipient), counts.parquet and segments.html.

    Shares of groups come with their 95 % intervals (Wilson); groups of fewer than 30 are flagged. Attributes that are
    `pii`, and keys, make no groups; rare texts are one group together.
    """
    from mailweave.batch.grouping import grouping
    from mailweave.batch.segments import count_segments

    if cuts and by is None:
        raise click.UsageError("--cuts says where the ranges of --by ATTRIBUTE begin")

    at = moment(now)
    try:
        compiled = Environment().compile(campaign)
        at = compiled.pinned(at) or datetime.now(UTC)
        schema = compiled.decisions.program.schema
        groups = None if by is None else grouping(schema, by, tuple(cuts.split(",")) if cuts else ())
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
        if not profiles:
            profiles, events = _own(compiled, campaign, events)
        members = out / "members.parquet" if out else None
        counts = count_segments(compiled, profiles, events, now=at, members=members, by=groups)
    except MailweaveError as error:
        fail(error.diagnostics)
    if out is not None:
        _write(counts, out, f"{compiled.config.name}, {at.isoformat()}")
    if form == "json":
        click.echo(as_json(counts, by), nl=False)
    else:
        _print(counts)
        for line in group_lines(counts, by):
            click.echo(line)
    if counts.unread_count:
        _tell(counts, ", ".join(map(without_secrets, profiles)))
        raise SystemExit(1)


def _tell(counts: Counts, place: str) -> None:
    """The rows that do not read, the first of them each."""
    for row in counts.unread:
        click.echo(f"line {row.line}, key {row.key or '(none)'}: {row.reason}", err=True)
    report([diagnose("MW820", place=place, count=f"{counts.unread_count:,}")], err=True)


def _own(
    campaign: Campaign, folder: Path, events: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The list that campaign.toml names, and its events unless others are given."""
    config = campaign.config
    if config.profiles is None:
        todo = "name a list with --profiles, or set `profiles` in campaign.toml"
        raise MailweaveError(
            [diagnose("MW001", place=config.name, what="the campaign's own list", todo=todo)]
        )
    own = (str(folder / config.events),) if config.events else ()
    return (str(folder / config.profiles),), events or own


def _write(counts: Counts, out: Path, title: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from mailweave.batch.segments import table
    from mailweave.batch.segments_page import page

    pq.write_table(pa.table(dict(table(counts))), out / "counts.parquet")
    (out / "segments.html").write_text(page(counts, title), encoding="utf-8")


def _print(counts: Counts) -> None:
    click.echo(f"{counts.recipients:,} recipients, {counts.mailed:,} of them get mail")
    shown = ""
    for kind, name, other, n, share in counts.rows():
        if kind != shown:
            shown, (heading, of) = kind, _HEADINGS[kind]
            click.echo(f"\n{heading:<58}{'recipients':>12}  {of}")
        click.echo(f"  {f'{name}  {other}'.rstrip():<56}{n:>12,}  {share:>7.1%}")

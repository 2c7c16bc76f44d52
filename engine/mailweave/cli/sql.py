"""mailweave sql: the segments of a campaign as one query."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from mailweave.cli.findings import fail
from mailweave.cli.recipient import moment
from mailweave.diagnostics import MailweaveError
from mailweave.environment import Environment

DIALECTS = ("duckdb", "spark", "postgres", "snowflake", "bigquery", "redshift")


@click.command(name="sql")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option("--dialect", type=click.Choice(DIALECTS), default="duckdb", show_default=True)
@click.option("--now", metavar="ISO", help="The instant of the windows; else the campaign's own, else now.")
@click.option(
    "--zones",
    metavar="NAME,NAME",
    help="The time zones of the list, where only some occur; recipients of others are left out.",
)
def command(campaign: Path, dialect: str, now: str | None, zones: str | None) -> None:
    """Print CAMPAIGN's segments, tiers, skip and eligibility as one query.

    It reads the relations `profiles` and `events` (its column `profile` holds the recipient's key) and gives one
    row for each recipient. docs/sql.md says what it expects of them.
    """
    from mailweave.rules.sql import DIALECTS as KNOWN
    from mailweave.rules.sql import eligibility, segments_query, write

    name, at = KNOWN[dialect].name, moment(now)
    try:
        compiled = Environment().compile(campaign)
        document = compiled.decisions.document
        at = compiled.pinned(at) or datetime.now(UTC)
        query = segments_query(
            document,
            now=at,
            dialect=name,
            context=compiled.context,
            conditions=eligibility(document, at),
            zones=zones.split(",") if zones else None,
            key=compiled.key_column,
        )
        click.echo(write(query, name))
    except MailweaveError as error:
        fail(error.diagnostics)

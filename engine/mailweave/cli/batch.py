"""mailweave batch: a list of any size, rendered by a pool of workers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, cast

import click

from mailweave.batch import Stopped, Stuck, TooManyDead, run
from mailweave.batch.audience import Duplicates
from mailweave.batch.extras import require
from mailweave.batch.formats import FORMATS
from mailweave.batch.run import SHARD
from mailweave.cli.batch_progress import share, shown, summary, warn
from mailweave.cli.findings import fail
from mailweave.cli.recipient import moment
from mailweave.diagnostics import MailweaveError

_RESUMABLE = 75
_FOR_SPARK = (
    *(
        "events",
        "shard_size",
        "resume",
        "dry_run",
        "limit",
        "unique",
        "suppress",
        "send_id",
        "max_dead",
        "strict",
    ),
)


@click.command(name="batch")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option("--profiles", multiple=True, required=True, metavar="LIST", help="Who gets mail; see below.")
@click.option("--events", multiple=True, metavar="LIST", help="Their column `profile` holds the key.")
@click.option("--out", required=True, metavar="DIR")
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="parquet", show_default=True)
@click.option("--now", metavar="ISO", help="The instant of all decisions; else the campaign's own.")
@click.option("--workers", type=click.IntRange(1), help="Processes; one a core unless given.")
@click.option(
    "--shard-size", type=click.IntRange(1), default=SHARD, show_default=True, help="Recipients a shard."
)
@click.option(
    "--duplicates",
    type=click.Choice(["refuse", "first", "last"]),
    default="refuse",
    show_default=True,
    help="What to do with recipients that share a key.",
)
@click.option(
    "--patience",
    type=click.FloatRange(1),
    default=60.0,
    show_default=True,
    help="Seconds before a silent worker is replaced.",
)
@click.option("--dry-run", is_flag=True, help="Everything but the writing of messages: counts and reasons.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Only the first N rows of the list.")
@click.option("--unique", metavar="ATTRIBUTE", help="Mail each of its values once, such as each `email`.")
@click.option(
    "--suppress",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Addresses and keys that are never mailed, one a line.",
)
@click.option(
    "--seeds",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="Own addresses that get proofs, one a line.",
)
@click.option("--send-id", metavar="TEXT", help="Tells this sending of a version from the next one.")
@click.option(
    "--max-dead", metavar="SHARE", help="Exit with 1 when more than so many, such as 5%, are dead letters."
)
@click.option("--strict", is_flag=True, help="Refuse columns, events and purposes that no rule declares.")
@click.option("--resume", is_flag=True, help="Go on with an output that was begun.")
@click.option(
    "--engine",
    type=click.Choice(["pool", "spark"]),
    default="pool",
    show_default=True,
    help="A pool of workers on this machine, or Spark (docs/scale.md).",
)
@click.option(
    "--master", metavar="URL", help="Of Spark: local[2], spark://HOST:7077, yarn. [default: local[*]]"
)
@click.option("--conf", multiple=True, metavar="KEY=VALUE", help="A setting of Spark.")
def command(campaign: Path, form: str, now: str | None, out: str, duplicates: str, **options: Any) -> None:
    """Render a list of recipients into DIR.

    A LIST is a file or a glob of Parquet, CSV or JSONL files, or one table of a database: shop.duckdb::people,
    shop.sqlite::people, postgresql://user@host/database::schema.table (the extra `postgres`; a password comes
    best from PGPASSWORD or ~/.pgpass).

    DIR gets shards/, manifest.jsonl, dead.jsonl (recipients that could not be rendered, with their codes),
    left_out.jsonl (who is suppressed or doubled), report.json and report.html. After any interruption, the same
    command with --resume goes on. SIGTERM commits what is whole and exits with 75, as does a batch whose workers end
    one after the other. On Spark everything is committed at once, at the end.
    """
    options["max_dead"] = share(options["max_dead"])
    try:
        report = _run(campaign, out, form, moment(now), cast(Duplicates, duplicates), options)
    except Stuck as error:
        warn(error.diagnostics)
        raise SystemExit(_RESUMABLE) from None
    except TooManyDead as error:
        summary(error.report)
        fail(error.diagnostics)
    except MailweaveError as error:
        fail(error.diagnostics)
    except Stopped:
        click.echo("stopped; go on with --resume", err=True)
        raise SystemExit(_RESUMABLE) from None
    summary(report)


def _on_spark(
    campaign: Path,
    out: str,
    form: str,
    now: datetime | None,
    duplicates: Duplicates,
    options: dict[str, Any],
) -> dict[str, Any]:
    require("spark", place=str(campaign), what="--engine spark")
    from mailweave import spark

    if form != "parquet":
        raise click.UsageError("Spark writes Parquet: leave --format out")
    master, settings = options.pop("master") or "local[*]", options.pop("conf")
    if not all("=" in setting for setting in settings):
        raise click.BadParameter("write KEY=VALUE", param_hint="--conf")
    conf = dict(setting.split("=", 1) for setting in settings)
    if options["seeds"] is not None:
        raise click.UsageError("--seeds are for the pool: render a part of the list with it, --limit 1000")
    kept = {name: options[name] for name in _FOR_SPARK}
    profiles = options["profiles"]
    told: dict[str, Any] = {
        "now": now,
        "duplicates": duplicates,
        "master": master,
        "conf": conf,
        "warn": warn,
    }
    return spark.run(campaign, profiles, out, **told, **kept)


def _run(
    campaign: Path,
    out: str,
    form: str,
    now: datetime | None,
    duplicates: Duplicates,
    options: dict[str, Any],
) -> dict[str, Any]:
    if options.pop("engine") == "spark":
        return _on_spark(campaign, out, form, now, duplicates, options)
    if [options.pop(name) for name in ("master", "conf")] != [None, ()]:
        raise click.UsageError("--master and --conf are for --engine spark")
    with shown() as progress:
        return run(
            campaign,
            options.pop("profiles"),
            out,
            events=options.pop("events"),
            now=now,
            format=form,
            duplicates=duplicates,
            progress=progress,
            warn=warn,
            **options,
        )

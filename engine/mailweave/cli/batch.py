"""mailweave batch: a list of any size, rendered by a pool of workers."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, cast

import click

from mailweave.batch import Progress, Stopped, run
from mailweave.batch.formats import FORMATS
from mailweave.batch.run import SHARD
from mailweave.batch.staging import Duplicates
from mailweave.cli.findings import fail
from mailweave.cli.recipient import moment
from mailweave.diagnostics import MailweaveError

_RESUMABLE = 75


@click.command(name="batch")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option("--profiles", multiple=True, required=True, metavar="LIST", help="Who gets mail; see below.")
@click.option("--events", multiple=True, metavar="LIST", help="Their column `profile` holds the key.")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR")
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
def command(campaign: Path, form: str, now: str | None, out: Path, duplicates: str, **options: Any) -> None:
    """Render a list of recipients into DIR.

    A LIST is a file or a glob of Parquet, CSV or JSONL files, or one table of a database: shop.duckdb::people,
    shop.sqlite::people, postgresql://user@host/database::schema.table (the extra `postgres`; a password comes
    best from PGPASSWORD or ~/.pgpass).

    DIR gets shards/, manifest.jsonl, dead.jsonl (recipients that could not be rendered, with their codes),
    report.json and report.html. After any interruption, the same command with --resume goes on.
    SIGTERM commits what is whole and exits with 75. On Spark everything is committed at once, at the end.
    """
    try:
        report = _run(campaign, out, form, moment(now), cast(Duplicates, duplicates), options)
    except MailweaveError as error:
        fail(error.diagnostics)
    except Stopped:
        click.echo("stopped; go on with --resume", err=True)
        raise SystemExit(_RESUMABLE) from None
    counts = ", ".join(f"{report[name]:,} {name}" for name in ("rendered", "skipped", "dead"))
    rate = f"{report['seconds']:.1f} s ({report['per_second']:,} a second)"
    click.echo(f"{report['recipients']:,} recipients: {counts}, in {rate}")


def _on_spark(
    campaign: Path,
    out: Path,
    form: str,
    now: datetime | None,
    duplicates: Duplicates,
    options: dict[str, Any],
) -> dict[str, Any]:
    from mailweave import spark

    if form != "parquet":
        raise click.UsageError("Spark writes Parquet: leave --format out")
    master, settings = options.pop("master") or "local[*]", options.pop("conf")
    if not all("=" in setting for setting in settings):
        raise click.BadParameter("write KEY=VALUE", param_hint="--conf")
    conf = dict(setting.split("=", 1) for setting in settings)
    kept = {name: options[name] for name in ("events", "shard_size", "resume")}
    profiles = options["profiles"]
    return spark.run(
        campaign, profiles, out, now=now, duplicates=duplicates, master=master, conf=conf, **kept
    )


def _run(
    campaign: Path,
    out: Path,
    form: str,
    now: datetime | None,
    duplicates: Duplicates,
    options: dict[str, Any],
) -> dict[str, Any]:
    if options.pop("engine") == "spark":
        return _on_spark(campaign, out, form, now, duplicates, options)
    if [options.pop(name) for name in ("master", "conf")] != [None, ()]:
        raise click.UsageError("--master and --conf are for --engine spark")
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    rate = TextColumn("{task.fields[rate]:,.0f}/s")
    columns = (TextColumn("rendering"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("rendering", total=None, rate=0.0)

        def show(state: Progress) -> None:
            speed = bar.tasks[0].speed or 0.0
            bar.update(task, total=state.recipients, completed=state.done, rate=speed)

        return run(
            campaign,
            options.pop("profiles"),
            out,
            events=options.pop("events"),
            now=now,
            format=form,
            duplicates=duplicates,
            progress=show,
            **options,
        )

"""mailweave score: scores of recipients from what they did, each with a card."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import click

from mailweave.cli.findings import fail, report
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.schema.types import Int, Number
from mailweave.source import joined

if TYPE_CHECKING:
    import duckdb

    from mailweave.insight.histories import Histories
    from mailweave.insight.scoring import Scored
    from mailweave.schema.model import Schema

_MODELS = "models"


class _Number(click.ParamType[str]):
    name = "number"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value != "auto" and not (value.isdecimal() and 2 <= int(value) <= 20):
            self.fail("a number from 2 to 20, or auto", param, ctx)
        return value


@click.command(name="score")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option("--profiles", multiple=True, required=True, metavar="LIST", help="As in `mailweave batch`.")
@click.option(
    "--events", multiple=True, required=True, metavar="LIST", help="Their column `profile` holds the key."
)
@click.option("--score", "name", metavar="NAME", help="A score that the rules declare.")
@click.option("--model", type=click.Choice(["churn", "propensity", "value", "hour"]), default="churn", show_default=True,
              help="What the score tells of --event.")  # fmt: skip
@click.option("--event", metavar="TYPE",
              help="What is foretold.  [default: purchase; of hour, opens and clicks]")  # fmt: skip
@click.option("--horizon", type=click.IntRange(1, 3650), default=90, show_default=True, metavar="DAYS",
              help="How far the score looks ahead.")  # fmt: skip
@click.option("--clusters", type=_Number(), metavar="N|auto",
              help="Print a tier for that many clusters of recipients, and write no score.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE",
              help="The list with the score: .parquet or .jsonl.")  # fmt: skip
def command(
    campaign: Path,
    profiles: tuple[str, ...],
    events: tuple[str, ...],
    name: str | None,
    model: str,
    event: str | None,
    horizon: int,
    clusters: str | None,
    out: Path | None,
) -> None:
    """Score the recipients of a list, and write the list with the score as `mailweave batch --profiles` takes it.

    churn and propensity are logistic regressions over the events that the rules declare, trained on what was known two
    horizons before the last event, judged by the horizon before it; value is BG/NBD and gamma-gamma; hour is the hour of
    the recipient's day (0 to 23) in which they most likely read, machines left out. CAMPAIGN/models gets the model and its
    card (NAME.json, NAME.md), which the rules ask for from then on; FILE.reasons.jsonl says for each recipient what moved
    the chance most. A model that is there is replaced by a better one only: else the one in use scores, and the exit code
    is 1. --clusters prints a tier in the rule language for people who act alike. docs/scores.md
    """
    if clusters is not None:
        if name is not None or out is not None:
            raise click.UsageError("--clusters prints a tier: it takes no --score and no --out")
        raise SystemExit(_proposed(campaign, profiles, events, None if clusters == "auto" else int(clusters)))
    if name is None or out is None:
        raise click.UsageError(
            "say which --score is written, and where to: --out FILE; or ask for --clusters auto"
        )
    try:
        scored, unread = _scored(campaign, profiles, events, name, model, event, horizon, out)
    except MailweaveError as error:
        fail(error.diagnostics)
    _print(scored, out)
    raise SystemExit(report((*unread, *scored.diagnostics), err=True))


def _proposed(campaign: Path, profiles: tuple[str, ...], events: tuple[str, ...], number: int | None) -> int:
    from mailweave.cli.score_clusters import propose

    try:
        return report(propose(campaign, profiles, events, number), err=True)
    except MailweaveError as error:
        fail(error.diagnostics)


def _scored(
    campaign: Path,
    profiles: tuple[str, ...],
    events: tuple[str, ...],
    name: str,
    model: str,
    event: str | None,
    horizon: int,
    out: Path,
) -> tuple[Scored, tuple[Diagnostic, ...]]:
    from mailweave.batch.extras import require

    require("score", place=str(campaign), what="score")
    import duckdb

    from mailweave.insight import score_cards
    from mailweave.insight.histories import Histories, write_scored
    from mailweave.insight.scoring import Model, score

    schema = _declared(campaign, score=name, event=event or ("purchase" if model != "hour" else None))
    assert model in get_args(Model)
    try:
        with duckdb.connect() as connection:
            histories = Histories(connection, schema, profiles, events)
            used = score_cards.read(name, campaign / _MODELS)
            ahead = timedelta(days=horizon)
            if model == "hour":
                found = _hours(connection, histories, schema, name, event, ahead, events)
            else:
                found = score(histories, name, model, event or "purchase", ahead, used)  # type: ignore[arg-type]  # asserted
            at = histories.until.isoformat()
            whole = isinstance(schema.scores[name].type, Int)
            values = [
                None if value != value else int(value) if whole else value for value in found.values.tolist()
            ]
            columns = {
                f"scores.{name}.value": values,
                f"scores.{name}.at": [None if value is None else at for value in values],
            }
            out.parent.mkdir(parents=True, exist_ok=True)
            write_scored(connection, histories, columns, str(out))
            if any(found.reasons):
                _write_reasons(found, histories.keys, out.with_suffix(".reasons.jsonl"))
            if found.is_better:
                score_cards.write(found.card, campaign / _MODELS)
            return found, histories.diagnostics
    except (duckdb.Error, OSError) as error:
        what = str(error).splitlines()[0]
        raise MailweaveError([diagnose("MW882", place=", ".join((*profiles, *events)), what=what)]) from None


def _hours(
    connection: duckdb.DuckDBPyConnection,
    histories: Histories,
    schema: Schema,
    name: str,
    event: str | None,
    horizon: timedelta,
    events: tuple[str, ...],
) -> Scored:
    from mailweave.insight.best_hours import best_hours
    from mailweave.insight.local_hours import READING, local_hours, recipient_zones

    if not isinstance(schema.scores[name].type, Int | Number):
        raise MailweaveError([diagnose("MW893", place=name, score=name, type=str(schema.scores[name].type))])
    kinds = (event,) if event else tuple(one for one in READING if one in schema.events)
    if not kinds:
        known = ", ".join(schema.events) or "none"
        raise MailweaveError([diagnose("MW886", place=name, what="event", name="open", known=known)])
    zones = recipient_zones(connection, histories, schema)
    return best_hours(histories, name, kinds, horizon, local_hours(events, histories, zones, kinds))


def _write_reasons(found: Scored, keys: tuple[str, ...], file: Path) -> None:
    """Beside the list, and not in it: no rule reads them."""
    import json

    told = zip(keys, found.values.tolist(), found.reasons, strict=True)
    lines = (
        json.dumps({"key": key, "value": value, "reasons": why}) for key, value, why in told if value == value
    )
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _declared(campaign: Path, *, score: str, event: str | None) -> Schema:
    """What the rules of a campaign declare: they may not compile yet, for want of the very card."""
    from mailweave.campaign.folder import FolderReader
    from mailweave.decisions import compile_decisions

    reader = FolderReader(campaign)
    rules = reader.rules
    if not rules:
        raise MailweaveError(reader.diagnostics)
    schema = compile_decisions(joined(rules)).program.schema
    for what, name, known in (("score", score, schema.scores), ("event", event, schema.events)):
        if name is not None and name not in known:
            listed = ", ".join(known) or "none"
            raise MailweaveError([diagnose("MW886", place=str(campaign), what=what, name=name, known=listed)])
    return schema


def _print(scored: Scored, out: Path) -> None:
    card = scored.card
    click.echo(
        f"{card.score}: {card.model} of {card.event} within {card.horizon_days:g} days, {card.people:,} recipients"
    )
    click.echo(f"  trained until {card.trained_until:%Y-%m-%d}, judged until {card.judged_until:%Y-%m-%d}")
    if card.judged is not None:
        judged = card.judged
        click.echo(
            f"  AUC {judged.auc:.4f}; Brier {judged.brier:.4f} against {judged.brier_of_rate:.4f} of the plain rate; "
            f"lift of the first tenth {judged.lift:.2f}"
        )
        for at, (told, came) in enumerate(judged.deciles, 1):
            click.echo(f"  tenth {at:>2}: {told:>6.1%} foretold, {came:>6.1%} happened")
    for name, value in card.facts.items():
        click.echo(f"  {name}: {value:.4g}")
    if scored.before is not None:
        click.echo(f"  the model in use: AUC {scored.before.auc:.4f} on the same recipients")
    card_of = f"the card in {_MODELS}/{card.score}.md" if scored.is_better else "by the model in use"
    click.echo(f"{out}, {card_of}")

"""mailweave export: the mails of a list as templates of the sender's own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import click

from mailweave.cli.findings import fail, report
from mailweave.cli.recipient import moment
from mailweave.diagnostics import MailweaveError
from mailweave.environment import Environment
from mailweave.export import PROVIDERS, Exported, export


@click.command(name="export")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option("--to", type=click.Choice(list(PROVIDERS)), required=True, help="Who merges and sends.")
@click.option("--profiles", multiple=True, required=True, metavar="LIST", help="As in `mailweave batch`.")
@click.option("--events", multiple=True, metavar="LIST", help="Their column `profile` holds the key.")
@click.option("--out", required=True, metavar="DIR", help="A folder that is new, or empty.")
@click.option("--now", metavar="ISO", help="The instant of all decisions; else the campaign's own, else now.")
def command(
    campaign: Path, to: str, profiles: tuple[str, ...], events: tuple[str, ...], out: str, now: str | None
) -> None:
    """Write the mails of a list as templates that a provider merges, and the values of each recipient.

    DIR gets templates/ (one a selection of blocks that occurs, named by its digest), values.jsonl (key, template and
    values of each recipient, escaped for their places), skipped.jsonl and dead.jsonl (who gets no mail, and why).
    Loops are one value each. handlebars and mustache are plain files: DIGEST.html, DIGEST.txt, DIGEST.amp.html.

    docs/export.md says how each provider is handed its files, and what it cannot say. Exit 1 where a provider does not
    take that many templates, or such large ones.

    \b
    mailweave export my-campaign --to ses --profiles people.csv --events events.csv --out out/ses
    mailweave export my-campaign --to handlebars --profiles people.jsonl --out out/templates
    """
    at = moment(now)
    try:
        compiled = Environment().compile(campaign)
        at = compiled.pinned(at) or datetime.now(UTC)
        found = export(compiled, to, profiles, out, events=events, now=at)
    except MailweaveError as error:
        fail(error.diagnostics)
    _tell(found, out)


def _tell(found: Exported, out: str) -> NoReturn:
    templates, mails = f"{len(found.templates):,} templates", f"{found.mails:,} mails"
    click.echo(
        f"{out}: {templates} for {mails}; {found.skipped:,} recipients skipped, {found.dead:,} dead letters"
    )
    for code, count in sorted(found.codes.items()):
        click.echo(f"  {code}: {count:,}")
    if found.whole:
        click.echo(f"  {found.whole:,} mails cannot be cut: their templates are one value a part")
    if found.provider.cannot:
        live = f" ({found.with_amp:,} mails have one)" if found.with_amp else ""
        first, *others = found.provider.cannot
        click.echo(f"templates of {found.to} cannot say: {', '.join([first + live, *others])}")
    raise SystemExit(report(found.beyond(), err=True))

"""mailweave explain: why one recipient gets what."""

from __future__ import annotations

from pathlib import Path

import click

from mailweave.campaign import Campaign
from mailweave.cli.asked_sources import fetch_option, with_sources
from mailweave.cli.findings import fail
from mailweave.cli.recipient import moment, recipient, recipient_options
from mailweave.decisions import Explanation
from mailweave.diagnostics import MailweaveError
from mailweave.environment import Environment


@click.command(name="explain")
@click.argument("campaign", type=click.Path(path_type=Path))
@recipient_options
@fetch_option
@click.option("--full", is_flag=True, help="Every candidate of every slot, won or lost, and all segments.")
@click.option(
    "--part", metavar="NAME", help="Only this slot, segment, tier or experiment, or `skip`; in full."
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Text for people, JSON as docs/explanation.schema.json says.",
)  # fmt: skip
@click.option("--show-pii", is_flag=True, help="Show the values of attributes labelled `pii`.")
def command(
    campaign: Path,
    who: str,
    happened: str | None,
    now: str | None,
    fetches: bool,  # click passes it by name
    full: bool,
    part: str | None,
    form: str,
    show_pii: bool,
) -> None:
    """Explain what CAMPAIGN chooses for one recipient: one sentence a slot.

    `--full` says for each candidate why it won or lost.
    """
    at = moment(now)
    try:
        compiled = Environment().compile(campaign)
    except MailweaveError as error:
        fail(error.diagnostics)
    asked = recipient(compiled, campaign, who, happened, at)
    asked = with_sources(compiled, asked) if fetches else asked
    explanation = compiled.explain(
        asked.profile, events=asked.events, now=asked.now, context=asked.context, show_pii=show_pii
    )
    if part is not None:
        _demand(compiled, part)
    if form == "json":
        click.echo(explanation.to_json(), nl=False)
    else:
        told = explanation.to_text(part=part, detail="once" if full else "short")
        click.echo(told.strip("\n") or _untold(explanation, part))


def _untold(explanation: Explanation, part: str | None) -> str:
    """Why there is nothing to say of a part: nothing is chosen for who gets no mail, and of data that do not read nothing
    is asked."""
    if explanation.skip is not None:
        return explanation.to_text(part="skip").strip("\n")
    return f"{part} is an experiment on a block that is not chosen"


def _demand(campaign: Campaign, part: str) -> None:
    """A part that does not exist is a usage error."""
    document = campaign.decisions.document
    names = ["skip", *(slot.name for slot in campaign.decisions.slots), *document.segments, *document.tiers]
    names += sorted(one.name for one in campaign.decisions.plan.all_experiments)
    if part not in names:
        raise click.UsageError(f"nothing is called {part}; there are {', '.join(names)}")

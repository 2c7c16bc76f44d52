"""mailweave contract: the data that the templates of a campaign read."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mailweave.cli.findings import fail
from mailweave.diagnostics import MailweaveError
from mailweave.environment import Environment


@click.command(name="contract")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json-schema"]),
    default="text",
    show_default=True,
    help="A table, or a JSON Schema (2020-12).",
)
def command(campaign: Path, form: str) -> None:
    """Print the data that CAMPAIGN's templates read, by path.

    Each path with its type, inferred from use (`?`: the templates are ready for it to be missing), and
    the blocks that read it.
    """
    try:
        compiled = Environment().compile(campaign)
    except MailweaveError as error:
        fail(error.diagnostics)
    contract = compiled.contract()
    if form == "text":
        click.echo(contract.to_text(), nl=False)
    else:
        click.echo(json.dumps(contract.to_json_schema(), indent=2, ensure_ascii=False))

"""mailweave expand: values and sheets become mails again."""

from __future__ import annotations

from pathlib import Path

import click

from mailweave.batch.expanding import WHOLE, expand, message_of
from mailweave.cli.findings import fail
from mailweave.diagnostics import MailweaveError, diagnose


@click.command(name="expand")
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--key", metavar="KEY", help="Print the message of this recipient alone.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where to write all mails.")
@click.option("--format", "form", type=click.Choice(WHOLE), help="Of all mails.  [default: parquet]")
def command(output: Path, key: str | None, out: Path | None, form: str | None) -> None:
    """Make the mails of OUTPUT whole again, a folder that `mailweave batch --format values` wrote.

    With --out, a new folder with a file for each shard, such as 000000.eml.tar, byte for byte as `mailweave batch
    --format` writes it, and the proofs of --seeds in seeds/. With --key, one message, as it goes over the wire.
    """
    if (key is None) == (out is None) or (key is not None and form is not None):
        raise click.UsageError("name --out DIR for all mails, or --key KEY for the message of one")
    try:
        if out is not None:
            mails, proofs = expand(output, out, form or "parquet")
            click.echo(f"{out}: {mails:,} e-mails" + (f", {proofs:,} proofs" if proofs else ""))
            return
        message = message_of(output, key or "")
    except MailweaveError as error:
        fail(error.diagnostics)
    if message is None:
        fail([diagnose("MW827", place=str(output))])
    click.echo(message, nl=False)

"""mailweave preview: the campaign in the browser, new at every save."""

from __future__ import annotations

import os
import sys
import webbrowser
from contextlib import suppress
from pathlib import Path

import click

from mailweave.cli.findings import fail
from mailweave.diagnostics import diagnose


@click.command(name="preview")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    metavar="N",
    help="Where it listens on this machine; any free port else.",
)
@click.option("--no-open", is_flag=True, help="Only print the address.")
@click.option("--smtp", metavar="HOST:PORT", help="A mail server, for `Send a proof` on the page.")
def command(campaign: Path, port: int, no_open: bool, smtp: str | None) -> None:
    """Show CAMPAIGN in the browser: every recipient, every part, and why each block is there.

    Prints its address first. Save a file, and the mail is new. Ends with Ctrl-C. For a mail server that asks who
    sends, set MAILWEAVE_SMTP_USER and MAILWEAVE_SMTP_PASSWORD.
    """
    from mailweave.preview.proofs import MailServer
    from mailweave.preview.server import listening_at, serve

    if campaign.is_file():
        fail([diagnose("MW024", place=str(campaign), what="a campaign is a folder, and this is a file")])
    if not campaign.is_dir():
        fail([diagnose("MW001", place=str(campaign), what="the campaign", todo="name its folder")])

    try:
        server = None if smtp is None else MailServer.named(smtp)
    except ValueError:
        raise click.BadParameter("write it as localhost:1025", param_hint="--smtp") from None

    def ready(address: str) -> None:
        _say(address)
        if not no_open:
            webbrowser.open(address)

    try:
        listening = listening_at(port)
    except OSError as error:
        fail([diagnose("MW024", place=f"--port {port}", what=f"cannot listen: {error.strerror}")])
    with listening, suppress(KeyboardInterrupt):  # how it is ended
        serve(campaign, listening, ready, server)


def _say(address: str) -> None:
    """The address on standard output; where nothing can be written there, on the other one."""
    try:
        click.echo(address)
    except OSError as error:
        with open(os.devnull, "wb") as nothing:  # noqa: PTH123  # what is left in the buffer goes there
            os.dup2(nothing.fileno(), sys.stdout.fileno())
        what = f"standard output cannot be written ({error.strerror})"
        click.echo(f"{what}; the preview goes on at {address}", err=True)

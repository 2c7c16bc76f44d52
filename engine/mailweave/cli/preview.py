"""mailweave preview: the campaign in the browser, new at every save."""

from __future__ import annotations

import os
import secrets
import sys
import webbrowser
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailweave.cli.findings import fail
from mailweave.diagnostics import diagnose

if TYPE_CHECKING:
    from mailweave.preview.proofs import MailServer


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
    from mailweave.preview import lean_start
    from mailweave.preview.loopback import address, listening_at

    lean_start.begin()
    for name in ("starlette", "uvicorn", "watchfiles"):
        if find_spec(name) is None:
            raise ModuleNotFoundError(name=name)
    if campaign.is_file():
        fail([diagnose("MW024", place=str(campaign), what="a campaign is a folder, and this is a file")])
    if not campaign.is_dir():
        fail([diagnose("MW001", place=str(campaign), what="the campaign", todo="name its folder")])

    try:
        server = None if smtp is None else _mail_server(smtp)
    except ValueError:
        raise click.BadParameter("write it as localhost:1025", param_hint="--smtp") from None

    try:
        listening = listening_at(port)
    except OSError as error:
        fail([diagnose("MW024", place=f"--port {port}", what=f"cannot listen: {error.strerror}")])
    with listening, suppress(KeyboardInterrupt):  # how it is ended
        token = secrets.token_urlsafe(24)
        _say(address(listening, token))
        if not no_open:
            webbrowser.open(address(listening, token))
        from mailweave.preview.server import serve  # meanwhile the browser starts, and waits

        serve(campaign, listening, token, server)


def _mail_server(smtp: str) -> MailServer:
    """Raises ValueError for what is none."""
    from mailweave.preview.proofs import MailServer

    return MailServer.named(smtp)


def _say(address: str) -> None:
    """The address on standard output; where nothing can be written there, on the other one."""
    try:
        click.echo(address)
    except OSError as error:
        with open(os.devnull, "wb") as nothing:  # noqa: PTH123  # what is left in the buffer goes there
            os.dup2(nothing.fileno(), sys.stdout.fileno())
        what = f"standard output cannot be written ({error.strerror})"
        click.echo(f"{what}; the preview goes on at {address}", err=True)

"""mailweave mcp: what agents ask about campaigns."""

from __future__ import annotations

from pathlib import Path

import click

from mailweave.batch.extras import require
from mailweave.cli.findings import fail
from mailweave.diagnostics import MailweaveError


@click.command(name="mcp")
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--show-pii", is_flag=True, help="Let agents see the values of attributes labelled `pii`.")
@click.option("--skill", is_flag=True, help="Print the page that teaches an agent the language, and end.")
def command(folder: Path, show_pii: bool, skill: bool) -> None:
    """Answer agents about the campaigns in FOLDER by the Model Context Protocol, over standard input and output.

    Tools: campaigns, check, test, explain, render, prove, cover, segments, blocks, recipients. Nothing is written, and
    nothing outside FOLDER is read. What the rules label `pii` is masked. docs/agents.md says how agents start it.
    """
    if skill:
        from mailweave.mcp_server.skill import page

        click.echo(page(), nl=False)
        return
    try:
        require("mcp", place="mailweave mcp", what="the server for agents")
        from mailweave.mcp_server.server import server

        made = server(folder, show_pii=show_pii)
    except MailweaveError as error:
        fail(error.diagnostics)
    made.run("stdio")

"""mailweave lsp: what editors ask while an author types."""

from __future__ import annotations

import logging

import click

from mailweave.batch.extras import require
from mailweave.cli.findings import fail
from mailweave.diagnostics import MailweaveError


@click.command(name="lsp")
@click.option("--stdio", is_flag=True, help="Speak over standard input and output, as it does anyhow.")
def command(stdio: bool) -> None:
    """Answer editors by the Language Server Protocol, over standard input and output.

    For rule files, campaign.toml, block.toml, and the Liquid of blocks and layouts: findings as typed, completion, hover,
    definitions, references, renaming, formatting, quick fixes, outlines. docs/editors.md says how editors start it.
    """
    try:
        require("lsp", place="mailweave lsp", what="the language server")
    except MailweaveError as error:
        fail(error.diagnostics)
    from mailweave.lsp.server import server

    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # it logs each refusal with a traceback
    server().start_io()

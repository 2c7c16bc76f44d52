"""The option `--fetch`: the sources of a campaign asked for one recipient, and what became of each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from mailweave.campaign import Campaign
from mailweave.campaign.snapshot import Context, Snapshot
from mailweave.cli.findings import fail
from mailweave.cli.recipient import Asked
from mailweave.diagnostics import MailweaveError

if TYPE_CHECKING:
    from mailweave.delivery.sources import Sources

fetch_option = click.option(
    "--fetch", "fetches", is_flag=True, help="Ask the campaign's [sources] first, as the service does."
)


def with_sources(campaign: Campaign, asked: Asked) -> Asked:
    """The recipient with what the sources gave; a line on standard error says what became of each."""
    try:
        from mailweave.delivery.sources import Sources

        sources = Sources.of(campaign)
        profile, context = asyncio.run(_resolved(sources, asked))
    except MailweaveError as error:
        fail(error.diagnostics)
    told = (f"{one.source} {one.outcome}{f' ({one.why})' if one.why else ''}" for one in sources.counts)
    click.echo(f"sources: {', '.join(sorted(told)) or 'none asked'}", err=True)
    return asked._replace(profile=profile, context=context)


async def _resolved(sources: Sources, asked: Asked) -> tuple[Mapping[str, Any], Context | Snapshot | None]:
    try:
        return await sources.resolve(asked.profile, events=asked.events, now=asked.now, context=asked.context)
    finally:
        await sources.fetcher.aclose()

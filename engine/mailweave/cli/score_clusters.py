"""mailweave score --clusters: a tier proposal, printed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import numpy as np

from mailweave.decisions import compile_decisions
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.source import Source, joined

if TYPE_CHECKING:
    from mailweave.insight.clusters import Clustered
    from mailweave.insight.tier_proposal import Proposal

_APART: Final = (
    0.25  # L. Kaufman and P. J. Rousseeuw, "Finding Groups in Data", 1990: below it nothing is found
)


def propose(
    campaign: Path, profiles: tuple[str, ...], events: tuple[str, ...], number: int | None
) -> list[Diagnostic]:
    """Prints the tier and how good it is; what speaks against it. Raises MailweaveError."""
    from mailweave.batch.extras import require

    require("score", place=str(campaign), what="score")
    import duckdb

    from mailweave.campaign.folder import FolderReader
    from mailweave.insight.clusters import clusters
    from mailweave.insight.histories import Histories
    from mailweave.insight.tier_proposal import proposal

    reader = FolderReader(campaign)
    if not reader.rules:
        raise MailweaveError(reader.diagnostics)
    document = compile_decisions(joined(reader.rules)).document
    try:
        with duckdb.connect() as connection:
            histories = Histories(connection, document.schema, profiles, events)
            found = clusters(connection, histories, document.schema, number)
    except duckdb.Error as error:
        raise MailweaveError(
            [diagnose("MW882", place=", ".join(profiles), what=str(error).splitlines()[0])]
        ) from None
    names = {*document.schema.profile, *document.schema.events, *document.segments, *document.tiers}
    made = proposal(found, {*names, *document.schema.lookups})
    compile_decisions(joined((*reader.rules, Source("proposal.rules", made.text))))
    click.echo(made.text, nl=False)
    _tell(found, made)
    unread = list(histories.diagnostics)
    if found.silhouette >= _APART:
        return unread
    return [*unread, diagnose("MW894", place=str(campaign), silhouette=f"{found.silhouette:.2f}")]


def _tell(found: Clustered, made: Proposal) -> None:
    sizes = np.bincount(found.places)
    click.echo(f"{len(sizes)} clusters, silhouette {found.silhouette:.2f}", err=True)
    for cluster, size in enumerate(sizes):
        means = found.rows[found.places == cluster].mean(axis=0)
        said = ", ".join(f"{what.text} {mean:.1f}" for what, mean in zip(found.said, means, strict=True))
        untold = " (no line tells them)" if cluster in made.untold else ""
        click.echo(f"  group_{cluster + 1}: {size:,} recipients{untold}; on average {said}", err=True)
    click.echo(
        f"the tier puts {made.share:.1%} of the recipients that it was not learned from into their cluster",
        err=True,
    )

"""In which of some segments and tiers recipients are at a moment, as a batch would decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np

from mailweave.batch.list_import import quoted
from mailweave.batch.segments import count_segments
from mailweave.campaign import Campaign
from mailweave.insight.histories import Histories
from mailweave.insight.popularity import NOWHERE
from mailweave.insight.taken_items import Places

if TYPE_CHECKING:
    import duckdb


def group_names(campaign: Campaign, asked: Sequence[str]) -> tuple[str, ...]:
    """The groups that segments and tiers make, in the order of their names: `regulars`, `engagement.warm`."""
    return tuple(name for one in asked for name in _names(campaign, one))


def _names(campaign: Campaign, name: str) -> Iterator[str]:
    members = dict(campaign.decisions.program.bits.tiers).get(name)
    yield from (name,) if members is None else (f"{name}.{member}" for member in members)


def groups_at(
    connection: duckdb.DuckDBPyConnection,
    campaign: Campaign,
    histories: Histories,
    lists: tuple[Sequence[str], Sequence[str]],
    asked: Sequence[str],
    now: datetime,
) -> Places:
    """The place in `group_names` of the first that a recipient is in; `NOWHERE` for who is in none, or does not read.

    lists: of profiles and of events. Raises MailweaveError.
    """
    names = {name: at for at, name in enumerate(group_names(campaign, asked))}
    tiers = dict(campaign.decisions.program.bits.tiers)
    found = np.full(len(histories.keys), NOWHERE, dtype=np.int64)
    said = ", ".join(
        f"'{name}.' || {quoted(name)}" if name in tiers else f"CASE WHEN {quoted(name)} THEN '{name}' END"
        for name in asked
    )
    with TemporaryDirectory() as folder:
        file = Path(folder) / "members.parquet"
        count_segments(campaign, *lists, now=now, members=file)
        rows = connection.execute(
            f"SELECT place, coalesce({said}, NULL) FROM read_parquet(?) JOIN people "
            f"ON CAST({quoted(campaign.key_column)} AS VARCHAR) = key",
            [str(file)],
        ).fetchall()
    for place, group in rows:
        found[place] = names.get(group, NOWHERE)
    return found

"""The demo and its list, by names that an older commit has too: what is compared with one asks for no more."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from mailweave import Campaign, Email
from mailweave.batch.sources import Recipients

HOME = Path(__file__).resolve().parents[1] / "fixtures"
DEMO, LIST = HOME / "campaigns" / "cdnow-winback", HOME / "cdnow"

Mailed: TypeAlias = tuple[dict[str, Any], tuple[dict[str, Any], ...], Email]


def mailed(campaign: Campaign, count: int) -> list[Mailed]:
    """The first of the list who get a mail: profile, events and the mail."""
    return list(islice(_mailed(campaign), count))


def _mailed(campaign: Campaign) -> Iterator[Mailed]:
    for one in Recipients(LIST / "profiles.parquet", LIST / "events.parquet"):
        email = campaign.render(one.profile, events=one.events)
        if isinstance(email, Email):
            yield one.profile, one.events, email

"""Profiles of a list, for the state: the rows that read, by their keys."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from mailweave.batch.sources import Recipients
from mailweave.campaign import Campaign
from mailweave.triggers.counts import Counts


def profiles(
    lists: Sequence[str], campaign: Campaign, counts: Counts
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Key and profile of each row of some lists, as `mailweave batch` reads them; those that do not read are counted."""
    for one in lists:
        for recipient in Recipients(one, key=campaign.key_column, schema=campaign.schema):
            if recipient.refused is not None:
                counts.profiles_unread[recipient.refused.field] += 1
            else:
                yield recipient.key, json.loads(json.dumps(recipient.profile, default=_plain))


def _plain(value: object) -> str:
    """What columns of Parquet and of tables hold, as JSON says it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)

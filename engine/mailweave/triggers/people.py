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
            field = None if recipient.refused is None else recipient.refused.field
            profile = _json(recipient.profile)
            if field is None and profile is not None:
                yield recipient.key, profile
            else:
                counts.profiles_unread[field or "profile"] += 1


def _json(profile: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A profile as JSON says it; None where a column holds what JSON cannot say."""
    try:
        said: Mapping[str, Any] = json.loads(json.dumps(profile, default=_plain))
    except TypeError:
        return None
    return said


def _plain(value: object) -> str:
    """What columns of Parquet and of tables hold, as JSON says it. Raises TypeError."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)

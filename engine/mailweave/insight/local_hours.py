"""In which hour of their own day recipients opened and clicked; machines that open for them are left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import normalize

import numpy as np

from mailweave.insight.event_names import spellings
from mailweave.insight.event_table import take_events
from mailweave.insight.histories import Histories, column_of
from mailweave.insight.item_events import consenting
from mailweave.insight.purchase_counts import Numbers
from mailweave.insight.taken_items import Places
from mailweave.schema.model import Schema
from mailweave.values.zones import zone_named, zone_names

if TYPE_CHECKING:
    import duckdb

READING: Final = (*spellings("open"), *spellings("click"))
"""Types of events that tell that somebody was there."""


class Hours(NamedTuple):
    """The place of a recipient, the hour (0 to 23) on their clock, and seconds since 1970, a row each."""

    people: Places
    hours: Places
    moments: Numbers


def recipient_zones(connection: duckdb.DuckDBPyConnection, histories: Histories, schema: Schema) -> list[str]:
    """The zone of each recipient: that of the attribute that the rules name, where it is known and may be read, else
    theirs."""
    zones = [schema.timezone.zone] * len(histories.keys)
    if schema.timezone.attribute is None:
        return zones
    field, given = schema.profile[schema.timezone.attribute], histories.profiles
    default = zones[0] if field.default is None else str(field.default)
    said = column_of(given, field.column or field.name)
    query = f"SELECT place, CAST({said} AS VARCHAR) FROM {given.sql} JOIN people ON CAST({histories.key} AS VARCHAR) = key"
    may = consenting(connection, histories, field.needs)
    for place, zone in connection.execute(query).fetchall():
        zones[place] = zone if zone in zone_names() else default
    return [zone if may[place] else schema.timezone.zone for place, zone in enumerate(zones)]


def local_hours(
    events: Sequence[str], histories: Histories, zones: Sequence[str], kinds: Sequence[str]
) -> Hours:
    """What happened of some kinds, under all names that they have; doubled events once, moments without a zone not at all.

    Raises MailweaveError and duckdb.Error.
    """
    import duckdb

    places = {normalize("NFC", key): place for place, key in enumerate(histories.keys)}
    listed = [name for kind in kinds for name in spellings(kind)]
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        take_events(connection, events, "amount")
        found = connection.execute(
            "SELECT profile, epoch(moment) FROM happened WHERE NOT is_machine AND moment IS NOT NULL "
            "AND list_contains(?, type) ORDER BY ALL",
            [listed],
        ).fetchall()
    rows = [(places[key], moment) for key, moment in found if key in places]
    people = np.array([place for place, _ in rows], dtype=np.int64)
    hours = np.array([_hour(moment, zones[place]) for place, moment in rows], dtype=np.int64)
    return Hours(people, hours, np.array([moment for _, moment in rows], dtype=np.float64))


def _hour(moment: float, zone: str) -> int:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment)).astimezone(zone_named(zone)).hour

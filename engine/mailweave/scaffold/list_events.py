"""What a list of events declares: each type with its fields, and how far back it goes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

from mailweave.batch.list_import import OWNER, Form
from mailweave.batch.raw_rows import RawList
from mailweave.scaffold.inference import is_name, reads, record_field
from mailweave.scaffold.refusals import Refusals, objects
from mailweave.schema import types as t
from mailweave.values.durations import DAY
from mailweave.values.instants import to_instant

Row: TypeAlias = Mapping[str, Any]

_NOT_FIELDS: Final = ("type", "at", OWNER)


@dataclass(frozen=True, slots=True)
class EventRows:
    """Events of one type: their fields, how many there are, over how many days the list goes, and its last moment."""

    name: str
    fields: tuple[t.Field, ...]
    count: int
    days: int
    latest: int


def list_events(given: RawList, currency: str, refusals: Refusals) -> tuple[EventRows, ...]:
    """The types of events in a list, by name; what cannot be declared is in `refusals`."""
    rows = objects(given, refusals)
    _check(rows, given.form, refusals)
    if refusals.diagnostics:
        return ()
    by_type: dict[str, list[Row]] = {}
    for row in rows:
        by_type.setdefault(row["type"], []).append(row)
    at = [to_instant(row["at"]) for row in rows]
    made = []
    for name in sorted(by_type):
        fields = _fields(name, by_type[name], given, currency, refusals)
        days = math.ceil((max(at) - min(at)) / DAY) + 1
        made.append(EventRows(name, fields, len(by_type[name]), days, max(at)))
    return tuple(made)


def _check(rows: Sequence[Row], form: Form, refusals: Refusals) -> None:
    """What every event must have."""
    is_moment = reads(t.Instant(), form)
    if not all(isinstance(row.get("type"), str) for row in rows):
        refusals.add("type", "is missing in some event", "name the type of each event in a column `type`")
    if not all("at" in row and is_moment(row["at"]) for row in rows):
        todo = "write a moment with its zone in each event, as 2026-11-22T09:00:00Z, in a column `at`"
        refusals.add("at", "is missing in some event, or is no moment", todo)
    if not all(OWNER in row for row in rows):
        refusals.add(
            OWNER, "is missing in some event", f"write the key of its recipient in a column `{OWNER}`"
        )


def _fields(
    name: str, rows: Sequence[Row], given: RawList, currency: str, refusals: Refusals
) -> tuple[t.Field, ...]:
    if not is_name(name) and name != "sent":
        todo = "give it a name of ASCII letters, digits and _"
        refusals.add(name, "is a type of events that rules cannot name", todo)
    made = [
        refusals.catch(
            partial(record_field, name, field, [row.get(field) for row in rows], given.form, currency)
        )
        for field in given.columns
        if field not in _NOT_FIELDS
    ]
    return tuple(one for one in made if one is not None)

"""What a rule text declares about its data.

Values (defaults, bounds, `else`) are in the normal form of `mailweave.values`; durations are microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from mailweave.schema.types import Field, Key, Type
from mailweave.values.calendar import CalendarWindow

Value: TypeAlias = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Shown:
    """What templates may read of an event: its newest one; without the consent `needs` it is missing."""

    pii: bool = False
    needs: str | None = None


@dataclass(frozen=True, slots=True)
class EventType:
    """`keep` in microseconds; None keeps the full history. `shown`: whether templates may read the newest."""

    name: str
    fields: Mapping[str, Field]
    keep: int | None
    shown: Shown | None = None


Ranking: TypeAlias = Literal["recency", "frequency", "monetary", "rfm"]
"""By the newest event, by how many, by their sum; or by all three, a digit each."""


@dataclass(frozen=True, slots=True)
class Rfm:
    """`rfm(event.field in last ..)`, or one of its digits: computed by the batch over the population.

    `field` is the amount that `monetary` and `rfm` sum. `window` is a length in microseconds, a calendar window, or
    None for all that is kept.
    """

    by: Ranking
    event: str
    field: str | None
    window: int | CalendarWindow | None


@dataclass(frozen=True, slots=True)
class ScoreType:
    """`otherwise` is None for `else unknown`."""

    name: str
    type: Type
    ttl: int
    otherwise: Value | None
    computed: Rfm | None = None


@dataclass(frozen=True, slots=True)
class LookupType:
    name: str
    key: Type
    type: Type
    ttl: int
    otherwise: Value


@dataclass(frozen=True, slots=True)
class CatalogType:
    """`key` is the field that identifies an item: its first."""

    name: str
    fields: Mapping[str, Field]
    key: str


@dataclass(frozen=True, slots=True)
class RecommendedList:
    """At most `max` items of `catalog` by recommender `by`, else by `otherwise`, or the first of the catalogue
    `everybody`. `is_filled`: that catalogue is known to have items, and so has everybody's list.
    """

    name: str
    catalog: str
    by: str
    max: int
    otherwise: str | None
    everybody: str | None = None
    is_filled: bool = False

    @property
    def given(self) -> tuple[str, ...]:
        """The names under which a recipient's data may hold it, the first that is there counts."""
        names = (self.name, self.by)
        return names if self.otherwise is None else (*names, self.otherwise)


@dataclass(frozen=True, slots=True)
class Timezone:
    """Whose days calendar windows count: the zone in `attribute` when it is known, else `zone`."""

    attribute: str | None = None
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Schema:
    """All declarations of a rule text, by name, in file order."""

    profile: Mapping[str, Field] = field(default_factory=dict)
    events: Mapping[str, EventType] = field(default_factory=dict)
    consents: tuple[str, ...] = ()
    scores: Mapping[str, ScoreType] = field(default_factory=dict)
    lookups: Mapping[str, LookupType] = field(default_factory=dict)
    catalogs: Mapping[str, CatalogType] = field(default_factory=dict)
    lists: Mapping[str, RecommendedList] = field(default_factory=dict)
    timezone: Timezone = Timezone()

    @property
    def shown_events(self) -> tuple[EventType, ...]:
        """The events whose newest one templates may read."""
        return tuple(event for event in self.events.values() if event.shown is not None)


def key_attribute(schema: Schema) -> Field | None:
    """The attribute of type `key`, if the rules declare one."""
    return next((field for field in schema.profile.values() if isinstance(field.type, Key)), None)


def key_column(schema: Schema) -> str:
    """What data calls the key; `id` where the rules declare none."""
    key = key_attribute(schema)
    return (key.column or key.name) if key else "id"

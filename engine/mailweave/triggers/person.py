"""One person as triggers see them: what happened, what is waiting, what was mailed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

SENT: Final = "sent"
"""The event that tells of a mail, whoever sent it."""
CAUSE: Final = -1
"""The number of a timer that waits for a cause (a day, a look at a segment) and not for a mail."""
BEGIN: Final = -2
"""The number of a timer of a cause that is there, whose wait is drawn at that moment: it has an experiment."""

Arms: TypeAlias = tuple[tuple[str, str], ...]
"""Experiments on waits, and the arm in each."""


class Event(NamedTuple):
    """Something that happened, in the order of its moment (microseconds since 1970, UTC) and its id.

    `fields` are plain JSON. Of one person an id names one event, however often it comes.
    """

    at: int
    id: str
    type: str
    fields: Mapping[str, Any]

    def plain(self) -> dict[str, Any]:
        """As rules and templates read it."""
        return {**self.fields, "type": self.type, "at": self.fields["at"]}


class Place(NamedTuple):
    """A trigger of a campaign."""

    campaign: str
    trigger: str


class Timer(NamedTuple):
    """What is due at a moment: mail `number` of a trigger for a cause, or, with CAUSE, the cause itself; with BEGIN, its
    first wait.

    `cause` names it among those of this trigger and person: an event by its id, a day by its date, an entering by its
    moment. `since` is the moment from which on `unless` counts: of the cause, or of the mail before. `arms`: those of the
    waits that led to it.
    """

    due: int
    place: Place
    number: int
    cause: str
    since: int
    arms: Arms = ()


class Mail(NamedTuple):
    """A mail whose moment has come, the only one for its cause."""

    at: int
    timer: Timer
    key: str


class Mailed(NamedTuple):
    """A mail that went out, or that was reported by an event `sent`."""

    at: int
    key: str


@dataclass(frozen=True, slots=True)
class Person:
    """The state of one person. events: in their order. timers, mailed: in no order. profile: None where it is not known."""

    key: str
    profile: Mapping[str, Any] | None = None
    events: tuple[Event, ...] = ()
    timers: tuple[Timer, ...] = ()
    mailed: tuple[Mailed, ...] = ()

    @property
    def awaited(self) -> dict[Place, int]:
        """The yearly days that are waited for, as numbers."""
        days = (one for one in self.timers if one.number == CAUSE and one.cause.isdecimal())
        return {one.place: int(one.cause) for one in days}

"""A recipient as one JSON object: the profile, and beside it the events, the moment and the context of a decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mailweave.campaign.campaign import Campaign
from mailweave.diagnostics import MailweaveError, diagnose


@dataclass(frozen=True, slots=True)
class SavedRecipient:
    """What `prove`, `cover` and people save. `now` is as it was written; `context` is None for the campaign's own."""

    profile: dict[str, Any]
    events: list[dict[str, Any]]
    now: str | None = None
    context: dict[str, Any] | None = None

    def moment(self) -> datetime | None:
        """The moment of the decision, if it has one of its own. Raises MailweaveError."""
        if not self.now:
            return None
        try:
            return read_moment(self.now)
        except ValueError as error:
            raise MailweaveError([diagnose("MW020", place="now", what=str(error))]) from None

    def as_json(self) -> dict[str, Any]:
        """The one object that it was read from."""
        beside = {"events": self.events, "now": self.now, "context": self.context}
        return {**self.profile, **{name: value for name, value in beside.items() if value is not None}}


def read_moment(text: str) -> datetime:
    """An instant that a person wrote; a date alone is its first moment in UTC. Raises ValueError, for people to read.

    >>> read_moment("2026-11-22").isoformat()
    '2026-11-22T00:00:00+00:00'
    """
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("write it as 2026-11-22T09:00Z") from None
    if value.tzinfo is None and len(text) > len("2026-11-22"):
        raise ValueError("an instant needs its zone, such as a Z at its end")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def saved_recipient(campaign: Campaign, value: object, place: str) -> SavedRecipient:
    """A recipient from the JSON of `place`: `events`, `now` and `context` are no attributes unless the rules say so.

    Raises MailweaveError for what cannot be one.
    """
    if not isinstance(value, dict):
        raise MailweaveError([diagnose("MW020", place=place, what="it should be a JSON object")])
    fields = campaign.schema.profile.values()
    beside = {"events", "now", "context"} - {field.column or field.name for field in fields}
    along = {name: value[name] for name in beside if name in value}
    profile = {name: each for name, each in value.items() if name not in along}
    events, context = along.get("events") or [], along.get("context")
    are_events = isinstance(events, list) and all(isinstance(event, dict) for event in events)
    if not are_events or not isinstance(context or {}, dict):
        what = "they should be an array of JSON objects, and `context` an object"
        raise MailweaveError([diagnose("MW020", place="events", what=what)])
    now = along.get("now")
    return SavedRecipient(profile, events, None if now is None else str(now), context)

"""Mails without personal data: what the rules label `pii` is replaced before anything is rendered.

So no value can come through a filter, a link or a comment. What was chosen must stay the same; where it hangs on the
values themselves, no masked mail is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from mailweave.campaign import Campaign
from mailweave.decisions import Selection, Skip
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message import Email
from mailweave.schema.types import (
    Bool,
    Date,
    Duration,
    Enum,
    Field,
    Instant,
    Int,
    Key,
    ListOf,
    Money,
    Number,
    Ratio,
    SetOf,
    Text,
    Zone,
)

MASK: Final = "•••"
_ADDRESS: Final = "masked@example.com"
_BESIDE: Final = frozenset(["consent", "scores", "lists"])  # what a profile holds besides attributes
_URL: Final = "https://example.com/masked"


def masked_profile(campaign: Campaign, profile: Mapping[str, Any]) -> dict[str, Any]:
    """A profile with a stand-in for each value that the rules label `pii`, and for each that they do not declare, of which
    nobody knows what it is; what is missing stays missing.

    >>> from mailweave import Environment
    >>> campaign = Environment().compile("fixtures/docs/regulars")
    >>> masked_profile(campaign, {"id": "7", "email": "ann@example.com", "first_name": "Ann", "orders": 4})
    {'id': '7', 'email': 'masked@example.com', 'first_name': '•••', 'orders': 4}
    """
    personal = {one.column or one.name: one for one in campaign.schema.profile.values() if one.pii}
    declared = {one.column or one.name for one in campaign.schema.profile.values()}
    plain = (declared | _BESIDE | {campaign.key_column}) - set(personal)
    return {
        name: value if value is None or name in plain else _hidden(personal.get(name), value)
        for name, value in profile.items()
    }


def _hidden(field: Field | None, value: object) -> Any:
    return MASK if field is None else stand_in(field, value)


def masked_events(campaign: Campaign, events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Events with a stand-in for each field of a type that is shown to templates as `pii`."""
    personal = {one.name: one for one in campaign.schema.shown_events if one.shown and one.shown.pii}
    made = []
    for event in events:
        known = personal.get(str(event.get("type")))
        fields = {} if known is None else {one.column or one.name: one for one in known.fields.values()}
        made.append(
            {
                name: stand_in(fields[name], value) if name in fields else value
                for name, value in event.items()
            }
        )
    return made


def stand_in(field: Field, value: object) -> Any:
    """A value of a field's type that says nothing of the one it stands for, but that it is there."""
    match field.type:
        case Text() | Key():
            return _text(str(value))
        case Bool():
            return False
        case Int() | Number() | Ratio() | Money():
            return _number(field)
        case Date():
            return "2000-01-01"
        case Instant():
            return "2000-01-01T00:00:00Z"
        case Duration():
            return "P0D"
        case Zone():
            return "UTC"
        case Enum(members=members):
            return members[0]
        case SetOf() | ListOf():
            return []


def _text(value: str) -> str:
    """Addresses stay addresses, and URLs URLs: else the mail would be another one."""
    if "@" in value and " " not in value:
        return _ADDRESS
    return _URL if value.startswith(("https://", "http://")) else MASK


def _number(field: Field) -> Any:
    """A number within the bounds of a field; amounts as decimal text."""
    low = field.minimum if isinstance(field.minimum, int | float) else 0
    if isinstance(field.type, Money):
        return str(low / 10_000) if low else "0"
    return low


def decide_masked(
    campaign: Campaign,
    profile: Mapping[str, Any],
    *,
    events: Iterable[Mapping[str, Any]] = (),
    now: datetime | None = None,
    context: Mapping[str, Any] | None = None,
) -> tuple[Selection, Email] | Skip:
    """What a recipient gets, chosen by their data and written without what is personal in them.

    Takes what `Campaign.decide` takes. Raises MailweaveError (MW685) where another mail would be written: then what is
    chosen hangs on personal values.
    """
    listed = [dict(event) for event in events]
    real = campaign.decide(profile, events=listed, now=now, context=context)
    if isinstance(real, Skip):
        return real
    at = real[1].now
    hidden, happened = masked_profile(campaign, profile), masked_events(campaign, listed)
    shown = campaign.decide(hidden, events=happened, now=at, context=context)
    if isinstance(shown, Skip) or _chosen(shown[0]) != _chosen(real[0]):
        raise MailweaveError([diagnose("MW685", place=campaign.config.name)])
    return shown


def _chosen(selection: Selection) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    return {slot: tuple(blocks) for slot, blocks in selection.items()}, dict(selection.arms)

"""Many recipients one after the other, in this process: each gives an e-mail, a skip or a failure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from mailweave.campaign.snapshot import Snapshot
from mailweave.decisions import Skip
from mailweave.diagnostics import TemplateError
from mailweave.message.email import Email

if TYPE_CHECKING:
    from mailweave.campaign.campaign import Campaign

Happened: TypeAlias = Iterable[Mapping[str, Any]]
"""The events of one recipient."""


@dataclass(frozen=True, slots=True)
class Failure:
    """This recipient could not be rendered: a template failed on their data.

    `code` and `name` are those of the finding (docs/errors.md), `place` is file, line and column of the
    template. Nothing of the recipient's data is told.
    """

    code: str
    name: str
    place: str

    @classmethod
    def of(cls, error: TemplateError) -> Failure:
        """The first finding of an error."""
        found = error.diagnostics[0]
        place = found.place if found.location is None else str(found.location)
        return cls(found.code, found.name, place)

    def __str__(self) -> str:
        return f"{self.place}: {self.code} {self.name}"


def in_order(
    campaign: Campaign,
    profiles: Iterable[Mapping[str, Any]],
    events: Mapping[str, Happened] | Iterable[Happened] | None,
    now: datetime,
    context: Mapping[str, Any] | Snapshot | None,
) -> Iterator[Email | Skip | Failure]:
    """One answer for each profile, made when it is asked for."""
    about = context if isinstance(context, Snapshot) else campaign.snapshot(context)
    for profile, happened in _with_events(profiles, events, campaign.key_column):
        try:
            yield campaign.render(profile, events=happened, now=now, context=about)
        except TemplateError as error:
            yield Failure.of(error)


def _with_events(
    profiles: Iterable[Mapping[str, Any]],
    events: Mapping[str, Happened] | Iterable[Happened] | None,
    key: str,
) -> Iterator[tuple[Mapping[str, Any], Happened]]:
    if events is None:
        return ((profile, ()) for profile in profiles)
    if isinstance(events, Mapping):
        return ((profile, _of(events, profile, key)) for profile in profiles)
    return zip(profiles, map(_one_persons, events), strict=True)


def _one_persons(events: Happened) -> Happened:
    if isinstance(events, Mapping):
        raise TypeError("events: a mapping of keys to events, or the events of each profile in step")
    return events


def _of(events: Mapping[str, Happened], profile: Mapping[str, Any], key: str) -> Happened:
    """The events under a recipient's key; a profile that is none is for `render` to refuse."""
    return events.get(str(profile.get(key)), ()) if isinstance(profile, Mapping) else ()

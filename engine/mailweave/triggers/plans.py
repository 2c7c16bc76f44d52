"""The triggers of a campaign, compiled once: by what starts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from mailweave.decisions.waits import WaitPlan, waits
from mailweave.rules import checked as c
from mailweave.rules.checked import CheckedDocument
from mailweave.triggers.moments import Moments, moments
from mailweave.triggers.person import Place


@dataclass(frozen=True, slots=True)
class Start:
    """A trigger in its place; `looks` for one on entering a segment. waits: experiments on waits, by numbers of mails."""

    place: Place
    trigger: c.Trigger
    looks: Moments | None = None
    waits: Mapping[int, WaitPlan] = field(default_factory=dict)

    @property
    def longest(self) -> int:
        """The longest wait that the first mail of anybody may have."""
        return self.waits[0].longest if 0 in self.waits else self.trigger.mails[0].after


@dataclass(frozen=True, slots=True)
class Plan:
    """The triggers of one campaign.

    by_event: what an event of a type starts. looked_at: segments that it may bring somebody into. keeps: how long
    (microseconds) events of a type are needed, None for ever.
    """

    campaign: str
    starts: Mapping[str, Start]
    quiet: c.QuietHours | None
    caps: tuple[c.MailCap, ...]
    by_event: Mapping[str, tuple[Start, ...]]
    looked_at: Mapping[str, tuple[Start, ...]]
    keeps: Mapping[str, int | None]

    def mail(self, place: Place, number: int) -> c.TriggerMail | None:
        """A mail of a trigger; None where the rules no longer have it."""
        start = self.starts.get(place.trigger)
        return None if start is None or number >= len(start.trigger.mails) else start.trigger.mails[number]


def planned(campaign: str, document: CheckedDocument) -> Plan:
    """The triggers of a checked text."""
    starts = {start.place.trigger: start for start in _starts(campaign, document)}
    return Plan(
        campaign,
        starts,
        document.triggers.quiet,
        document.triggers.caps,
        _grouped(starts, _event_of),
        _grouped(starts, lambda start: () if start.looks is None else tuple(start.looks.events)),
        {event.name: event.keep for event in document.schema.events.values()},
    )


def _starts(campaign: str, document: CheckedDocument) -> Iterator[Start]:
    for trigger in document.triggers.triggers:
        entering = trigger.cause if isinstance(trigger.cause, c.OnEntering) else None
        looks = None if entering is None else moments(document, entering.segment)
        yield Start(Place(campaign, trigger.name), trigger, looks, waits(document, trigger.name))


def _event_of(start: Start) -> tuple[str, ...]:
    return (start.trigger.cause.event,) if isinstance(start.trigger.cause, c.OnEvent) else ()


def _grouped(
    starts: Mapping[str, Start], events: Callable[[Start], tuple[str, ...]]
) -> dict[str, tuple[Start, ...]]:
    found: dict[str, list[Start]] = {}
    for start in starts.values():
        for event in events(start):
            found.setdefault(event, []).append(start)
    return {event: tuple(having) for event, having in found.items()}

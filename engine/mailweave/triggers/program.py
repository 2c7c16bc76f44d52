"""The triggers of all campaigns of a run: their plans, their rules, and what they read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mailweave.batch.attached import check_files
from mailweave.campaign import Campaign
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.rules import checked as c
from mailweave.triggers.causes import entered, known, looked_back
from mailweave.triggers.intake import Intake
from mailweave.triggers.judging import Judged, Rules
from mailweave.triggers.person import SENT, Person, Place, Timer
from mailweave.triggers.plans import Plan, Start, planned


@dataclass(frozen=True, slots=True)
class Triggers:
    """The triggers of campaigns, by the names of these."""

    campaigns: Mapping[str, tuple[Campaign, Plan]]
    rules: Mapping[str, Rules]

    @classmethod
    def of(cls, campaigns: Sequence[Campaign]) -> Triggers:
        """Raises MailweaveError for campaigns of one name, those that ask for files, and where there is no trigger."""
        found: dict[str, tuple[Campaign, Plan]] = {}
        for campaign in campaigns:
            name = campaign.config.name
            if name in found:
                raise MailweaveError([diagnose("MW863", name=name)])
            check_files(campaign)
            found[name] = (campaign, planned(name, campaign.decisions.document))
        if not any(one.starts for _, one in found.values()):
            raise MailweaveError([diagnose("MW862", place=", ".join(found))])
        return cls(found, {name: _rules(campaign) for name, (campaign, _) in found.items()})

    @property
    def plans(self) -> tuple[Plan, ...]:
        """The plan of each campaign, in order."""
        return tuple(plan for _, plan in self.campaigns.values())

    def intake(self) -> Intake:
        """Reads the events that rules, triggers and caps speak of."""
        schemas = (campaign.schema for campaign, _ in self.campaigns.values())
        return Intake(schemas, [SENT] if any(plan.caps for plan in self.plans) else [])

    def judged(self, person: Person) -> Callable[[str], Judged]:
        """The rules of each campaign about one person, each asked for data once."""
        made: dict[str, Judged] = {}

        def of(campaign: str) -> Judged:
            if campaign not in made:
                made[campaign] = self.rules[campaign].of(person)
            return made[campaign]

        return of

    def profiles(self, person: Person) -> dict[str, Mapping[str, Any]]:
        """The profile of a person for each campaign."""
        return {name: rules.profile(person) for name, rules in self.rules.items()}

    @property
    def starts(self) -> tuple[Start, ...]:
        """The triggers that start without an event: on days, and on entering segments."""
        every = (start for plan in self.plans for start in plan.starts.values())
        return tuple(start for start in every if not isinstance(start.trigger.cause, c.OnEvent))

    def known(
        self, starts: Iterable[Start], person: Person, behind: int, awaited: Mapping[Place, int]
    ) -> Iterator[Timer]:
        """What some triggers start for a person behind a moment. awaited: the days that were waited for until now."""
        judged = self.judged(person)
        for start in starts:
            yield from known(start, judged(start.place.campaign), behind, awaited.get(start.place))
            yield from looked_back(start, person.events, behind)

    def changed(self, old: Person, new: Person, behind: int) -> Iterator[Timer]:
        """What starts because another profile puts a person into a segment, right behind a moment."""
        before, after = self.judged(old), self.judged(new)
        for plan in self.plans:
            for start in plan.starts.values():
                cause = start.trigger.cause
                if not isinstance(cause, c.OnEntering) or before(plan.campaign).is_in(cause.segment, behind):
                    continue
                if after(plan.campaign).is_in(cause.segment, behind + 1):
                    yield entered(start, behind + 1)

    def keeps(self) -> dict[str, int | None]:
        """How long (microseconds) events of each type are needed, the longest of all campaigns; None for ever. Caps count
        events `sent`, whatever the rules keep of them."""
        found: dict[str, int | None] = {}
        for plan in self.plans:
            for name, keep in plan.keeps.items():
                other = found.get(name, keep)
                found[name] = None if keep is None or other is None else max(keep, other)
        caps = [cap.per for plan in self.plans for cap in plan.caps]
        declared = found.get(SENT, 0)
        return found if not caps or declared is None else {**found, SENT: max(declared, *caps)}


def _rules(campaign: Campaign) -> Rules:
    return Rules(campaign.decisions.document, campaign.snapshot().ready, campaign.key_column)

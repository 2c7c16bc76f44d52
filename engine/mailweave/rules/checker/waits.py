"""Experiments on waits: in the place of the wait of a trigger, or of a mail behind `then`, arms have their own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from mailweave.rules import checked as c
from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.checker.drawing import Draw, Draws, share_of
from mailweave.rules.checker.names import article
from mailweave.rules.named import named
from mailweave.schema import types as t
from mailweave.values.durations import spoken


@dataclass(frozen=True, slots=True)
class Groups:
    """The segments and tiers that conditions name."""

    segments: Mapping[str, c.Segment]
    tiers: Mapping[str, c.Tier]


class Waits:
    """Reads experiments on the waits of triggers that are sound. What was at fault is left out. mails: the names of all
    mails of triggers."""

    def __init__(
        self, draws: Draws, triggers: Mapping[str, c.Trigger], groups: Groups, mails: Collection[str]
    ) -> None:
        self.draws, self.triggers, self.groups, self.mails = draws, triggers, groups, mails
        self.findings, self.names = draws.findings, draws.names
        self.declarations = draws.people.expressions.declarations

    def experiment(self, node: n.WaitExperiment) -> c.WaitExperiment | None:
        """An experiment: one a wait, control first, who takes part by the profile alone."""
        found = self._waiting(node.trigger)
        draw = self.draws.draw(node, node.trigger, is_known=found is not None)
        if found is None or draw is None or not isinstance(draw.split, n.ValueSplit):
            return None
        trigger, number = found
        mail = trigger.mails[number]
        if not self._is_steady(node, draw):
            return None
        arms = tuple(self._arm(arm, mail, place) for place, arm in enumerate(draw.split.arms))
        whom = (draw.unit, draw.salt, draw.only, draw.holdout, arms)
        return c.WaitExperiment(node.name.id, node.name.span, *whom, trigger.name, number, mail.name)

    def _waiting(self, name: n.Name) -> tuple[c.Trigger, int] | None:
        """The mail that has the wait, as a trigger and its number there."""
        self.names.used.add(name.id)
        mails = {
            mail.name: (trigger, number)
            for trigger in self.triggers.values()
            for number, mail in reversed(tuple(enumerate(trigger.mails)))
        }
        if name.id in mails:
            trigger, number = mails[name.id]
            if trigger.mails[number].after:
                return mails[name.id]
            self.findings.report("MW364", name.span, name=name.id)
        elif (kind := self.names.values.kind(name.id)) is None:
            self.names.unknown("trigger", name.id, name.span, mails)
        elif name.id not in self.mails:  # else its trigger was at fault
            self.findings.report("MW363", name.span, name=name.id, kind=article(kind))
        return None

    def _arm(self, arm: n.ValueArm, mail: c.TriggerMail, place: int) -> c.ValueArm:
        given = arm.value
        wait = self.declarations.length(given) if isinstance(given, n.DurationLiteral) else mail.after
        if given is not None:
            self._check_history(given, wait, mail)
        if place and wait == mail.after:
            self.findings.report("MW366", arm.span, arm=arm.name.id, wait=spoken(wait))
        value = x.Const(arm.span if given is None else given.span, t.Duration(), False, wait)
        return c.ValueArm(arm.name.id, arm.name.span, share_of(arm), value)

    def _check_history(self, node: n.Node, wait: int, mail: c.TriggerMail) -> None:
        """What keeps a mail back must be known for as long as it waits."""
        for name in mail.unless:
            keep = self.draws.people.expressions.schema.events[name].keep
            if keep is not None and wait > keep:
                self.findings.report("MW241", node.span, event=name)

    # ---- who takes part

    def _is_steady(self, node: n.WaitExperiment, draw: Draw) -> bool:
        """Whether `only` is the same at every moment; reports what it reads that is not."""
        only = next((item for item in node.items if isinstance(item, n.Only)), None)
        what = None if draw.only is None else next(self._passing(draw.only), None)
        if only is None or what is None:
            return True
        self.findings.report("MW365", only.condition.span, name=node.name.id, what=what)
        return False

    def _passing(self, condition: x.Expr) -> Iterator[str]:
        """What a condition reads, through segments and tiers, that events, time or another list may change."""
        through = (one.condition for one in named(condition, self.groups.segments, self.groups.tiers))
        for each in (condition, *through):
            for part in x.walk(each):
                yield from _passing(part)


def _passing(part: x.Expr) -> Iterator[str]:
    match part:
        case x.EventAggregate(event=event) | x.Exists(event=event):
            yield f"the events `{event}`"
        case x.TimeSince() | x.Anniversary() | x.InWindow():
            yield "the time"
        case x.ScoreValue(name=name):
            yield f"the score `{name}`"
        case x.LookupValue(name=name):
            yield f"the lookup `{name}`"
        case _:  # the profile, and what is made of it
            pass

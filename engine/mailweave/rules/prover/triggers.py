"""Triggers that start nothing, mails that are always kept back, and hours that swallow them.

What must be so of a person at the moment of a mail is asked as one question: that its condition is true, that no skip
holds, that its cause lies as far back as it waits, and none of the events that keep it back behind that. Where an experiment
varies the wait, it is asked for each arm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.findings import Findings
from mailweave.rules.prover.questions import AllOf, Holds, NotSo, Question
from mailweave.schema.types import Bool
from mailweave.source import Span
from mailweave.values.durations import DAY, MINUTE

_BOOL = Bool()


def triggers(findings: Findings) -> None:
    """Reports on every trigger of a text."""
    for trigger in findings.document.triggers.triggers:
        _Proof(trigger, findings).run()


class _Proof:
    """What is proved of one trigger."""

    def __init__(self, trigger: c.Trigger, findings: Findings) -> None:
        self.trigger, self.findings = trigger, findings
        self.document = findings.document
        self.mailed = Columns(self.document).mailed()

    def run(self) -> None:
        """The first mail that never goes out is told; those behind it are not."""
        if not self._enters():
            return
        for number, mail in enumerate(self.trigger.mails):
            if self._is_capped(number, mail) or not all(
                self._goes_out(number, replace(mail, after=wait), _of(arm))
                for wait, arm in self._waits(number).items()
            ):
                return
        self._night()

    def _waits(self, number: int) -> dict[int, str | None]:
        return self.document.triggers.waits(self.trigger, number)

    # ---- causes

    def _enters(self) -> bool:
        """Whether somebody can come into the segment: who is in it, and who is not."""
        cause, span = self.trigger.cause, self.trigger.span
        if not isinstance(cause, c.OnEntering):
            return True
        inside = Holds(x.InSegment(span, _BOOL, False, cause.segment))
        for question, why in (
            (inside, f"nobody can be in `{cause.segment}`"),
            (NotSo(inside), f"everybody is in `{cause.segment}` all the time"),
        ):
            if self.findings.is_nobody(question, span, f"somebody comes into `{cause.segment}`"):
                self.findings.report("MW286", span, name=f"`{self.trigger.name}`", why=why)
                return False
        return True

    def _cause(self, mail: c.TriggerMail) -> Iterator[Question]:
        """That the cause of the first mail lies as far back as it waits, or a night more."""
        cause, span = self.trigger.cause, self.trigger.span
        if isinstance(cause, c.OnEvent):
            reach = mail.after + (1 if self.document.triggers.quiet is None else DAY)
            keep = self.document.schema.events[cause.event].keep
            if keep is None or reach <= keep:
                yield _happened(cause.event, reach, span)
        elif isinstance(cause, c.OnEntering) and not mail.after and self.document.triggers.quiet is None:
            yield Holds(x.InSegment(span, _BOOL, False, cause.segment))
        elif isinstance(cause, c.OnDay):
            field = self.document.schema.profile[cause.attribute]
            yield Holds(x.Known(span, _BOOL, False, x.Attribute(span, field.type, True, field.name)))

    # ---- mails

    def _goes_out(self, number: int, mail: c.TriggerMail, of: str) -> bool:
        """Whether a mail can be due for somebody, with its condition, and without what keeps it back; `of` whose wait it
        has."""
        parts = [self.mailed, *(self._cause(mail) if number == 0 else ())]
        parts += [] if mail.condition is None else [Holds(mail.condition)]
        name = f"`{self.trigger.name}`{of}"
        due, what = AllOf(tuple(parts)), f"mail {number + 1} of {name} is due for anybody"
        if self.findings.is_nobody(due, mail.span, what):
            self._never(number, mail, "its condition, its cause and the skips exclude each other", of)
            return False
        without = tuple(NotSo(_happened(event, mail.after, mail.span)) for event in mail.unless if mail.after)
        if without and self.findings.is_nobody(AllOf((due, *without)), mail.span, what):
            events = " or ".join(mail.unless)
            self.findings.report("MW287", mail.span, due, events=events, number=number + 1, name=name)
            return False
        return True

    def _never(self, number: int, mail: c.TriggerMail, why: str, of: str) -> None:
        name = f"`{self.trigger.name}`{of}"
        if number == 0:
            self.findings.report("MW286", mail.span, name=name, why=why)
        else:
            self.findings.report("MW288", mail.span, name=name, number=number + 1, why=why)

    def _is_capped(self, number: int, mail: c.TriggerMail) -> bool:
        """Whether the mails before it alone fill a cap, however long the nights put them off, where arms wait least."""
        waits = {one: self._waits(one) for one in range(1, number + 1)}
        varies = any(of[min(of)] is not None for of in waits.values())
        night = 0 if self.document.triggers.quiet is None else DAY
        for cap in self.document.triggers.caps:
            since, before = 0, 0
            for later in range(number, 0, -1):
                since += min(waits[later]) + night
                before += since < cap.per
            if before >= cap.count:
                of = " in the arms that wait least" if varies else ""
                self._never(number, mail, "the mails before it fill the cap", of)
                return True
        return False

    # ---- nights

    def _night(self) -> None:
        """Notes a yearly day whose time lies in quiet hours of the same clocks."""
        cause, quiet = self.trigger.cause, self.document.triggers.quiet
        if not isinstance(cause, c.OnDay) or quiet is None or cause.zone != quiet.zone:
            return
        stop = f"{quiet.stop // 60}:{quiet.stop % 60:02}"
        for wait, arm in self._waits(0).items():
            if _is_quiet((cause.minute + wait // MINUTE) % (24 * 60), quiet):
                name = f"`{self.trigger.name}`{_of(arm)}"
                self.findings.report("MW289", self.trigger.span, name=name, stop=stop)


def _of(arm: str | None) -> str:
    """In whose wait something is so, in words."""
    return "" if arm is None else f" in the arm `{arm}`"


def _is_quiet(minute: int, quiet: c.QuietHours) -> bool:
    later = minute >= quiet.start
    return (later and minute < quiet.stop) if quiet.start < quiet.stop else (later or minute < quiet.stop)


def _happened(event: str, length: int, span: Span) -> Question:
    return Holds(x.Exists(span, _BOOL, False, event, x.ExactWindow(length, True)))

"""The state machine of triggers: what an event starts, and what is due when time passes.

It reads no clock, no file and no random source. Everything follows from the moments of events and not from when they
came, and persons do not depend on each other:

- a mail is due so long after its cause, or after the mail before it, as is written or as an arm of an experiment says;
  in quiet hours it waits for their end;
- at that moment it goes out, unless one of the events that keep it back has happened since, its condition is not true,
  as many mails went out as a cap allows, or the campaign has none for this person;
- what does not go out ends its sequence.

Moments are passed in their order; those of one moment in the order of campaigns, triggers, mails and causes.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Literal, TypeAlias

from mailweave.decisions.waits import draw
from mailweave.rules import checked as c
from mailweave.triggers.causes import arrived
from mailweave.triggers.clocks import out_of_quiet
from mailweave.triggers.exposures import Exposed
from mailweave.triggers.judging import Judged
from mailweave.triggers.person import BEGIN, CAUSE, SENT, Event, Mail, Mailed, Person, Place, Timer
from mailweave.triggers.plans import Plan
from mailweave.user_cache import framed

KeptBack: TypeAlias = Literal["unless", "when", "cap", "before", "gone"]
"""Why a mail does not go out: an event, its condition, a cap, that it was due before mails may go out at all, or that
the rules have it no more.
"""
Send: TypeAlias = Callable[[Mail], str]
"""Makes a mail; says why there is none, or nothing."""


@dataclass(slots=True)
class Passed:
    """What came of a stretch of time for one person. exposed: the waits under experiments that began. late: mails whose
    moment, in the arm that was drawn, had passed when their event came."""

    person: Person
    mails: tuple[Mail, ...]
    kept_back: Mapping[tuple[str, str, str], int]
    exposed: tuple[Exposed, ...]
    late: int


def passed(
    person: Person,
    until: int,
    plans: Sequence[Plan],
    judged: Callable[[str], Judged],
    send: Send,
    since: int | None = None,
) -> Passed:
    """The person behind `until` (microseconds since 1970), with the mails that were due.

    judged: the rules of a campaign about this person. send: makes a mail, which else is none. since: what was due at
    this moment or before goes out no more.
    """
    run = _Run(person, until, plans, judged, send, since)
    while run.waiting:
        run.step(heapq.heappop(run.waiting)[-1])
    mailed = tuple(Mailed(at, key) for key, at in run.mailed.items())
    after = replace(person, timers=tuple(run.later), mailed=mailed)
    return Passed(after, tuple(run.mails), run.kept_back, tuple(run.exposed), run.late)


def mail_key(person: str, timer: Timer) -> str:
    """What names a mail: its campaign, trigger, cause and number, and whose it is; 32 hexadecimal digits."""
    parts = (*timer.place, person, timer.cause, str(timer.number))
    return sha256(b"".join(framed(part.encode("utf-8", "surrogatepass")) for part in parts)).hexdigest()[:32]


_Entry: TypeAlias = tuple[int, int, int, int, str, Timer]


@dataclass(slots=True)
class _Run:
    """One person on the way to a moment."""

    person: Person
    until: int
    plans: Sequence[Plan]
    judged: Callable[[str], Judged]
    send: Send
    since: int | None
    waiting: list[_Entry] = field(default_factory=list)
    later: list[Timer] = field(default_factory=list)
    mailed: dict[str, int] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    kept_back: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    exposed: list[Exposed] = field(default_factory=list)
    late: int = 0
    order: dict[Place, tuple[int, int]] = field(default_factory=dict)
    seen: set[tuple[Place, int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.order = {
            start.place: (first, second)
            for first, plan in enumerate(self.plans)
            for second, start in enumerate(plan.starts.values())
        }
        self.mailed |= {mail.key: mail.at for mail in (*reported(self.person.events), *self.person.mailed)}
        for timer in self.person.timers:
            self.push(timer)

    def push(self, timer: Timer) -> None:
        """Keeps a timer until its moment, one for each mail of a cause: a segment may be looked at twice at once."""
        mail = (timer.place, timer.number, timer.cause)
        if timer.number == CAUSE or mail not in self.seen:
            self.seen.add(mail)
            self.put(timer)

    def put(self, timer: Timer) -> None:
        """Keeps a timer; a mail of a trigger that is no more is kept back."""
        order = self.order.get(timer.place)
        if order is None:
            self.kept_back[(*timer.place, "gone")] += timer.number != CAUSE
            return
        if timer.due > self.until:
            self.later.append(timer)
        else:
            heapq.heappush(self.waiting, (timer.due, *order, timer.number, timer.cause, timer))

    def step(self, timer: Timer) -> None:
        """What happens when the moment of a timer comes."""
        plan = self.plans[self.order[timer.place][0]]
        judged = self.judged(timer.place.campaign)
        if timer.number == CAUSE:
            for each in arrived(timer, plan.starts[timer.place.trigger], judged):
                self.push(each)
            return
        if timer.number == BEGIN:
            self.begin(timer, plan, judged)
            return
        mail = plan.mail(timer.place, timer.number)
        if mail is None:
            self.kept_back[(*timer.place, "gone")] += 1
            return
        at = _awake(timer.due, plan, judged)
        if at > timer.due:
            self.put(timer._replace(due=at))
        else:
            self.due(timer, mail, plan, judged)

    def due(self, timer: Timer, mail: c.TriggerMail, plan: Plan, judged: Judged) -> None:
        """Sends a mail, and waits for the next of its sequence; or counts why not."""
        made = Mail(timer.due, timer, mail_key(self.person.key, timer))
        why = self.objection(timer, mail, plan, judged) or self.send(made)
        if why:
            self.kept_back[(*timer.place, why)] += 1
            return
        self.mails.append(made)
        self.mailed[made.key] = timer.due
        if plan.mail(timer.place, timer.number + 1) is not None:
            self.push(self.next_mail(timer, timer.number + 1, timer.due, plan, judged))

    def begin(self, timer: Timer, plan: Plan, judged: Judged) -> None:
        """Waits for the first mail of a cause; one whose moment had passed when its event came does not go out."""
        mail = self.next_mail(timer, 0, timer.since, plan, judged)
        if mail.due < timer.due:
            self.late += 1
        else:
            self.push(mail)

    def next_mail(self, timer: Timer, number: int, since: int, plan: Plan, judged: Judged) -> Timer:
        """Mail `number` of a cause, which waits from `since` on, as long as it is written or as the arm says."""
        start = plan.starts[timer.place.trigger]
        experiment, wait, arms = start.waits.get(number), start.trigger.mails[number].after, timer.arms
        if experiment is not None:
            drawn = draw(experiment, judged.unit(experiment.name, experiment.unit, since))
            wait, arms = drawn.wait, arms if drawn.arm is None else (*arms, (experiment.name, drawn.arm))
            if self.since is None or _awake(since + experiment.longest, plan, judged) > self.since:
                about = (experiment.name, experiment.version, drawn.exposure, drawn.arm)
                self.exposed.append(Exposed(since, timer.place, number, timer.cause, *about))
        return Timer(since + wait, timer.place, number, timer.cause, since, arms)

    def objection(
        self, timer: Timer, mail: c.TriggerMail, plan: Plan, judged: Judged
    ) -> KeptBack | Literal[""]:
        """Why a mail is kept back, if it is."""
        if self.since is not None and timer.due <= self.since:
            return "before"
        if self.happened(timer, mail.unless, plan):
            return "unless"
        if mail.condition is not None and not judged.holds(timer.place.trigger, timer.number, timer.due):
            return "when"
        return "cap" if any(self.is_full(cap, timer.due) for cap in plan.caps) else ""

    def happened(self, timer: Timer, types: Sequence[str], plan: Plan) -> bool:
        """Whether an event has happened that keeps a mail back; of the cause's own type only one behind it does."""
        if not types:
            return False
        cause = next(_cause(timer, plan, self.person.events), None)
        return any(
            event.type in types
            and timer.since <= event.at <= timer.due
            and (cause is None or event.type != cause.type or event[:2] > cause[:2])
            for event in self.person.events
        )

    def is_full(self, cap: c.MailCap, at: int) -> bool:
        """Whether so many mails went out in the time of a cap."""
        return sum(at - cap.per < one <= at for one in self.mailed.values()) >= cap.count


def _awake(at: int, plan: Plan, judged: Judged) -> int:
    """The first moment from `at` on at which mails may go out."""
    return at if plan.quiet is None else out_of_quiet(at, plan.quiet, judged.zone(plan.quiet.zone))


def reported(events: Sequence[Event]) -> Iterator[Mailed]:
    """The mails that events `sent` tell of: by their `mail`, which is one of ours, or those of one moment as one."""
    for event in events:
        if event.type == SENT:
            yield Mailed(event.at, str(event.fields.get("mail") or f"{SENT} {event.at}"))


def _cause(timer: Timer, plan: Plan, events: Sequence[Event]) -> Iterator[Event]:
    """The event that is the cause of a mail, if one is."""
    cause = plan.starts[timer.place.trigger].trigger.cause
    if isinstance(cause, c.OnEvent):
        yield from (event for event in events if event.id == timer.cause and event.type == cause.event)

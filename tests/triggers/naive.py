"""What triggers mean, in the plainest way: all events of a person sorted, time stepped through, every list searched.

It shares nothing with the engine but the naive interpreter of rules, which answers for segments; buckets are hashed anew.
Times are aware
datetimes; what happens lies on a grid of a quarter of an hour.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from mailweave.rules.checked import CheckedDocument
from mailweave.rules.reference_evaluator import interpret

GRID = timedelta(minutes=15)
TICK = timedelta(microseconds=1)


class Happened(NamedTuple):
    at: datetime
    id: str
    type: str


@dataclass(frozen=True)
class Step:
    """`when`: segments that the person must be in, those with a `-` before them must not."""

    name: str
    after: timedelta
    unless: tuple[str, ...] = ()
    when: tuple[str, ...] = ()


@dataclass(frozen=True)
class Made:
    """A trigger. on: ("event", type), ("day", minutes after midnight), or ("entering", segment)."""

    name: str
    on: tuple[str, Any]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Varied:
    """An experiment on the wait of a step of a trigger. arms: name, percent and wait; the first waits as declared. only: an
    attribute that must be known, or, with a `-` before it, must not."""

    name: str
    trigger: str
    number: int
    unit: str
    salt: str
    arms: tuple[tuple[str, int, timedelta | None], ...]
    holdout: int = 0
    only: str | None = None


@dataclass(frozen=True)
class Programme:
    triggers: tuple[Made, ...]
    quiet: tuple[int, int] | None = None
    caps: tuple[tuple[int, timedelta], ...] = ()
    zone: str = "UTC"
    varied: tuple[Varied, ...] = ()


class Due(NamedTuple):
    """A mail: when, of which trigger, which of its mails, for what, and in which arms it waited."""

    at: datetime
    trigger: str
    number: int
    cause: str
    arms: tuple[tuple[str, str], ...] = ()


class Exposed(NamedTuple):
    """A wait that began under an experiment; `arm` is one, `held_out` or `outside`."""

    at: datetime
    experiment: str
    arm: str
    number: int
    cause: str


class Pending(NamedTuple):
    due: datetime
    trigger: int
    number: int
    cause: str
    since: datetime
    event: Happened | None
    arms: tuple[tuple[str, str], ...] = ()


def mails(
    programme: Programme,
    document: CheckedDocument | None,
    profile: Mapping[str, Any],
    events: Sequence[Happened],
    *,
    began: datetime,
    until: datetime,
    since: datetime | None = None,
) -> list[Due]:
    """Every mail of one person that is due by `until`; days and segments count from `began` on."""
    return told(programme, document, profile, events, began=began, until=until, since=since)[0]


def told(
    programme: Programme,
    document: CheckedDocument | None,
    profile: Mapping[str, Any],
    events: Sequence[Happened],
    *,
    began: datetime,
    until: datetime,
    since: datetime | None = None,
) -> tuple[list[Due], list[Exposed]]:
    """The same, and all waits that began under experiments by `until`."""
    ordered = sorted(set(events))
    zone = ZoneInfo(profile.get("tz") or programme.zone)
    asked = _Asked(document, profile, ordered)
    exposed: list[Exposed] = []

    def waits(one: Pending) -> Pending:
        """A mail whose `due` is the moment from which it waits, due at the end of its wait."""
        made = programme.triggers[one.trigger]
        for varied in programme.varied:
            if (varied.trigger, varied.number) == (made.name, one.number):
                arm, wait = drawn(varied, profile, made.steps[one.number].after)
                waits = [each or made.steps[one.number].after for _, _, each in varied.arms]
                last = _awake(one.due + max(waits), programme.quiet, zone)
                if one.due <= until and (since is None or last > since):
                    exposed.append(Exposed(one.due, varied.name, arm, one.number, one.cause))
                arms = one.arms if arm in ("held_out", "outside") else (*one.arms, (varied.name, arm))
                return one._replace(due=one.due + wait, arms=arms)
        return one._replace(due=one.due + made.steps[one.number].after)

    waiting = [
        waits(one)
        for at, each in enumerate(programme.triggers)
        for one in _causes(at, each, ordered, profile, zone, asked, began, until)
    ]
    sent: list[Due] = []
    while waiting:
        one = min(waiting, key=lambda each: each[:4])
        waiting.remove(one)
        at = _awake(one.due, programme.quiet, zone)
        if at > until:
            continue
        if at > one.due:
            waiting.append(one._replace(due=at))
            continue
        trigger = programme.triggers[one.trigger]
        step = trigger.steps[one.number]
        if since is not None and at <= since:
            continue
        if any(_keeps_back(event, step, one, at) for event in ordered):
            continue
        if not all(asked(name.lstrip("-"), at) != name.startswith("-") for name in step.when):
            continue
        if any(sum(at - per < mail.at <= at for mail in sent) >= count for count, per in programme.caps):
            continue
        sent.append(Due(at, trigger.name, one.number, one.cause, one.arms))
        if one.number + 1 < len(trigger.steps):
            behind = Pending(at, one.trigger, one.number + 1, one.cause, at, one.event, one.arms)
            waiting.append(waits(behind))
    return sorted(sent), sorted(exposed)


def drawn(varied: Varied, profile: Mapping[str, Any], declared: timedelta) -> tuple[str, timedelta]:
    """Who takes part, is not held out, and is in which arm, as GrowthBook publishes it (hash version 2)."""
    unit = profile.get(varied.unit)
    known = varied.only is None or (
        (profile.get(varied.only.lstrip("-")) is not None) != varied.only.startswith("-")
    )
    if not known or unit is None or unit == "":
        return "outside", declared
    place = _fnv(str(_fnv(varied.salt + str(unit)))) % 10_000 / 10_000
    start = 0.0
    for name, percent, wait in varied.arms:
        if start <= place < start + (1 - varied.holdout / 100) * (percent / 100):
            return name, wait or declared
        start += percent / 100
    return "held_out", declared


def _fnv(text: str) -> int:
    """FNV-1a of 32 bits."""
    found = 2_166_136_261
    for letter in text:
        found = (found ^ ord(letter)) * 16_777_619 % 2**32
    return found


class _Asked:
    """Whether the person is in a segment."""

    def __init__(
        self, document: CheckedDocument | None, profile: Mapping[str, Any], events: Sequence[Happened]
    ) -> None:
        self.document, self.profile, self.events = document, profile, events
        self.known: dict[datetime, frozenset[str]] = {}

    def __call__(self, segment: str, at: datetime) -> bool:
        if at not in self.known:
            assert self.document is not None
            seen = [{"type": one.type, "at": one.at.isoformat()} for one in self.events if one.at <= at]
            self.known[at] = interpret(self.document, self.profile, seen, now=at).segments
        return segment in self.known[at]


def _causes(
    at: int, trigger: Made, events: Sequence[Happened], profile: Mapping[str, Any], zone: ZoneInfo, asked: _Asked,
    began: datetime, until: datetime,
) -> Iterator[Pending]:  # fmt: skip
    """What waits from its cause on."""
    kind, what = trigger.on
    if kind == "event":
        for event in events:
            if event.type == what:
                yield Pending(event.at, at, 0, event.id, event.at, event)
        return
    moments = (
        _days(profile, what, zone, began, until) if kind == "day" else _entered(what, asked, began, until)
    )
    for moment in moments:
        yield Pending(moment, at, 0, iso(moment), moment, None)


def _days(
    profile: Mapping[str, Any], minutes: int, zone: ZoneInfo, began: datetime, until: datetime
) -> Iterator[datetime]:
    """The first moment of each yearly day at which clocks show the time, or more of that day."""
    born = date.fromisoformat(profile["birthday"]) if profile.get("birthday") else None
    day = began.date() - timedelta(days=2)
    while born is not None and day <= until.date() + timedelta(days=2):
        if is_day(born, day):
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
            while (shown := moment.astimezone(zone)).date() < day or shown.hour * 60 + shown.minute < minutes:
                moment += GRID
            if began <= moment <= until:
                yield moment
        day += timedelta(days=1)


def is_day(born: date, day: date) -> bool:
    leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    wanted = (2, 28) if (born.month, born.day) == (2, 29) and not leap else (born.month, born.day)
    return (day.month, day.day) == wanted and day >= born


def _entered(segment: str, asked: _Asked, began: datetime, until: datetime) -> Iterator[datetime]:
    moment = began
    while moment <= until:
        for at in (moment, moment + TICK):
            if at <= until and asked(segment, at) and not asked(segment, at - TICK):
                yield at
        moment += GRID


def _awake(at: datetime, quiet: tuple[int, int] | None, zone: ZoneInfo) -> datetime:
    """The first moment that is not quiet: at once, or on the grid."""
    while quiet is not None and _is_quiet(at, quiet, zone):
        at = (at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)) + GRID
    return at


def _is_quiet(at: datetime, quiet: tuple[int, int], zone: ZoneInfo) -> bool:
    shown = at.astimezone(zone)
    minute, (start, stop) = shown.hour * 60 + shown.minute, quiet
    return start <= minute < stop if start < stop else minute >= start or minute < stop


def _keeps_back(event: Happened, step: Step, one: Pending, at: datetime) -> bool:
    if event.type not in step.unless or not one.since <= event.at <= at:
        return False
    return one.event is None or event.type != one.event.type or event[:2] > one.event[:2]


def iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")

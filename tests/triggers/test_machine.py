"""Whatever the triggers, the events, their order and how they come: the mails are those of the naive reference."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.rules import Context, check, parse
from mailweave.rules.checked import CheckedDocument
from mailweave.source import Source
from mailweave.triggers.causes import NEVER, known, started
from mailweave.triggers.exposures import Exposed
from mailweave.triggers.judging import Rules
from mailweave.triggers.machine import passed
from mailweave.triggers.person import Event, Mail, Person
from mailweave.triggers.plans import Plan, planned
from mailweave.values.instants import to_datetime, to_instant
from tests.triggers import naive
from tests.triggers.naive import GRID, Due, Happened, Programme
from tests.triggers.programmes import histories, programmes

# clocks of Paris and Lord Howe change on these days
STARTS = (
    datetime(2026, 3, 27, tzinfo=UTC),
    datetime(2026, 10, 23, 6, tzinfo=UTC),
    datetime(2027, 2, 26, tzinfo=UTC),
)


def checked(text: str) -> CheckedDocument:
    parsed = parse(Source("drawn.rules", text))
    found = check(parsed.document)
    assert found.document is not None, found.diagnostics
    return found.document


class Machine:
    """One person's state in memory."""

    def __init__(self, document: CheckedDocument, profile: dict[str, Any], began: datetime) -> None:
        self.plan: Plan = planned("drawn", document)
        self.rules = Rules(document, Context(), "id")
        self.person = Person(profile["id"], profile)
        self.behind, self.mails, self.exposed = NEVER, list[Mail](), list[Exposed]()
        first = to_instant(began) - 1
        self.person = replace(
            self.person,
            timers=tuple(
                timer
                for start in self.plan.starts.values()
                for timer in known(start, self.rules.of(self.person), first)
            ),
        )

    def take(self, events: Sequence[Happened]) -> None:
        for one in events:
            event = Event(to_instant(one.at), one.id, one.type, {"at": one.at.isoformat()})
            if event.id not in {known.id for known in self.person.events}:
                timers, _ = started(event, self.plan, self.behind)
                self.person = replace(
                    self.person,
                    events=tuple(sorted((*self.person.events, event), key=lambda one: one[:2])),
                    timers=(*self.person.timers, *timers),
                )

    def pass_time(self, until: datetime, since: datetime | None) -> None:
        self.behind = to_instant(until)
        judged = self.rules.of(self.person)
        first = None if since is None else to_instant(since)
        result = passed(self.person, self.behind, [self.plan], lambda _: judged, lambda _: "", first)
        self.person = result.person
        self.mails += result.mails
        self.exposed += result.exposed


def due(mails: Sequence[Mail]) -> list[Due]:
    return sorted(
        Due(to_datetime(one.at), one.timer.place.trigger, one.timer.number, one.timer.cause, one.timer.arms)
        for one in mails
    )


def shown(exposed: Sequence[Exposed]) -> list[naive.Exposed]:
    return sorted(
        naive.Exposed(to_datetime(one.at), one.experiment, one.arm or one.exposure, one.number, one.cause)
        for one in exposed
    )


@st.composite
def cases(
    draw: st.DrawFn,
) -> tuple[Programme, str, dict[str, Any], list[Happened], datetime, list[int], int, datetime | None]:
    programme, text = draw(programmes())
    start = draw(st.sampled_from(STARTS))
    profile, events = draw(histories(start, "p"))
    cuts = sorted(draw(st.lists(st.integers(0, 400), max_size=3)))
    since = draw(st.none() | st.integers(0, 200).map(lambda at: start + at * GRID))
    return programme, text, profile, events, start, cuts, draw(st.integers(0, 2**32)), since


@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_mails_are_those_of_the_reference(case: Any) -> None:
    agree(*case)


@pytest.mark.deep
@settings(max_examples=3000, deadline=None)
@given(cases())
def test_the_mails_are_those_of_the_reference_deep(case: Any) -> None:
    agree(*case)


def agree(
    programme: Programme, text: str, profile: dict[str, Any], events: list[Happened], start: datetime,
    cuts: list[int], seed: int, since: datetime | None,
) -> None:  # fmt: skip
    """In any order, doubled, in runs that each bring what happened behind the one before."""
    document = checked(text)
    until = start + 480 * GRID
    wanted, exposed = naive.told(programme, document, profile, events, began=start, until=until, since=since)
    machine, order = Machine(document, profile, start), random.Random(seed)
    low = None
    for high in [*(start + cut * GRID for cut in cuts), until]:
        mine = [one for one in events if (low is None or one.at > low) and one.at <= high]

        mine += order.sample(mine, len(mine) // 3)
        order.shuffle(mine)
        machine.take(mine)
        machine.pass_time(high, since)
        low = high
    assert due(machine.mails) == wanted
    assert shown(machine.exposed) == exposed


@st.composite
def late(draw: st.DrawFn) -> tuple[Programme, str, dict[str, Any], list[list[Happened]], datetime]:
    """Events in runs whose order has nothing to do with their moments; some come twice."""
    programme, text = draw(programmes())
    start = draw(st.sampled_from(STARTS))
    profile, events = draw(histories(start, "p"))
    runs = [draw(st.lists(st.sampled_from(events))) if events else [] for _ in range(3)]
    return programme, text, profile, [*runs, events], start


@settings(max_examples=60, deadline=None)
@given(late())
def test_arms_do_not_depend_on_when_events_come(
    case: tuple[Programme, str, dict[str, Any], list[list[Happened]], datetime],
) -> None:
    """Each wait is drawn once, in the arm of the reference; mails carry the arms that were drawn."""
    programme, text, profile, runs, start = case
    machine = Machine(checked(text), profile, start)
    for number, events in enumerate(runs, 1):
        machine.take(events)
        machine.pass_time(start + number * 120 * GRID, None)
    varied = {one.name: one for one in programme.varied}
    exposed = shown(machine.exposed)
    assert len({(one.experiment, one.cause) for one in exposed}) == len(exposed)
    drawn = {name: naive.drawn(one, profile, GRID)[0] for name, one in varied.items()}
    assert {one.experiment: one.arm for one in exposed}.items() <= drawn.items()
    told = {(one.experiment, one.cause): one.arm for one in exposed}
    for mail in due(machine.mails):
        mine = [
            name for name, one in varied.items() if one.trigger == mail.trigger and one.number <= mail.number
        ]
        assert [told.get((name, mail.cause)) for name in mine] == [drawn[name] for name in mine]
        assert dict(mail.arms) == {
            name: drawn[name] for name in mine if drawn[name] not in ("held_out", "outside")
        }

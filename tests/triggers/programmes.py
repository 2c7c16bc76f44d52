"""Triggers drawn at random, as data for the naive reference and as a text of rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.triggers.naive import GRID, Happened, Made, Programme, Step, Varied

TYPES = ("cart", "open", "buy")
ZONES = ("UTC", "Europe/Paris", "Australia/Lord_Howe", "America/New_York", "Asia/Kathmandu")
SEGMENTS = ("often", "gone", "quietly", "todays", "both", "sooner")
HOUSES = ("", "1", "mill", "Haus 7")
DAYS = ("1990-03-28", "1992-02-29", "1988-10-24", "2000-03-29")

_HEAD = """ruleset "drawn" version 1
timezone tz else "{zone}"
profile {{
  id : key
  birthday : date?
  tz : zone?
  house : text?
}}
event cart keep 30 days
event open keep 30 days
event buy keep 2 days
segment often = count(open in last {a} minutes) >= 2
segment gone = time since last(buy) > {b} minutes
segment quietly = no open in last {a} minutes and cart in last {b} minutes
segment todays = open in last 1 calendar day and never_bought
segment never_bought = no buy in last 2 days
segment both = often or (gone and not quietly)
segment sooner = anniversary of birthday in next 1 calendar day
"""


def lengths(least: int, most: int) -> st.SearchStrategy[timedelta]:
    return st.integers(least, most).map(lambda number: number * GRID)


def _minutes(length: timedelta) -> str:
    return f"{int(length.total_seconds() // 60)} minutes"


_WHEN = st.lists(st.sampled_from([*SEGMENTS, *(f"-{one}" for one in SEGMENTS)]), max_size=1).map(tuple)
_UNLESS = st.lists(st.sampled_from(TYPES), max_size=2, unique=True).map(tuple)
_CAUSES = st.one_of(
    st.tuples(st.just("event"), st.sampled_from(TYPES)),
    st.tuples(st.just("day"), st.integers(0, 47).map(lambda half: 30 * half)),
    st.tuples(st.just("entering"), st.sampled_from(SEGMENTS)),
)


@st.composite
def triggers(draw: st.DrawFn, name: str) -> Made:
    first = Step(name, draw(lengths(0, 12)), draw(_UNLESS), draw(_WHEN))
    others = [
        Step(f"{name}_{at}", draw(lengths(1, 80)), draw(_UNLESS), draw(_WHEN))
        for at in range(draw(st.integers(0, 2)))
    ]
    return Made(name, draw(_CAUSES), (first, *others))


@st.composite
def programmes(draw: st.DrawFn) -> tuple[Programme, str]:
    """Triggers, and their text."""
    made = tuple(draw(triggers(f"t{number}")) for number in range(draw(st.integers(1, 3))))
    quiet = draw(
        st.none() | st.tuples(st.integers(0, 47), st.integers(0, 47)).filter(lambda two: two[0] != two[1])
    )
    caps = tuple(draw(st.lists(st.tuples(st.integers(1, 2), lengths(4, 100)), max_size=2)))
    zone = draw(st.sampled_from(ZONES))
    varied = tuple(one for each in made for one in draw(experiments(each)))
    programme = Programme(made, quiet and (quiet[0] * 30, quiet[1] * 30), caps, zone, varied)
    a, b = draw(st.integers(1, 8)) * 15, draw(st.integers(1, 40)) * 15
    return programme, _HEAD.format(zone=zone, a=a, b=b) + "".join(map(_trigger, made)) + _rest(programme)


def _trigger(made: Made) -> str:
    kind, what = made.on
    cause = (
        what
        if kind == "event"
        else f"entering {what}"
        if kind == "entering"
        else f"birthday at {what // 60}:{what % 60:02} in tz"
    )
    first, *others = made.steps
    wait = f" wait {_minutes(first.after)}" if first.after else ""
    lines = [f"trigger {made.name} on {cause}{wait}{_clauses(first)}"]
    lines += [f"  then {step.name} after {_minutes(step.after)}{_clauses(step)}" for step in others]
    return "\n".join(lines) + "\n"


def _clauses(step: Step) -> str:
    unless = f" unless {' or '.join(step.unless)}" if step.unless else ""
    when = [f"not {name[1:]}" if name.startswith("-") else name for name in step.when]
    return unless + (f" when {' and '.join(when)}" if when else "")


def _rest(programme: Programme) -> str:
    quiet = programme.quiet
    lines = [f"at most {count} mails in {_minutes(per)}" for count, per in programme.caps]
    if quiet is not None:
        lines.append(
            f"quiet hours {quiet[0] // 60}:{quiet[0] % 60:02} to {quiet[1] // 60}:{quiet[1] % 60:02} in tz"
        )
    return "\n".join(lines) + "\n" + "".join(_experiment(one, programme) for one in programme.varied)


def _experiment(varied: Varied, programme: Programme) -> str:
    step = next(one for one in programme.triggers if one.name == varied.trigger).steps[varied.number]
    arms = [
        f"{name} {percent}%" + (f" -> {_minutes(wait)}" if wait else "")
        for name, percent, wait in varied.arms
    ]
    lines = [f'unit {varied.unit} salt "{varied.salt}"', f"split {', '.join(arms)}"]
    lines += [f"holdout {varied.holdout}%"] if varied.holdout else []
    if varied.only is not None:
        asked = "unknown" if varied.only.startswith("-") else "known"
        lines.append(f"only {varied.only.lstrip('-')} is {asked}")
    body = "".join(f"  {line}\n" for line in lines)
    return f"experiment {varied.name} on wait of {step.name} {{\n{body}}}\n"


@st.composite
def experiments(draw: st.DrawFn, made: Made) -> list[Varied]:
    """On some of the waits of a trigger, whose arms may be longer or shorter than that."""
    found = []
    for number, step in enumerate(made.steps):
        if step.after and draw(st.booleans()):
            control, other = draw(st.sampled_from([(50, 50), (20, 50), (1, 99), (100, 0)]))
            waits = draw(st.tuples(lengths(1, 40), lengths(1, 40)))
            arms = [("control", control, None), ("soon", other, waits[0])]
            arms += [("later", 100 - control - other, waits[1])] if control + other < 100 else []
            unit = draw(st.sampled_from(["id", "house"]))
            only = draw(st.none() | st.sampled_from(["tz", "-birthday"]))
            salt, held = draw(st.sampled_from(["x", "y", "z"])), draw(st.sampled_from([0, 30]))
            found.append(
                Varied(
                    f"x_{step.name}", made.name, number, unit, f"{salt} {step.name}", tuple(arms), held, only
                )
            )
    return found


@st.composite
def histories(draw: st.DrawFn, start: datetime, person: str) -> tuple[dict[str, Any], list[Happened]]:
    """A profile, and what happened in three days."""
    profile: dict[str, Any] = {"id": person}
    for name, values in (("birthday", DAYS), ("tz", ZONES), ("house", HOUSES)):
        value = draw(st.none() | st.sampled_from(values))
        if value is not None:
            profile[name] = value
    happened = draw(st.lists(st.tuples(st.integers(0, 288), st.sampled_from(TYPES)), max_size=8))
    return profile, [
        Happened(start + at * GRID, f"{person}{number}", type) for number, (at, type) in enumerate(happened)
    ]

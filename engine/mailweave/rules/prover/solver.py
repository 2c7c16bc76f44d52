"""What z3 answers: a recipient, that there is none, or that it cannot tell in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeAlias

from mailweave.rules.checked import CheckedDocument
from mailweave.rules.prover.default_values import NOW
from mailweave.rules.prover.encoding.conditions import Encoder
from mailweave.rules.prover.encoding.histories import TooMany
from mailweave.rules.prover.encoding.models import TooBig, recipient
from mailweave.rules.prover.questions import Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.rules.prover.smt import smt
from mailweave.schema import types as t
from mailweave.values.durations import SECOND

BUDGET = 2_000
"""Milliseconds for one question."""
_STEPS = 3_000  # that z3 takes in a millisecond, about
_PATIENCE = 10  # times the budget, by the clock: only a machine that does not run at all takes so long
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Found:
    """A recipient for whom a question is so: replayed."""

    recipient: Recipient


@dataclass(frozen=True, slots=True)
class Nobody:
    """It is so for no recipient: proved."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Neither is certain, and why."""

    reason: str


Answer: TypeAlias = Found | Nobody | Undecided


def solved(
    document: CheckedDocument,
    question: Question,
    stands: Callable[[Recipient], bool],
    *,
    now: int = NOW,
    budget: int = BUDGET,
) -> Answer:
    """A recipient for whom a question is so, at `now` where there is one then, or that there is nobody.

    `stands` judges an example. Raises ImportError where z3 is not installed.
    """
    encoder = Encoder(document)
    solver = smt().SolverFor("ALL")
    solver.set("rlimit", budget * _STEPS)  # steps, not the clock: the same answer on a busy machine
    solver.set("timeout", budget * _PATIENCE)
    try:
        wanted = encoder.question(question)
        solver.add(wanted, *encoder.finished())
    except TooMany as many:
        return Undecided(str(many))
    return _answered(encoder, solver, stands, now, monotonic() + budget * _PATIENCE / 1000)


def _answered(
    encoder: Encoder, solver: Any, stands: Callable[[Recipient], bool], now: int, end: float
) -> Answer:
    reason, z3 = "", smt()
    for extra in (*_wishes(encoder, now), []):
        if monotonic() > end:
            return Undecided("z3 ran out of time")
        solver.push()
        solver.add(*extra)
        verdict = solver.check()
        if verdict == z3.unsat and not extra:
            return Nobody()
        if verdict == z3.unknown:
            reason = "z3 ran out of time"
        if verdict == z3.sat:
            found, reason = _witness(encoder, solver, stands)
            if found is None:
                found = _at_that_time(encoder, solver, stands)
            if found is not None:
                return Found(found)
        solver.pop()
    return Undecided(reason)


def _witness(
    encoder: Encoder, solver: Any, stands: Callable[[Recipient], bool]
) -> tuple[Recipient | None, str]:
    """The first solution whose recipient stands the replay."""
    z3 = smt()
    for _ in range(_TRIES):
        model = solver.model()
        try:
            found = recipient(encoder, model)
        except TooBig:
            return None, "an example takes thousands of events"
        if stands(found):
            return found, ""
        solver.add(_different(encoder, model, z3))
        if solver.check() != z3.sat:
            break
    return None, "no example that z3 found stands when it is replayed"


def _at_that_time(encoder: Encoder, solver: Any, stands: Callable[[Recipient], bool]) -> Recipient | None:
    """A solution on the day that z3 chose, with all that the calendar says of it."""
    if solver.check() != smt().sat:
        return None
    clock, zone = encoder.clock, encoder.schema.timezone.zone
    for moment in clock.chosen(solver.model(), zone):
        solver.push()
        solver.add(*clock.anchored(moment, zone), *encoder.guesses)
        found = _witness(encoder, solver, stands)[0] if solver.check() == smt().sat else None
        solver.pop()
        if found is not None:
            return found
    return None


def _different(encoder: Encoder, model: Any, z3: Any) -> Any:
    """Another solution in what is unbound."""
    terms = [term.value for term in encoder.variables.attributes.values()] + list(
        encoder.variables.anniversaries.values()
    )
    terms += [one.number for log in encoder.logs.values() for one in log.classes]
    return z3.Or(*[term != model.eval(term, model_completion=True) for term in terms] or [z3.BoolVal(False)])


def _wishes(encoder: Encoder, now: int) -> Iterator[list[Any]]:
    """What makes an example plain: at this moment, in the zone of the text, with few events."""
    z3, zone = smt(), encoder.schema.timezone
    here: list[Any] = []
    for name, term in encoder.variables.attributes.items():
        if name == zone.attribute:
            here.append(z3.Or(z3.Not(term.known), term.value == z3.StringVal(zone.zone)))
        elif isinstance(encoder.schema.profile[name].type, t.Duration):
            here += [term.value >= 0, term.value % SECOND == 0]
        elif isinstance(encoder.schema.profile[name].type, t.Key):
            here.append(z3.Length(term.value) > 0)
        elif isinstance(encoder.schema.profile[name].type, t.Zone):
            here.append(z3.Or(*[term.value == z3.StringVal(each) for each in _ZONES]))
    numbers = [one.number for log in encoder.logs.values() for one in log.classes]
    few = [z3.Sum(numbers) <= 6] if numbers else []
    sums = [each for log in encoder.logs.values() for each in _one_by_one(log, z3)]
    today, guesses = encoder.clock.anchored(now, zone.zone), encoder.guesses
    if guesses:
        yield [*today, *here, *few, *sums, *guesses]
    yield [*today, *here, *few, *sums]
    yield [*today, *here, *sums]
    yield [*today, *here]
    for other in (*encoder.clock.turns(now, zone.zone), *encoder.clock.nights(now, zone.zone)):
        yield [*encoder.clock.anchored(other, zone.zone), *here, *few, *sums, *guesses]
    yield [*encoder.clock.near(now), *here, *few, *guesses]


_ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Tokyo", "Australia/Sydney")


def _one_by_one(log: Any, z3: Any) -> Iterator[Any]:
    """Where fields are summed, one event of a class, or few that say the same: then the sum is what they say."""
    if log.values:
        yield from (one.number <= 1 for one in log.classes)
    elif log.sums:
        yield from (_alike(one, z3) for one in log.classes)


def _alike(one: Any, z3: Any) -> Any:
    said = [(total, z3.If(one.item[name].known, one.item[name].value, 0)) for name, total in one.sums.items()]
    ways = [one.number <= 1]
    for number in range(2, 7):
        ways.append(z3.And(one.number == number, *(total == number * value for total, value in said)))
    return z3.Or(*ways)

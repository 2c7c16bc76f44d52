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
    today = encoder.clock.anchored(now, zone.zone)
    yield [*today, *here, *few, *sums]
    yield [*today, *here, *sums]
    yield [*today, *here]
    for night in encoder.clock.nights(now, zone.zone):
        yield [*encoder.clock.anchored(night, zone.zone), *here, *few, *sums]


_ZONES = ("UTC", "America/New_York", "Europe/Berlin", "Asia/Tokyo", "Australia/Sydney")


def _one_by_one(log: Any, z3: Any) -> Iterator[Any]:
    """Where fields are summed, one event of a class: then the sum is what it says."""
    if log.sums or log.values:
        yield from (one.number <= 1 for one in log.classes)

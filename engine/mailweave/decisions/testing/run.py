"""`test` blocks: decide for the data they list, compare with what they expect, explain where that differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailweave.decisions.explanation import Explanation
from mailweave.decisions.explanation.model import Membership, Place
from mailweave.decisions.junit import Case, Suite
from mailweave.decisions.program import DecisionProgram
from mailweave.decisions.testing.given import context_of, events_of, profile_of
from mailweave.rules.checked import Fact, Test
from mailweave.rules.reserved import EMPTY
from mailweave.source import Source, Span
from mailweave.values.instants import iso


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test. `failure` is empty when it passed, else what was expected, what happened and why."""

    name: str
    place: Place
    failure: str = ""
    notes: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.failure


def run_tests(program: DecisionProgram) -> tuple[Outcome, ...]:
    """Every `test` block of the text, in file order. What a test does not list is missing."""
    document = program.document
    if not document.tests:
        return ()
    partial = DecisionProgram.of(document, partial=True)
    return tuple(_run(partial, test) for test in document.tests)


def suite_of(name: str, outcomes: tuple[Outcome, ...]) -> Suite:
    """The outcomes of one text, for JUnit."""
    return Suite(name, tuple(Case(o.name, o.place.file, o.place.line, o.failure) for o in outcomes))


def _run(program: DecisionProgram, test: Test) -> Outcome:
    happened = program.explain(
        profile_of(test, program.program.schema),
        events=events_of(test),
        now=iso(test.now),
        context=context_of(test),
        arms=test.arms,
        show_pii=True,  # a test's people are made up
    )
    misses = [miss for fact in test.facts if (miss := _miss(fact, happened, program.source))]
    notes = tuple(note for fact in test.facts for note in _notes(fact, happened))
    return Outcome(test.name, place_of(program.source, test.span), "\n".join(misses), notes)


def place_of(source: Source, span: Span) -> Place:
    """Where a span begins, as people name it."""
    at = source.locate(span.start)
    return Place(at.name, at.line, at.column)


def _miss(fact: Fact, happened: Explanation, source: Source) -> str:
    """What differs from an expectation, and why; empty when nothing does."""
    got = _got(fact, happened)
    if got is None:
        return ""
    lines = [f"expected {_wanted(fact)}, but {got} [{place_of(source, fact.span)}]"]
    return "\n".join([*lines, *(f"  {line}" for line in _why(fact, happened))])


def _wanted(fact: Fact) -> str:
    answers = ", ".join(fact.answers)
    return {
        "in": fact.name,
        "out": f"not {fact.name}",
        "tier": f"{fact.name} is {answers}",
        "slot": f"{fact.name} is {answers or EMPTY}",
        "skip": f"skip {fact.name}",
    }[fact.kind]


def _got(fact: Fact, happened: Explanation) -> str | None:
    """What happened instead, or None when it is what was expected."""
    if fact.kind in ("in", "out"):
        member = _membership(fact.name, happened).member
        return None if member == (fact.kind == "in") else f"it is {'in' if member else 'not in'} {fact.name}"
    if fact.kind == "tier":
        found = next(tier.member for tier in happened.tiers if tier.name == fact.name)
        return None if (found,) == fact.answers else f"{fact.name} is {found or 'unknown'}"
    if fact.kind == "skip":
        return _other_skip(fact, happened)
    if happened.skip is not None:
        return f"there is no mail: {happened.skip.code}"
    chosen = next(story.chosen for story in happened.slots if story.name == fact.name)
    return None if chosen == fact.answers else f"{fact.name} is {', '.join(chosen) or EMPTY}"


def _other_skip(fact: Fact, happened: Explanation) -> str | None:
    if happened.skip is None:
        return "nothing skips"
    return None if happened.skip.code == fact.name else f"the skip is {happened.skip.code}"


def _why(fact: Fact, happened: Explanation) -> list[str]:
    """The part of the explanation that an expectation turns on."""
    no_mail = happened.skip is not None and fact.kind in ("slot", "skip")
    return happened.to_text(part="skip" if no_mail else fact.name).splitlines()


def _notes(fact: Fact, happened: Explanation) -> Iterator[str]:
    if fact.kind == "out" and (found := _membership(fact.name, happened)).unknown:
        missing = sorted({r.name for atom in found.atoms for r in atom.readings if r.value is None})
        because = f": {', '.join(missing)} missing" if missing else ""
        yield f"not {fact.name} holds only because it is unknown{because}"


def _membership(segment: str, happened: Explanation) -> Membership:
    return next(m for m in happened.segments if m.name == segment)

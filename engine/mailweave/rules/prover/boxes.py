"""Questions as the formulas that interval boxes reason with."""

from __future__ import annotations

from itertools import combinations
from math import comb

from mailweave.rules import typed as x
from mailweave.rules.checked import CheckedDocument
from mailweave.rules.prover.questions import AllOf, AnyOf, AtLeast, Filled, Holds, NotSo, Question
from mailweave.rules.regions.boxes import Box, Space
from mailweave.rules.regions.formulas import (
    All,
    Complement,
    Disjunction,
    Formula,
    IsTrue,
    Reader,
    Test,
    TooLarge,
)
from mailweave.rules.regions.variables import Variable
from mailweave.schema.types import Bool
from mailweave.source import Span

_MOST_CHOICES = 60
_EFFORT = 6_000  # a fraction of a second; z3 takes over where there is one


def boxes_of(document: CheckedDocument, question: Question) -> tuple[Space, list[Box]] | None:
    """The boxes in which a question is so; none, and it is so for no recipient. None where they are too many."""
    reader = Reader(document.schema, document.segments, document.tiers)
    try:
        whole = formula(question, reader)
        space = Space([whole], _EFFORT)
        return space, [box for box in space.true(whole) if space.possible(box)]
    except TooLarge:
        return None


def nobody(document: CheckedDocument, question: Question) -> bool:
    """Whether boxes are certain that a question is so for no recipient."""
    found = boxes_of(document, question)
    return found is not None and not found[1]


def formula(question: Question, reader: Reader) -> Formula:
    """A question as a formula. Raises TooLarge."""
    match question:
        case Holds(condition=condition):
            return IsTrue(reader.formula(condition))
        case Filled(list=name):
            items = x.Attribute(Span(0, 0), Bool(), False, f"list {name}")
            return Test(Variable(items, False, (True, False)), labels=frozenset((True,)))
        case AllOf(parts=parts):
            return All(tuple(formula(part, reader) for part in parts))
        case AnyOf(parts=parts):
            return Disjunction(tuple(formula(part, reader) for part in parts))
        case AtLeast(number=number, parts=parts):
            if comb(len(parts), number) > _MOST_CHOICES:
                raise TooLarge
            found = [formula(part, reader) for part in parts]
            return Disjunction(tuple(All(chosen) for chosen in combinations(found, number)))
        case NotSo(part=part):
            return Complement(formula(part, reader))

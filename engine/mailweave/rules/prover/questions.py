"""Questions about a recipient: conditions that are true or not, put together in two-valued logic."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from mailweave.rules import typed as x


@dataclass(frozen=True, slots=True)
class Holds:
    """A condition is true: neither false nor unknown."""

    condition: x.Expr


@dataclass(frozen=True, slots=True)
class Filled:
    """A recommended list has items."""

    list: str


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class NotSo:
    part: Question


@dataclass(frozen=True, slots=True)
class AtLeast:
    """So many of some questions are so."""

    number: int
    parts: tuple[Question, ...]


Question: TypeAlias = Holds | Filled | AllOf | AnyOf | NotSo | AtLeast

NEVER: Question = AnyOf(())


def atoms(question: Question) -> Iterator[Holds | Filled]:
    """The conditions and lists that a question speaks of, in order."""
    match question:
        case Holds() | Filled():
            yield question
        case AllOf(parts=parts) | AnyOf(parts=parts) | AtLeast(parts=parts):
            for part in parts:
                yield from atoms(part)
        case NotSo(part=part):
            yield from atoms(part)


def answered(question: Question, answer: Callable[[Holds | Filled], bool]) -> bool:
    """Whether a question is so, given the answers to its atoms."""
    match question:
        case AllOf(parts=parts):
            return all(answered(part, answer) for part in parts)
        case AnyOf(parts=parts):
            return any(answered(part, answer) for part in parts)
        case AtLeast(number=number, parts=parts):
            return sum(answered(part, answer) for part in parts) >= number
        case NotSo(part=part):
            return not answered(part, answer)
        case Holds() | Filled():
            return answer(question)

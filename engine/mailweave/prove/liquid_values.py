"""What values of a template stand for, as far as rules can speak of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from mailweave.rules import typed as r
from mailweave.rules.prover.questions import NEVER, AllOf, AnyOf, Filled, Holds, NotSo, Question
from mailweave.schema.types import Bool, Type
from mailweave.source import Span

ALWAYS: Question = AllOf(())
_NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Said:
    """A condition of a template in the words of rules.

    `may`: what is so of everybody for whom it is true; `may_not`: of everybody for whom it is false. `unsaid`: it asks
    more of a recipient than that.
    """

    may: Question
    may_not: Question
    unsaid: bool = False

    def inverse(self) -> Said:
        """The condition that is true where this one is false."""
        return Said(self.may_not, self.may, self.unsaid)


TRUE, FALSE = Said(ALWAYS, NEVER), Said(NEVER, ALWAYS)
UNSAID = Said(ALWAYS, ALWAYS, True)
OPEN = Said(ALWAYS, ALWAYS)
"""A condition about what the author gives, such as an input: the same for everybody, and as it may be."""


def said(question: Question) -> Said:
    """A condition that says exactly this."""
    return Said(question, NotSo(question))


def both(parts: Iterable[Said]) -> Said:
    """That all of several conditions are true."""
    held = tuple(parts)
    may, may_not = tuple(p.may for p in held), tuple(p.may_not for p in held)
    return Said(_all(may), _any(may_not), any(p.unsaid for p in held))


def either(parts: Iterable[Said]) -> Said:
    """That one of several conditions is true."""
    return both(part.inverse() for part in parts).inverse()


def _all(parts: tuple[Question, ...]) -> Question:
    if NEVER in parts:
        return NEVER
    kept = tuple(dict.fromkeys(part for part in parts if part != ALWAYS))
    return kept[0] if len(kept) == 1 else AllOf(kept)


def _any(parts: tuple[Question, ...]) -> Question:
    if ALWAYS in parts:
        return ALWAYS
    kept = tuple(dict.fromkeys(part for part in parts if part != NEVER))
    return kept[0] if len(kept) == 1 else AnyOf(kept)


# ---- values


@dataclass(frozen=True, slots=True)
class Known:
    """A value that is the same for everybody."""

    value: Any


@dataclass(frozen=True, slots=True)
class Given:
    """An attribute of the profile, or a score."""

    expr: r.Attribute | r.ScoreValue

    @property
    def type(self) -> Type:
        """Its declared type."""
        return self.expr.type

    def is_known(self) -> Said:
        """That there is a value."""
        return said(Holds(r.Known(_NOWHERE, Bool(), False, self.expr))) if self.expr.optional else TRUE


@dataclass(frozen=True, slots=True)
class Items:
    """A recommended list; `is_filled`: everybody's is known to have items."""

    name: str
    is_filled: bool = False

    def has_items(self) -> Said:
        """That there is an item."""
        return TRUE if self.is_filled else said(Filled(self.name))


@dataclass(frozen=True, slots=True)
class Authors:
    """What the author of a campaign gives."""


@dataclass(frozen=True, slots=True)
class Unsaid:
    """What rules cannot speak of."""


Atom: TypeAlias = Known | Given | Items | Authors | Unsaid
Value: TypeAlias = tuple[tuple[Said, Atom], ...]
"""What a value may be, and when it is: one of these for everybody."""


def sure(atom: Atom) -> Value:
    """A value that is one thing for everybody."""
    return ((TRUE, atom),)


UNSAID_VALUE = sure(Unsaid())


def under(condition: Said, value: Value) -> Value:
    """The alternatives of a value where a condition is true."""
    return tuple((both((condition, when)), atom) for when, atom in value)


def judged(found: Iterator[tuple[Said, Said]]) -> Said:
    """A condition on a value, from the condition on each of its alternatives and when that one is meant."""
    parts = list(found)
    may = _any(tuple(_all((when.may, so.may)) for when, so in parts))
    may_not = _any(tuple(_all((when.may, so.may_not)) for when, so in parts))
    return Said(may, may_not, any(when.unsaid or so.unsaid for when, so in parts))

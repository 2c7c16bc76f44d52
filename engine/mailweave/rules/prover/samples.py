"""Recipients who are known already, and who of them answers a question: in bits, one for each.

Each condition is asked of each recipient once, however many questions speak of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mailweave.rules import typed as x
from mailweave.rules.prover.questions import AllOf, AnyOf, AtLeast, Filled, Holds, NotSo, Question
from mailweave.rules.prover.replay import Sample


@dataclass(slots=True)
class _Answers:
    """Of whom a condition was asked, and for whom it is true."""

    atom: Holds | Filled
    asked: int = 0
    true: int = 0


@dataclass(slots=True)
class Samples:
    """The recipients that a prover found, in order."""

    found: list[Sample] = field(default_factory=list)
    _members: dict[str, int] = field(default_factory=dict)
    _answers: dict[int, _Answers] = field(default_factory=dict)

    def add(self, sample: Sample, segments: Iterable[str]) -> None:
        """One more recipient, and the segments they are in."""
        bit = 1 << len(self.found)
        self.found.append(sample)
        for name in segments:
            self._members[name] = self._members.get(name, 0) | bit

    def members(self, segment: str) -> int:
        """Who is in a segment."""
        return self._members.get(segment, 0)

    def latest(self, most: int) -> int:
        """The last that were found."""
        return (1 << len(self.found)) - (1 << max(0, len(self.found) - most))

    def first(self, question: Question, among: int) -> Sample | None:
        """The first of some for whom a question is so."""
        bits = self.those(question, among)
        return self.found[(bits & -bits).bit_length() - 1] if bits else None

    def those(self, question: Question, among: int) -> int:
        """All of some for whom a question is so."""
        match question:
            case AllOf(parts=parts):
                return self._all(parts, among)
            case AnyOf(parts=parts):
                return self._any(parts, among)
            case AtLeast(number=number, parts=parts):
                return self._at_least(number, parts, among)
            case NotSo(part=part):
                return among & ~self.those(part, among)
            case Holds(condition=condition):
                return self._holding(condition, question, among)
            case Filled():
                return self._asked(id(question), question, among)

    def _all(self, parts: Iterable[Question], among: int) -> int:
        for part in parts:
            if not among:
                break
            among = self.those(part, among)
        return among

    def _any(self, parts: Iterable[Question], among: int) -> int:
        found = 0
        for part in parts:
            if found == among:
                break
            found |= self.those(part, among & ~found)
        return found

    def _at_least(self, number: int, parts: Iterable[Question], among: int) -> int:
        so_many = [among, *([0] * number)]  # those for whom 0, 1, 2 .. parts are so
        for part in parts:
            bits = self.those(part, among)
            for count in range(number, 0, -1):
                so_many[count] |= so_many[count - 1] & bits
        return so_many[number]

    def _holding(self, condition: x.Expr, question: Holds, among: int) -> int:
        """`and` is true where all its terms are, `or` where one is: what is unknown is not true."""
        match x.bare(condition):
            case x.InSegment(name=name):
                return among & self.members(name)
            case x.And(terms=terms):
                return self._all(map(Holds, terms), among)
            case x.Or(terms=terms):
                return self._any(map(Holds, terms), among)
            case _:  # what has no connective of its own is asked as a whole
                return self._asked(id(condition), question, among)

    def _asked(self, key: int, atom: Holds | Filled, among: int) -> int:
        known = self._answers.setdefault(key, _Answers(atom))  # which keeps it, and so its id
        for at in _places(among & ~known.asked):
            known.true |= self.found[at].is_so(atom) << at
        known.asked |= among
        return known.true & among


def _places(bits: int) -> Iterator[int]:
    while bits:
        yield (bits & -bits).bit_length() - 1
        bits &= bits - 1

"""Which recipients a condition means, as boxes: intervals over the values it sets against constants.

Decides whether a tier leaves a gap, whether a condition can hold at all or always holds, and whether two can
hold together. What boxes cannot tell is answered with `Undecided`, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.regions.boxes import Box, Space
from mailweave.rules.regions.formulas import All, Complement, Formula, IsTrue, Reader, TooLarge
from mailweave.rules.regions.witnesses import doubt, witness
from mailweave.schema.model import Schema

__all__ = ["Gap", "Regions", "Undecided"]


@dataclass(frozen=True, slots=True)
class Gap:
    """A recipient whom a tier loses, in words."""

    witness: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """Why boxes cannot tell."""

    reason: str


def _holds(asked: c.Segment | x.Expr, reader: Reader) -> Formula:
    return reader.segment(asked) if isinstance(asked, c.Segment) else IsTrue(reader.formula(asked))


class Regions:
    """Answers questions about the conditions of one rule text, whose segments and tiers form no circles."""

    def __init__(
        self, schema: Schema, segments: Mapping[str, c.Segment], tiers: Mapping[str, c.Tier]
    ) -> None:
        self.schema = schema
        self.segments = segments
        self.tiers = tiers

    def gap(self, tier: c.Tier) -> Gap | Undecided | None:
        """A recipient for whom no member of a tier is true; None when there is none."""
        try:
            reader = self._reader()
            formulas = [reader.formula(member.condition) for member in tier.members]
            space = Space(formulas)
            left = space.outside(box for formula in formulas for box in space.true(formula))
        except TooLarge:
            return Undecided("it has too many cases")
        return self._judged(space, left)

    def _judged(self, space: Space, left: list[Box]) -> Gap | Undecided | None:
        doubts = [doubt(space, box) for box in left]
        if not left:
            return None
        if None in doubts:
            return Gap(witness(space, left[doubts.index(None)]))
        return Undecided(doubts[0] or "")

    def never(self, asked: c.Segment | x.Expr) -> bool:
        """Whether it is certain that a segment holds nobody, that a condition is true for nobody."""
        return self._nowhere(lambda reader: _holds(asked, reader))

    def always(self, asked: c.Segment | x.Expr) -> bool:
        """Whether it is certain that a segment holds everybody, that a condition is true for everybody."""
        return self._nowhere(lambda reader: Complement(_holds(asked, reader)))

    def exclude(self, one: x.Expr, other: x.Expr) -> bool:
        """Whether it is certain that two conditions never hold together."""
        return self._nowhere(lambda reader: All((reader.formula(one), reader.formula(other))))

    def _nowhere(self, formula_of: Callable[[Reader], Formula]) -> bool:
        """Whether it is certain that a formula is true nowhere; what is too much to tell is not certain."""
        try:
            formula = formula_of(self._reader())
            space = Space([formula])
            return not any(space.possible(box) for box in space.true(formula))
        except TooLarge:
            return False

    def _reader(self) -> Reader:
        return Reader(self.schema, self.segments, self.tiers)

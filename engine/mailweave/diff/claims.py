"""What can be said of recipients in the words of one side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from mailweave.diff.union import View
from mailweave.rules import checked as c
from mailweave.rules import typed as x
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.memberships import is_member
from mailweave.rules.prover.questions import AllOf, Holds, NotSo, Question
from mailweave.schema.types import Bool
from mailweave.source import Span

SideName: TypeAlias = Literal["old", "new"]
EVERYBODY: Final = AllOf(())
_NOWHERE: Final = Span(0, 0)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one side, as it is compiled or as it stands in the union."""

    document: c.CheckedDocument
    columns: Columns
    view: View
    is_own: bool

    def segment(self, name: str) -> Question:
        """Being in a segment."""
        return Holds(x.InSegment(_NOWHERE, Bool(), False, self._named(name)))

    def member(self, tier: str, name: str) -> Question:
        """Being in a member of a tier."""
        return is_member(self.document.tiers[self._named(tier)], name)

    def condition(self, expr: x.Expr) -> Question:
        """That a condition of this side is true."""
        return Holds(expr if self.is_own else self.view.retyping(expr))

    def _named(self, name: str) -> str:
        return name if self.is_own else self.view.retyping.name(name)


Claim: TypeAlias = Callable[[Words], Question]
"""A question in the words of a side."""


def everybody(_: Words) -> Question:
    """What is so of every recipient."""
    return EVERYBODY


def never(_: Words) -> Question:
    """What is so of nobody."""
    return NotSo(EVERYBODY)

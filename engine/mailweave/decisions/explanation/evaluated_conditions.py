"""Conditions of a rule text, read against one recipient: which comparisons decided, and on what values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from mailweave.decisions.explanation.model import Atom, Membership, Place, Reading, TierStory
from mailweave.decisions.explanation.value_text import worded
from mailweave.rules import typed
from mailweave.rules.checked import CheckedDocument, Segment, Tier
from mailweave.rules.reference_evaluator import RecipientValues
from mailweave.rules.typed import Expr
from mailweave.source import Span

MASK = "(hidden)"
_NAMED: TypeAlias = (
    typed.Attribute
    | typed.ScoreValue
    | typed.LookupValue
    | typed.TierValue
    | typed.EventAggregate
    | typed.ListAggregate
    | typed.TimeSince
    | typed.Anniversary
    | typed.Inlined
)


class Reader:
    """Reads the conditions of one text for one recipient.

    conditions, values: the expressions that the decisions added to the program, by name.
    """

    def __init__(
        self,
        document: CheckedDocument,
        person: RecipientValues,
        conditions: Mapping[str, Expr],
        values: Mapping[str, Expr],
        show_pii: bool,
    ) -> None:
        self.document, self.conditions, self.values = document, conditions, values
        self._person, self._show_pii = person, show_pii

    # ---- the text

    def place(self, span: Span) -> Place:
        at = self.document.source.locate(span.start)
        return Place(at.name, at.line, at.column)

    def text(self, expr: Expr) -> str:
        """The expression as its author wrote it, on one line."""
        written = self.document.source.text[expr.span.start : expr.span.stop]
        without_comments = re.sub(r'("(?:\\.|[^"\\])*")|#[^\n]*', lambda m: m.group(1) or "", written)
        return " ".join(without_comments.split())

    # ---- its meaning for this recipient

    def truth(self, condition: Expr) -> bool | None:
        """True, False, or None for unknown."""
        found: bool | None = self._person.ask(condition)
        return found

    def terms(self, condition: Expr) -> Iterator[Expr]:
        """The conditions that must all be true for this one to be."""
        condition = _bare(condition)
        if isinstance(condition, typed.And):
            for term in condition.terms:
                yield from self.terms(term)
        else:
            yield condition

    def deciding(self, condition: Expr, *, wanted: bool) -> tuple[Atom, ...]:
        """The comparisons that make a condition true (`wanted`), or that keep it from being true."""
        return tuple(self._deciding(condition, wanted, False))

    def _deciding(self, condition: Expr, wanted: bool, negated: bool) -> Iterator[Atom]:
        condition = _bare(condition)
        # `never e` or `x not in ..` is a Not over what has the very same words: told as one comparison
        if isinstance(condition, typed.Not) and condition.span != condition.term.span:
            yield from self._deciding(condition.term, wanted, not negated)
        elif isinstance(condition, typed.And | typed.Or):
            for term in condition.terms:
                if (self._signed(term, negated) is True) == wanted:
                    yield from self._deciding(term, wanted, negated)
        elif isinstance(condition, typed.ByArm):
            yield from self._deciding(condition.conditions[self._person.arm(condition)], wanted, negated)
        elif isinstance(condition, typed.InSegment):
            yield from self._segment_atoms(condition, negated)
        else:
            yield self.atom(condition)

    def _signed(self, condition: Expr, negated: bool) -> bool | None:
        found = self.truth(condition)
        return found if found is None or not negated else not found

    def _segment_atoms(self, condition: typed.InSegment, negated: bool) -> Iterator[Atom]:
        """The name of a segment in a condition, and what decides it."""
        yield self.atom(condition)
        yield from self._of_segment(condition.name)

    def atom(self, condition: Expr) -> Atom:
        """One comparison with the values of its names."""
        place, text = self.place(condition.span), self.text(condition)
        return Atom(text, self.truth(condition), tuple(self._readings(condition)), place)

    def value(self, expr: Expr) -> Reading:
        """The value of an expression, under its own text."""
        hidden = not self._show_pii and self._is_pii(expr)
        found = self._person.ask(expr)
        withheld = self._withheld(expr) if found is None else None
        return Reading(self.text(expr), self._worded(found, expr, hidden), hidden, withheld)

    def reading_of(self, expr: Expr) -> Atom:
        """A rank expression: what its names were."""
        return Atom(self.text(expr), None, tuple(self._readings(expr)), self.place(expr.span))

    def _readings(self, expr: Expr) -> Iterator[Reading]:
        found = (self.value(named) for named in _named(expr))
        yield from dict.fromkeys(found)

    def _worded(self, value: Any, expr: Expr, hidden: bool) -> str | None:
        if value is None:
            return None
        return MASK if hidden else worded(value, expr.type)

    def _withheld(self, expr: Expr) -> str | None:
        """The consent for want of which an attribute in the expression reads as missing."""
        profile = self.document.schema.profile
        needs = (profile[n.name].needs for n in typed.walk(expr) if isinstance(n, typed.Attribute))
        return next((c for c in needs if c is not None and not self._person.consents(c)), None)

    def _is_pii(self, expr: Expr) -> bool:
        profile = self.document.schema.profile
        return any(isinstance(node, typed.Attribute) and profile[node.name].pii for node in typed.walk(expr))

    # ---- segments, tiers, overrides

    def segment_place(self, name: str) -> Place:
        return self.place(self.document.segments[name].span)

    def why_not_in(self, name: str) -> tuple[Atom, ...]:
        """The comparisons that keep this recipient out of a segment, or out of one around it."""
        return tuple(self._of_segment(name))

    def _of_segment(self, name: str) -> Iterator[Atom]:
        segment, member = self.document.segments[name], self._person.is_in(name)
        if segment.within is not None and self._person.is_in(segment.within) == member:
            yield from self._of_segment(segment.within)
        if (self.truth(segment.condition) is True) == member:
            yield from self.deciding(segment.condition, wanted=member)

    def segment(self, segment: Segment) -> Membership:
        """Whether this recipient is a member, and what decided it."""
        member = self._person.is_in(segment.name)
        inside = segment.within is None or self._person.is_in(segment.within)
        unknown = not member and inside and self.truth(segment.condition) is None
        place, atoms = self.place(segment.span), tuple(self._of_segment(segment.name))
        return Membership(segment.name, member, unknown, segment.label or "", place, atoms)

    def tier(self, tier: Tier) -> TierStory:
        """The lines of a tier down to the one that holds."""
        lines: list[Membership] = []
        for member in tier.members:
            truth = self.truth(member.condition)
            atoms = self.deciding(member.condition, wanted=truth is True)
            place = self.place(member.span)
            lines.append(Membership(member.name, truth is True, truth is None, "", place, atoms))
            if truth is True:
                break
        return TierStory(tier.name, self._person.tier(tier.name), tuple(lines))

    def why_override(self, condition: str | None) -> tuple[Atom, ...]:
        """The comparisons that put an override in force, by the name of its condition."""
        return () if condition is None else self.deciding(self.conditions[condition], wanted=True)


def _bare(condition: Expr) -> Expr:
    """A condition without the names of the lets that it came through."""
    while isinstance(condition, typed.Inlined):
        condition = condition.value
    return condition


def _named(expr: Expr) -> Iterator[Expr]:
    """The names and aggregates in an expression whose values a reader wants to know, outermost first."""
    if isinstance(expr, _NAMED):
        yield expr
    else:
        for below in typed.children(expr):
            yield from _named(below)

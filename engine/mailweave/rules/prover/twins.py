"""Two recipients who differ in one attribute alone, as one recipient who has it twice."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar

from mailweave.rules import typed as x
from mailweave.rules.checked import CheckedDocument, Segment, Tier
from mailweave.rules.prover.questions import AllOf, AnyOf, AtLeast, Filled, Holds, NotSo, Question
from mailweave.rules.prover.recipients import Recipient
from mailweave.schema.types import Field

E = TypeVar("E")


@dataclass(slots=True)
class Twins:
    """A rule text in which one attribute stands twice, with the segments and tiers that hang on it.

    `document`: the text with both, which the prover is asked about.
    """

    original: CheckedDocument
    attribute: Field
    document: CheckedDocument = field(init=False)
    _twin: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first, name = self.original, self._other(self.attribute.name)
        self._twin[f"profile {self.attribute.name}"] = name
        segments, tiers, order = dict(first.segments), dict(first.tiers), list(first.order)
        for each in first.order:
            twin = self._other(each)
            if each in first.segments:
                segment = self._segment(first.segments[each])
                if segment != first.segments[each]:
                    self._twin[f"segment {each}"] = twin
                    segments[twin] = replace(segment, name=twin)
                    order.append(twin)
            else:
                tier = self._tier(first.tiers[each])
                if tier != first.tiers[each]:
                    self._twin[f"tier {each}"] = twin
                    tiers[twin] = replace(tier, name=twin)
                    order.append(twin)
        second = replace(self.attribute, name=name, column=None)
        schema = replace(first.schema, profile={**first.schema.profile, name: second})
        self.document = replace(first, schema=schema, segments=segments, tiers=tiers, order=tuple(order))

    def _other(self, name: str) -> str:
        """A name that the text does not use."""
        taken = {*self.original.schema.profile, *self.original.order}
        name = f"{name}_of_the_other"
        while name in taken:
            name += "_"
        return name

    def _segment(self, own: Segment) -> Segment:
        within = own.within and self._twin.get(f"segment {own.within}", own.within)
        return replace(own, within=within, condition=self._expr(own.condition))

    def _tier(self, own: Tier) -> Tier:
        return replace(own, members=tuple(replace(m, condition=self._expr(m.condition)) for m in own.members))

    def _expr(self, expr: E) -> E:
        """An expression of the other one of the two."""
        twin = None
        if isinstance(expr, x.Attribute):
            twin = self._twin.get(f"profile {expr.name}")
        elif isinstance(expr, x.InSegment):
            twin = self._twin.get(f"segment {expr.name}")
        elif isinstance(expr, x.TierValue):
            twin = self._twin.get(f"tier {expr.name}")
        if twin is not None:
            return replace(expr, name=twin)  # type: ignore[type-var]  # each of the three is a dataclass
        new = {each.name: self._part(getattr(expr, each.name)) for each in fields(expr)}  # type: ignore[arg-type]  # as above
        changed = {name: value for name, value in new.items() if value is not getattr(expr, name)}
        return replace(expr, **changed) if changed else expr  # type: ignore[type-var]  # as above

    def _part(self, value: Any) -> Any:
        if isinstance(value, x.Typed):
            return self._expr(value)
        if isinstance(value, tuple) and any(isinstance(one, x.Typed) for one in value):
            made = tuple(map(self._part, value))
            return value if all(one is two for one, two in zip(made, value, strict=True)) else made
        return value

    def other(self, question: Question) -> Question:
        """The same question about the other one of the two."""
        match question:
            case Holds(condition=condition):
                return Holds(self._expr(condition))
            case AllOf(parts=parts):
                return AllOf(tuple(map(self.other, parts)))
            case AnyOf(parts=parts):
                return AnyOf(tuple(map(self.other, parts)))
            case AtLeast(number=number, parts=parts):
                return AtLeast(number, tuple(map(self.other, parts)))
            case NotSo(part=part):
                return NotSo(self.other(part))
            case Filled():
                return question  # lists are the same for both

    def concerns(self, expr: x.Expr) -> bool:
        """Whether a value or condition hangs on the attribute."""
        return self._expr(expr) is not expr

    def pair(self, both: Recipient) -> tuple[Recipient, Recipient]:
        """The two recipients whom one stands for."""
        name, twin = self.attribute.column or self.attribute.name, self._other(self.attribute.name)
        rest = {key: value for key, value in both.profile.items() if key != twin}
        without = {key: value for key, value in rest.items() if key != name}
        other = {**without, name: both.profile[twin]} if twin in both.profile else without
        return replace(both, profile=rest), replace(both, profile=other)

"""Groups of recipients by one attribute: its values, where they are few, or ranges of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from mailweave.batch.ledger import BatchError
from mailweave.diagnostics import diagnose, did_you_mean
from mailweave.rules.codecs import reader
from mailweave.rules.wording import constant
from mailweave.schema import types as t
from mailweave.schema.model import Schema
from mailweave.schema.types import Field
from mailweave.values.invalid_value import InvalidValue

MISSING: Final = "(missing)"
OTHER: Final = "(other)"
SMALL: Final = 30  # recipients: a smaller group is flagged
_RANGES: Final = 4  # of about the same size, where no cuts are given
_MOST: Final = 20  # values of a text that are groups of their own
_FEWEST: Final = 5  # recipients that a text must have: a rare one may say who somebody is
_RANGED = (t.Int, t.Number, t.Ratio, t.Money, t.Date, t.Instant, t.Duration)


@dataclass(frozen=True, slots=True)
class Grouping:
    """By which attribute, and, where it is a number or a time, at which values it is cut; none: into quarters."""

    field: Field
    cuts: tuple[Any, ...] = ()

    def labels(self, values: Mapping[Any, int]) -> dict[Any, str]:
        """The group of each value, given how many recipients have it; groups are ordered as they are printed."""
        known = {value: n for value, n in values.items() if value is not None}
        found = self._ranges(known) if isinstance(self.field.type, _RANGED) else self._values(known)
        return {**found, None: MISSING}

    def _values(self, known: Mapping[Any, int]) -> dict[Any, str]:
        if isinstance(self.field.type, t.Enum):
            return {member: member for member in self.field.type.members}
        if isinstance(self.field.type, t.Bool):
            return {True: "true", False: "false"}
        often = [value for value, n in Counter(known).most_common(_MOST) if n >= _FEWEST]
        named = {value: str(value) for value in sorted(often)}
        return {**named, **{value: OTHER for value in known if value not in named}}

    def _ranges(self, known: Mapping[Any, int]) -> dict[Any, str]:
        cuts = self.cuts or _quarters(known)
        names = self._names(cuts)
        return {value: names[bisect_right(cuts, value)] for value in sorted(known)}

    def _names(self, cuts: Sequence[Any]) -> list[str]:
        if not cuts:
            return ["all"]
        said = [constant(cut, self.field.type) for cut in cuts]
        between = [f"from {low} to below {high}" for low, high in pairwise(said)]
        return [f"below {said[0]}", *between, f"from {said[-1]}"]


def _quarters(known: Mapping[Any, int]) -> tuple[Any, ...]:
    """Values at which a list falls into parts of about the same size."""
    total, seen = sum(known.values()), 0
    cuts: list[Any] = []
    for value in sorted(known):
        if len(cuts) < _RANGES - 1 and seen >= total * (len(cuts) + 1) / _RANGES and seen:
            cuts.append(value)
        seen += known[value]
    return tuple(cuts)


def grouping(schema: Schema, name: str, cuts: Sequence[str] = ()) -> Grouping:
    """How to group by an attribute; `cuts` as they are written in data. Raises MailweaveError."""
    field = schema.profile.get(name)
    if field is None:
        hint = did_you_mean(name, schema.profile)
        raise _refused(name, "no attribute is called so" + (f"; {hint}" if hint else ""))
    if field.pii or isinstance(field.type, t.Key):
        raise _refused(name, "it says who somebody is, and groups are printed")
    if isinstance(field.type, t.SetOf | t.ListOf):
        raise _refused(name, f"it is a {field.type}, and a recipient must be in one group")
    if cuts and not isinstance(field.type, _RANGED):
        raise _refused(name, f"{field.type} has values, and no ranges to cut")
    return Grouping(field, tuple(sorted({_cut(field, cut) for cut in cuts})))


def _cut(field: Field, text: str) -> Any:
    from mailweave.schema.cell import cell

    try:
        return reader(field.type)(cell(field.type)(text))
    except InvalidValue:
        raise _refused(text, f"`{text}` is no {field.type} to cut at", "--cuts") from None


def _refused(told: str, why: str, option: str = "--by") -> BatchError:
    return BatchError([diagnose("MW024", place=f"{option} {told}", what=why)])

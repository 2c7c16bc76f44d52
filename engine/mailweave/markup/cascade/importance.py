"""Which declarations must be important, so that a style attribute and the kept sheet come out as the author's cascade.

A style attribute beats every rule that is not important. So a kept declaration that outranks an inlined one becomes
important, an inlined one that outranks an important kept one becomes important in its attribute, and what lies between
two such is kept as well. One more can ask for others: the set only grows, until nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mailweave.markup.cascade.matching import TooMuch
from mailweave.markup.cascade.ranks import Declared, Selected, survivors

MOST_PAIRS = 1_000_000
MOST_SHOWN = 300  # declarations of one element, of which nothing says which of them a client understands
_MOST_ROUNDS = 200


@dataclass(slots=True, eq=False)
class Case:
    """Elements for which the cascade is the same: what is inlined into them, by rank, and what kept rules may say of
    them. `written` is false for elements that have no start tag, whose style can only stand in the sheet."""

    inlined: tuple[Declared, ...]
    kept: tuple[Declared, ...]
    written: bool = True
    shown: Mapping[Declared, frozenset[str]] = field(default_factory=dict)
    above: dict[Declared, list[Declared]] = field(default_factory=dict)
    below: dict[Declared, list[Declared]] = field(default_factory=dict)
    beaten: set[Declared] = field(default_factory=set)  # outranked by some kept declaration

    def __post_init__(self) -> None:
        self.shown = survivors(self.inlined)


@dataclass(frozen=True, slots=True)
class Conflict:
    """What cannot be had: a declaration of an element, and the kept one that stands against it."""

    case: Case
    declared: Declared
    against: Declared | None


@dataclass(slots=True)
class Importance:
    """The fixpoint over all cases. Raises TooMuch when there are more pairs than can be looked at."""

    cases: Sequence[Case]
    important: set[Declared] = field(default_factory=set)  # kept declarations
    also: set[Declared] = field(default_factory=set)  # inlined ones that are kept as well
    conflicts: list[Conflict] = field(default_factory=list)
    _pairs: int = 0
    _over: dict[Case, list[tuple[Declared, list[Declared]]]] = field(default_factory=dict)

    def settle(self) -> None:
        """Grows the set until nothing changes."""
        if any(len(case.shown) > MOST_SHOWN for case in self.cases):
            raise TooMuch
        for case in self.cases:
            case.beaten.clear()  # by what another cascade found
            self.important |= {one for one in case.kept if one.declaration.important}
            if not case.written:
                self.also |= set(case.inlined)
            self._rivals(case)
        self.important |= {one for one in self.also if one.declaration.important}
        for _ in range(_MOST_ROUNDS):
            before = len(self.important), len(self.also)
            for case in self.cases:
                self._attribute(case)
                self._sheet(case)
            if before == (len(self.important), len(self.also)):
                return
        raise TooMuch

    def _count(self, pairs: int) -> None:
        self._pairs += pairs
        if self._pairs > MOST_PAIRS:
            raise TooMuch

    def _rivals(self, case: Case) -> None:
        """Which kept declarations stand above and below each inlined one."""
        self._count(len(case.shown) * len(case.kept))
        if case.above:
            return
        plain = [one for one in case.kept if not one.custom and not one.target]
        for one, decided in case.shown.items():
            met = [k for k in plain if k is not one and _meets(k, one, decided)]
            case.above[one] = [k for k in met if k.rank > one.rank]
            case.below[one] = [k for k in met if k.rank < one.rank]

    def _attribute(self, case: Case) -> None:
        """What an attribute asks of the sheet."""
        if not case.written:
            return
        also = [one for one in case.inlined if one in self.also]
        for one, decided in case.shown.items():
            others = [k for k in also if k is not one and _meets(k, one, decided)] if also else []
            above = [*case.above[one], *(k for k in others if k.rank > one.rank)]
            if not above:
                continue
            case.beaten.add(one)
            self.important.update(above)
            below = (*case.below[one], *(k for k in others if k.rank < one.rank))
            against = next((k for k in below if k in self.important), None)
            if against is not None:
                self._keep(case, one, against)
        self._order(case)

    def _keep(self, case: Case, one: Declared, against: Declared | None) -> None:
        """An inlined declaration between two important kept ones is kept as well, important."""
        if one.of is None:
            if not any(c.case is case and c.declared is one for c in self.conflicts):
                self.conflicts.append(Conflict(case, one, against))
            return
        self.also.add(one)
        self.important.add(one)

    def _order(self, case: Case) -> None:
        """Importance must not turn the order within an attribute: what cannot follow it is kept as well."""
        wanted = self.wanted(case)
        shown = list(case.shown)
        for at, one in enumerate(shown):
            later = (two for two in shown[at + 1 :] if two not in wanted and two.meets(one))
            if one in wanted and any(two in case.beaten for two in later):
                self._keep(case, one, None)

    def wanted(self, case: Case) -> set[Declared]:
        """The declarations that are important in the attribute."""
        shown = list(case.shown)
        wanted = {one for one in shown if one not in case.beaten and self._forced(case, one)}
        for at, one in enumerate(shown):
            if one in wanted:
                wanted |= {two for two in shown[at + 1 :] if two not in case.beaten and two.meets(one)}
        for one in shown:
            beyond = one.of is not None and one in self.also  # it is important in the sheet
            if one in wanted and beyond and self._overtakes(case, one, wanted):
                wanted.discard(one)
        return wanted | {one for one in shown if self._left(case, one, shown, wanted)}

    def _forced(self, case: Case, one: Declared) -> bool:
        if any(k in self.important for k in case.below[one]):
            return True
        return any(
            k in self.important and k is not one and k.rank < one.rank and k.meets(one) for k in case.inlined
        )

    def _overtakes(self, case: Case, one: Declared, wanted: set[Declared]) -> bool:
        return any(two.rank > one.rank and two not in wanted and two.meets(one) for two in case.shown)

    def _left(self, case: Case, one: Declared, shown: list[Declared], wanted: set[Declared]) -> bool:
        """Whether the author's own importance can stay."""
        if not one.declaration.important or one in case.beaten:
            return False
        later = (two for two in shown[shown.index(one) + 1 :] if two not in wanted and two.meets(one))
        return all(two.declaration.important and two not in case.beaten for two in later)

    def _sheet(self, case: Case) -> None:
        """What one important kept declaration asks of those above it."""
        for one, above in self._kept_above(case):
            if one in self.important:
                self.important.update(above)

    def _kept_above(self, case: Case) -> Iterator[tuple[Declared, list[Declared]]]:
        if case not in self._over:
            self._count(len(case.kept) ** 2)
            self._over[case] = [
                (one, [two for two in case.kept if two.rank > one.rank and two.meets(one)])
                for one in case.kept
            ]
        yield from self._over[case]
        also = [one for one in case.inlined if one in self.also and one not in case.kept]
        for one in also:
            yield one, [two for two in (*case.kept, *also) if two.rank > one.rank and two.meets(one)]
        for one in case.kept if also else ():
            yield one, [two for two in also if two.rank > one.rank and two.meets(one)]

    def raise_weights(self, position: Mapping[Selected, tuple[float, ...]]) -> None:
        """Among kept declarations of one importance, weight and place must say what their ranks say: where they do
        not, the weight of the selector is raised. `position` is the place where each will stand."""
        for _ in range(_MOST_ROUNDS):
            raised = False
            for case in self.cases:
                for one, above in self._kept_above(case):
                    for two in above:
                        same = (one in self.important) == (two in self.important)
                        raised = (same and self._raise(one, two, position)) or raised
            if not raised:
                return
        raise TooMuch

    def made(self, one: Declared) -> bool:
        """Whether it is important without the author's having said so."""
        return one in self.important and not one.declaration.important

    def _raise(self, one: Declared, two: Declared, position: Mapping[Selected, tuple[float, ...]]) -> bool:
        """Raises `two` over `one`, where it does not stand over it; whether that was needed."""
        low, high, made = one.of, two.of, self.made(two)
        if low is None or high is None or low is high:
            return False
        weight, own = low.specificity(self.made(one)), high.specificity(made)
        if (low.rule is high.rule and weight == own) or (own, position[high], two.order) > (
            weight,
            position[low],
            one.order,
        ):
            return False
        ids, classes = high.raised.get(made, (0, 0))
        if weight[0] > own[0]:
            high.raised[made] = (ids + weight[0] - own[0], classes)
        else:
            high.raised[made] = (ids, classes + max(1, weight[1] - own[1] + (weight[2] >= own[2])))
        return True


def _meets(kept: Declared, one: Declared, decided: frozenset[str]) -> bool:
    if "all" in (kept.name, one.name):
        return kept.meets(one)
    return not kept.touches.isdisjoint(decided)

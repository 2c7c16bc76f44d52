"""Declarations with their rank in the cascade: importance, style attribute, layer, specificity, order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mailweave.markup.cascade.selectors import Complex, Specificity
from mailweave.markup.cascade.shorthands import covers, overlap, touches
from mailweave.markup.cascade.stylesheet import StyleRule
from mailweave.markup.cascade.values import understood
from mailweave.markup.stylesheet import Property

Order = tuple[float, ...]
Rank = tuple[int, int, Order, Specificity, Order]
_NO_WEIGHT: Specificity = (0, 0, 0)


@dataclass(slots=True, eq=False)
class Declared:
    """A declaration where it stands: in a rule, for one of its selectors, or in a style attribute.

    `settled` says that its value is surely understood, so that nothing below it can show.
    """

    declaration: Property
    order: Order
    settled: bool
    of: Selected | None = None
    rank: Rank = (0, 0, (), _NO_WEIGHT, ())

    @property
    def name(self) -> str:
        return self.declaration.name

    @property
    def custom(self) -> bool:
        return self.declaration.name.startswith("--")

    @property
    def target(self) -> str:
        """The pseudo-element that it styles; empty for the element itself."""
        return self.of.selector.element if self.of else ""

    def meets(self, other: Declared) -> bool:
        """Whether both set something in common, of the same thing."""
        return overlap(self.name, other.name) and self.target == other.target

    @property
    def touches(self) -> frozenset[str]:
        return touches(self.name)

    @property
    def covers(self) -> frozenset[str]:
        return covers(self.name) if self.settled else frozenset()


@dataclass(slots=True, eq=False)
class Selected:
    """One selector of one rule, with the declarations of the rule.

    `inlined` says that they become style attributes. `raised` says by how many ids and classes its weight is
    raised: for the declarations as the author wrote them (False), and for those that were made important (True).
    """

    rule: StyleRule
    selector: Complex
    inlined: bool
    declarations: tuple[Declared, ...] = ()
    raised: dict[bool, tuple[int, int]] = field(default_factory=dict)
    where: str = ""  # `styles.css:12`
    order: Order = ()

    def specificity(self, made: bool) -> Specificity:
        """Its weight as it will be written."""
        own, (ids, classes) = self.selector.specificity, self.raised.get(made, (0, 0))
        return (own[0] + ids, own[1] + classes, own[2])

    def written(self, made: bool = False) -> str:
        """The selector, raised."""
        ids, classes = self.raised.get(made, (0, 0))
        extra = ":not(#_)" * ids + self._classes() * classes
        text, element = self.selector.text, self.selector.element
        at = text.rfind(":") if element and extra else len(text)
        at = at - 1 if element and extra and text[at - 1 : at] == ":" else at
        return text[:at] + extra + text[at:]

    def _classes(self) -> str:
        names = self.selector.subject.classes
        plain = names and names[0].replace("-", "").replace("_", "").isalnum() and not names[0][0].isdigit()
        return f".{names[0]}" if plain else ":not(._)"


def select(
    rule: StyleRule, place: Order, *, conditional: bool, nonce: str, where: str = ""
) -> tuple[Selected, ...]:
    """The selectors of a rule, with their declarations; `place` is that of the rule in the document."""
    found = []
    for number, selector in enumerate(rule.selectors):
        inlined = selector.fixed and not (conditional or rule.conditions or rule.opaque)
        one = Selected(rule, selector, inlined, where=where, order=(*place, number))
        one.declarations = tuple(
            Declared(p, (*place, at), settled(p, nonce), one)
            for at, p in enumerate(rule.properties)
            if _says(p)
        )
        found.append(one)
    return tuple(found)


def settled(one: Property, nonce: str) -> bool:
    """Whether a value is surely understood; what Liquid writes may be blank, and is not."""
    return nonce not in one.value and understood(one.name, one.value)


def _says(one: Property) -> bool:
    """Whether it has a value; that of a custom property may be empty."""
    return bool(one.value) or one.name.startswith("--")


def own_declarations(properties: Iterable[Property], nonce: str) -> tuple[Declared, ...]:
    """The declarations of a style attribute."""
    found = []
    for at, one in enumerate(filter(_says, properties)):
        made = Declared(one, (float(at),), settled(one, nonce))
        made.rank = (int(one.important), 1, (), _NO_WEIGHT, made.order)
        found.append(made)
    return tuple(found)


def survivors(declared: Sequence[Declared]) -> Mapping[Declared, frozenset[str]]:
    """Of declarations by rank, those that can show, with the longhands that they decide (all, for `all`).

    What is said again above, in the same words, never shows: a client understands both or neither.
    """
    shown: dict[Declared, frozenset[str]] = {}
    closed: set[str] = set()
    said: set[tuple[str, str]] = set()
    for one in reversed(declared):
        open_ = one.touches - closed
        words = (one.name, one.declaration.value)
        if open_ and words not in said:
            said.add(words)
            shown[one] = open_
            closed |= one.covers & open_
    return dict(reversed(shown.items()))

"""Which attributes a component has in the end: its own, those of its classes, and the defaults of `mj-attributes`.

The order is that of MJML: own, then what the class of its parent says for its kind, then classes (a later one wins), then
the defaults of its kind, then those of all. https://documentation.mjml.io/#mj-attributes
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from mailweave.mjml.tree import Element
from mailweave.mjml.vocabulary import COMPONENTS
from mailweave.source import Source, Span

_CLASS: Final = "mj-class"
_INHERITING: Final = frozenset(["mj-accordion", "mj-accordion-element", "mj-social"])


class Given(NamedTuple):
    """A value as it was written, and where."""

    value: str
    source: Source
    span: Span


Set = Mapping[str, Given]


@dataclass(slots=True)
class Defaults:
    """What `mj-attributes` says: by component, by class, and by class for what stands in it."""

    kinds: dict[str, Set] = field(default_factory=dict)
    classes: dict[str, Set] = field(default_factory=dict)
    inside: dict[str, dict[str, Set]] = field(default_factory=dict)

    @classmethod
    def of(cls, head: Iterable[Element]) -> Defaults:
        """Those of a head; what is said twice is what was said last."""
        made = cls()
        for group in (one for one in head if one.name == "mj-attributes"):
            for each in group.elements():
                own = set_of(each)
                if each.name == _CLASS:
                    name = own.get("name")
                    key = name.value if name else ""
                    made.classes[key] = {k: v for k, v in own.items() if k != "name"}
                    made.inside[key] = {inner.name: set_of(inner) for inner in each.elements()}
                else:
                    made.kinds[each.name] = {**made.kinds.get(each.name, {}), **own}
        return made

    def resolved(self, element: Element, parent: str, classes: str) -> dict[str, Given]:
        """The attributes of a component. parent: what it stands in; classes: those of what stands around it."""
        own = set_of(element)
        names = own[_CLASS].value.split() if _CLASS in own else []
        made = {**self._of_all(element.name, parent), **self.kinds.get(element.name, {})}
        made |= _of_classes([self.classes.get(name, {}) for name in names])
        for name in classes.split():
            made |= self.inside.get(name, {}).get(element.name, {})
        made |= own
        known = COMPONENTS[element.name].attributes
        return {name: each for name, each in made.items() if name in known and name != _CLASS}

    def _of_all(self, name: str, parent: str) -> Set:
        """What is said of all: what a component hands on to those in it goes before it there."""
        said = self.kinds.get("mj-all", {})
        if parent not in _INHERITING:
            return said
        handed = COMPONENTS[parent].attributes
        return {key: each for key, each in said.items() if key not in handed}


def set_of(element: Element) -> dict[str, Given]:
    """The attributes that a component was written with; of one that is said twice, the first."""
    made: dict[str, Given] = {}
    for each in element.attributes:
        made.setdefault(each.name, Given(each.value or "", element.source, each.value_span))
    return made


def _of_classes(sets: Iterable[Set]) -> dict[str, Given]:
    """What several classes say: the later wins, but for their CSS classes, which add up."""
    made: dict[str, Given] = {}
    for one in sets:
        for name, each in one.items():
            before = made.get(name) if name == "css-class" else None
            made[name] = each._replace(value=f"{before.value} {each.value}") if before else each
    return made

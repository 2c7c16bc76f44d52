"""Which elements a selector matches: surely, or perhaps.

Liquid and mail clients leave things open: a class that comes out of data, neighbours under a condition, a wrapper that
a client adds, a link that is hovered. A selector that matches whatever these come to matches *surely*; one that
matches if they come out right matches *perhaps*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mailweave.markup.cascade.document import Element
from mailweave.markup.cascade.pseudo import AROUND, HOOKS, STATES, STATES_WITH_ARGUMENTS
from mailweave.markup.cascade.selectors import AttributeTest, Complex, Compound, PseudoClass

MOST_TESTS = 600_000
_OPEN = STATES | STATES_WITH_ARGUMENTS | {"empty"}
_LINKS = frozenset({"link", "visited", "any-link"})
# Values of these match without regard to case in HTML (a part of the list in the HTML standard).
_CASELESS = frozenset(
    "align bgcolor charset checked clear color dir disabled face frame hreflang lang language link media method nowrap"
    " rel rev rules scope selected shape target text type valign valuetype vlink".split()
)


class TooMuch(Exception):
    """More selectors and elements than can be looked at."""


@dataclass(slots=True)
class Doubts:
    """What may be left open, and what was met: attributes of elements, and elements whose places are not known."""

    attributes: bool = True
    places: bool = True
    clients: bool = True
    met: list[tuple[Element, str]] = field(default_factory=list)


@dataclass(slots=True)
class Matcher:
    """Matches selectors; `fold` is quirks mode. Raises TooMuch when asked too often."""

    fold: bool = False
    doubts: Doubts = field(default_factory=Doubts)
    tests: int = 0
    _subject: Element | None = None

    def surely(self, element: Element, selector: Complex) -> bool:
        self._subject = element
        return self._matches(element, selector, True)

    def perhaps(self, element: Element, selector: Complex) -> bool:
        self._subject = element
        return self._matches(element, selector, False)

    def _matches(self, element: Element, selector: Complex, sure: bool) -> bool:
        memo: dict[tuple[int, int], bool] | None = {} if len(selector.compounds) > 3 else None
        return self._from(element, selector, len(selector.compounds) - 1, sure, memo)

    def _from(
        self,
        element: Element,
        selector: Complex,
        at: int,
        sure: bool,
        memo: dict[tuple[int, int], bool] | None,
    ) -> bool:
        if memo is None:
            return self._step(element, selector, at, sure, memo)
        key = (id(element), at)
        if key not in memo:
            memo[key] = self._step(element, selector, at, sure, memo)
        return memo[key]

    def _step(
        self,
        element: Element,
        selector: Complex,
        at: int,
        sure: bool,
        memo: dict[tuple[int, int], bool] | None,
    ) -> bool:
        if not self._compound(element, selector.compounds[at], sure):
            return False
        if at == 0:
            return True
        left, combinator = selector.compounds[at - 1], selector.combinators[at - 1]
        if self.doubts.clients and not sure and (left.hook or (left.type == "u" and combinator == "+")):
            return True  # what stands around the hook is the client's, too
        return any(
            self._from(other, selector, at - 1, sure, memo)
            for other in self._reached(element, combinator, sure)
        )

    def _reached(self, element: Element, combinator: str, sure: bool) -> Iterable[Element]:
        if combinator == " ":
            return element.ancestors()
        parent = element.parent
        if combinator == ">":
            return (parent,) if parent else ()
        if parent is None:
            return ()
        siblings = parent.children
        if parent.fluid and self.doubts.places:
            self.doubts.met.append((parent, ""))
            return () if sure else [one for one in siblings if one is not element]
        return (
            siblings[: element.index]
            if combinator == "~"
            else siblings[max(0, element.index - 1) : element.index]
        )

    def _compound(self, element: Element, asked: Compound, sure: bool) -> bool:
        self.tests += 1
        if self.tests > MOST_TESTS:
            raise TooMuch
        if asked.type not in ("", "*") and asked.type != element.tag:
            return False
        return (
            all(self._id(element, name, sure) for name in asked.ids)
            and all(self._class(element, name, sure) for name in asked.classes)
            and all(self._attribute(element, test, sure) for test in asked.attributes)
            and all(self._pseudo(element, pseudo, sure) for pseudo in asked.pseudos)
        )

    def _open(self, element: Element, name: str, sure: bool) -> bool:
        """What is open is not sure, and perhaps."""
        self.doubts.met.append((element, name))
        return not sure

    def _class(self, element: Element, name: str, sure: bool) -> bool:
        name = name.lower() if self.fold else name
        if name in element.words:
            return True
        if self.doubts.attributes and any(pattern.fullmatch(name) for pattern in element.patterns):
            return self._open(element, "class", sure)
        return self._added(element, f".{name}", sure)

    def _id(self, element: Element, name: str, sure: bool) -> bool:
        own = element.attributes.get("id", "")
        if own == name or (self.fold and own.lower() == name.lower()):
            return True
        if "id" in element.dynamic and self.doubts.attributes:
            return self._open(element, "id", sure)
        return self._added(element, f"#{name}", sure)

    def _added(self, element: Element, name: str, sure: bool) -> bool:
        """Whether a client may add it."""
        if sure or not self.doubts.clients or HOOKS.fullmatch(name) is None:
            return False
        return AROUND.fullmatch(name) is None or element.tag in ("html", "body")

    def _attribute(self, element: Element, test: AttributeTest, sure: bool) -> bool:
        afar = test.name in element.conditional and element is not self._subject
        unknown = test.name in element.dynamic or (afar and test.name not in ("class", "id", "style"))
        if unknown and self.doubts.attributes:
            return self._open(element, test.name, sure)
        value = element.attributes.get(test.name)
        if value is None:
            return self._added(element, test.hook, sure)
        return _compare(test, value)

    def _pseudo(self, element: Element, pseudo: PseudoClass, sure: bool) -> bool:
        name = pseudo.name
        if name in _OPEN:
            linked = element.tag in ("a", "area") or name not in _LINKS
            return linked and not sure
        if name == "not":
            return not any(self._matches(element, one, not sure) for one in pseudo.arguments)
        if name in ("is", "where"):
            return any(self._matches(element, one, sure) for one in pseudo.arguments)
        if name == "has":
            return any(self._has(element, one, sure) for one in pseudo.arguments)
        if name == "root":
            return element.parent is None
        return self._placed(element, pseudo, sure)

    def _has(self, element: Element, one: Complex, sure: bool) -> bool:
        """Whether something inside (or behind) matches, seen from the element."""
        for other in _scope(element, one.relative):
            meant = self._reaches(other, one, len(one.compounds) - 1, element, sure)
            if meant and not (self._comes_and_goes(other, element) and sure):
                return True
        return False

    def _reaches(self, other: Element, one: Complex, at: int, anchor: Element, sure: bool) -> bool:
        """Whether a relative selector matches an element, its first compound standing to the anchor as it asks."""
        if not self._compound(other, one.compounds[at], sure):
            return False
        if at == 0:
            return _stands(other, anchor, one.relative)
        before = self._reached(other, one.combinators[at - 1], sure)
        return any(self._reaches(two, one, at - 1, anchor, sure) for two in before)

    def _comes_and_goes(self, other: Element, anchor: Element) -> bool:
        """Whether Liquid decides if one element is there, seen from another."""
        if not self.doubts.places:
            return False
        for above in other.ancestors():
            if above.fluid:
                self.doubts.met.append((above, ""))
                return True
            if above is anchor or above is anchor.parent:
                return False
        return False

    def _named(self, siblings: Sequence[Element], pseudo: PseudoClass, sure: bool) -> list[Element]:
        """Those among siblings that `:nth-child(1 of ..)` counts."""
        return [one for one in siblings if any(self._matches(one, a, sure) for a in pseudo.arguments)]

    def _placed(self, element: Element, pseudo: PseudoClass, sure: bool) -> bool:
        parent = element.parent
        if parent is None:
            return pseudo.name not in ("nth-child", "nth-last-child") or _in_series(1, pseudo)
        if parent.fluid and self.doubts.places:
            return self._open(parent, "", sure)
        first, last = element.index + 1, len(parent.children) - element.index
        if pseudo.name.endswith("of-type"):
            first, last = element.of_type + 1, parent.types[element.tag] - element.of_type
        elif pseudo.arguments:
            same, surely = (self._named(parent.children, pseudo, known) for known in (False, True))
            if element not in same or same != surely:
                return element in same and not sure  # which place it has is open
            first, last = same.index(element) + 1, len(same) - same.index(element)
        if pseudo.name.startswith("only"):
            return first == last == 1
        if pseudo.name.startswith("nth"):
            return _in_series(last if "last" in pseudo.name else first, pseudo)
        return (first if pseudo.name.startswith("first") else last) == 1


def _in_series(place: int, pseudo: PseudoClass) -> bool:
    step, rest = pseudo.step, place - pseudo.offset
    return rest == 0 if step == 0 else rest % step == 0 and rest // step >= 0


def _compare(test: AttributeTest, value: str) -> bool:
    wanted = test.value
    if test.flag == "i" or (test.flag == "" and test.name in _CASELESS):
        value, wanted = value.lower(), wanted.lower()
    match test.operator:
        case "":
            return True
        case "=":
            return value == wanted
        case "~=":
            return wanted in value.split()
        case "|=":
            return value == wanted or value.startswith(f"{wanted}-")
        case "^=":
            return bool(wanted) and value.startswith(wanted)
        case "$=":
            return bool(wanted) and value.endswith(wanted)
        case _:  # `*=`: the parser has no other
            return bool(wanted) and wanted in value


def _scope(element: Element, relative: str) -> Iterator[Element]:
    """The elements that a selector of `:has` can mean."""
    below = list(element.children)
    if relative in ("+", "~"):
        below = element.parent.children[element.index + 1 :] if element.parent else []
    while below:
        one = below.pop()
        yield one
        below += one.children


def _stands(other: Element, anchor: Element, relative: str) -> bool:
    """Whether an element stands to the anchor as the combinator says."""
    if relative in ("+", "~"):
        beside = other.parent is anchor.parent and other.index > anchor.index
        return beside and (relative == "~" or other.index == anchor.index + 1)
    return other.parent is anchor if relative == ">" else any(one is anchor for one in other.ancestors())


@dataclass(slots=True)
class Index:
    """Selectors by what the element itself must have, so that few are tried on each.

    `known` are the classes and ids that a document has, if these are known: what asks for others matches nothing.
    """

    known: frozenset[str] | None = None
    _by: dict[str, list[tuple[int, Complex]]] = field(default_factory=lambda: defaultdict(list))
    _classes: list[tuple[int, Complex]] = field(default_factory=list)
    _count: int = 0

    def add(self, selector: Complex) -> None:
        """Takes a selector in; they are numbered from 0."""
        number, subject = self._count, selector.subject
        self._count += 1
        if self.known is not None and not selector.hook and not selector.required <= self.known:
            return
        entry = (number, selector)
        key = next(iter((*(f"#{i}" for i in subject.ids), *(f".{c}" for c in subject.classes))), "")
        if key and not subject.hook:
            self._by[key.lower()].append(entry)
            self._classes.append(entry)
        else:
            self._by[subject.type if subject.type != "*" else ""].append(entry)

    def tried(self, element: Element) -> Sequence[tuple[int, Complex]]:
        """The selectors that could match an element."""
        found = [*self._by.get("", ()), *self._by.get(element.tag, ())]
        if element.patterns or "id" in element.dynamic:
            return [*found, *self._classes]
        own = element.attributes.get("id")
        for key in (*(f".{word.lower()}" for word in element.words), *([f"#{own.lower()}"] if own else ())):
            found += self._by.get(key, ())
        return found

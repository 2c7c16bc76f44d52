"""The cascade of all pages together: for each element, in each way, the case that it falls under."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mailweave.content.page import Prepared
from mailweave.content.stylesheets import Sheet, rules
from mailweave.markup.branches import leaves
from mailweave.markup.cascade.document import Element
from mailweave.markup.cascade.importance import Case
from mailweave.markup.cascade.matching import Index, Matcher
from mailweave.markup.cascade.ranks import Selected, own_declarations
from mailweave.markup.stylesheet import parse_declarations
from mailweave.markup.tagbranches import leaf_attributes
from mailweave.markup.tokens import StartTag
from mailweave.markup.tree import Page, every_attribute

CaseKey = tuple[tuple[int, ...], tuple[int, ...], str, bool]


@dataclass(slots=True)
class Cases:
    """Elements for which the cascade is the same, over all pages and all ways."""

    matcher: Matcher = field(default_factory=Matcher)
    _found: dict[CaseKey, Case] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._found)

    def case(
        self, page: Page, element: Element, inlined: Sequence[Selected], kept: Sequence[Selected], style: str
    ) -> Case:
        written = element.number is not None
        key = (tuple(map(id, inlined)), tuple(map(id, kept)), style, written)
        made = self._found.get(key)
        if made is None:
            own = own_declarations(parse_declarations(style), page.shield.nonce) if style else ()
            said = [d for one in inlined for d in one.declarations if not d.custom]
            ranked = sorted((*said, *own), key=lambda one: one.rank)
            stay = [
                d
                for one in kept
                for d in one.declarations
                if d.custom or not one.inlined or one.selector.hook
            ]
            self._found[key] = made = Case(tuple(ranked), tuple(stay), written)
        return made


@dataclass(frozen=True, slots=True)
class Placed:
    """The cases of one page in one way through its CSS: by run and number of the start tag.

    `base` holds what is the same in all runs; `touched` the tags that some rule is inlined into; `examples` an element
    of each case, in their order.
    """

    base: Mapping[int, Case]
    varied: Mapping[tuple[int, int], Case]
    touched: frozenset[int]
    examples: Mapping[Case, Element]

    def case(self, number: int, run: int) -> Case | None:
        return self.varied.get((run, number)) or self.base.get(number)


def placed(one: Prepared, found: Sequence[Sheet], cases: Cases) -> Placed:
    """Matches the rules of one way through the CSS with the elements of a page."""
    cases.matcher.tests = 0
    selected = list(rules(found))
    inlined = [s for s in selected if s.inlined]
    kept = [s for s in selected if not s.inlined or s.selector.hook or any(d.custom for d in s.declarations)]
    loose = _perhaps(one, kept, cases)
    own = _indexed(one, inlined)
    base: dict[int, Case] = {}
    varied: dict[tuple[int, int], Case] = {}
    touched: set[int] = set()
    examples: dict[Case, Element] = {}
    free = set(_varying(one))
    for run in range(one.ways.runs):
        dress(one, run)
        for element in one.document.elements:
            number = element.number
            if not element.shown or (run and number not in free):
                continue
            hit = [inlined[n] for n, s in own.tried(element) if cases.matcher.surely(element, s)]
            hit.sort(key=lambda s: s.order)
            style = element.attributes.get("style", "")
            case = cases.case(one.page, element, hit, loose.get(element, ()), style)
            examples.setdefault(case, element)
            if number is None:
                continue
            if number in free:
                varied[run, number] = case
            else:
                base[number] = case
            if hit:
                touched.add(number)
    return Placed(base, varied, frozenset(touched), examples)


def _indexed(page: Prepared, selected: Sequence[Selected]) -> Index:
    index = Index(page.names)
    for one in selected:
        index.add(one.selector)
    return index


def _varying(one: Prepared) -> Iterator[int]:
    """The tags whose styles may differ from run to run."""
    for number in one.document.numbered:
        if one.ways.deciding(number):
            yield number


def _perhaps(one: Prepared, kept: Sequence[Selected], cases: Cases) -> dict[Element, tuple[Selected, ...]]:
    """What kept rules may say of each element, in any way."""
    _dress_loosely(one)
    index = _indexed(one, kept)
    found: dict[Element, tuple[Selected, ...]] = {}
    for element in one.document.elements:
        if element.shown:
            hit = [kept[n] for n, s in index.tried(element) if cases.matcher.perhaps(element, s)]
            found[element] = tuple(sorted(hit, key=lambda s: s.order))
    return found


def raw_attributes(one: Prepared, number: int, run: int) -> Mapping[str, str]:
    """All attributes of a tag in one run, as written."""
    tag = one.page.tokens[number]
    assert isinstance(tag, StartTag)
    leaf = one.ways.leaf(number, run)
    return leaf_attributes(leaf) if leaf else every_attribute(number, tag)


def dress(one: Prepared, run: int) -> None:
    """Gives all elements the attributes that they have in one run through the conditions."""
    numbers = list(one.varied.decisions) if run else list(one.document.numbered)
    one.document.dress(one.page, lambda number, _tag: raw_attributes(one, number, run), iter(numbers))


def _dress_loosely(one: Prepared) -> None:
    """Each element with all that its conditions may give it, held open."""
    named = {
        number: [leaf_attributes(leaf).get("class", "") for leaf in leaves(decision)]
        for number, decision in one.varied.decisions.items()
    }

    def all_names(number: int, tag: StartTag) -> Mapping[str, str]:
        found = every_attribute(number, tag)
        return {**found, "class": " ".join(named[number])} if number in named else found

    one.document.dress(one.page, all_names)
    for number, element in one.document.numbered.items():
        if number in named:
            element.loosen(frozenset.intersection(*(frozenset(text.split()) for text in named[number])))
        if element.conditional:
            element.dynamic = element.dynamic | element.conditional

"""What the rules make of a page, in each way through its conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from mailweave.content.guards import Deciders, Guards
from mailweave.content.premailer_adapter import CHANGED, InlinedRule, apply
from mailweave.content.variants import clean
from mailweave.content.ways import Ways
from mailweave.markup.selectors import matching, selector
from mailweave.markup.stylesheet import Property, parse_declarations
from mailweave.markup.tagbranches import leaf_attributes
from mailweave.markup.tokens import StartTag
from mailweave.markup.tree import Page, Tree, every_attribute, parse

Values = Mapping[str, str]
Blanked = Collection[Deciders] | None
"""Which values are taken for blank; None for all that can be."""

Guarded = tuple[str, Deciders]
"""The name of a property, and what decides whether its value is blank."""

MOST_LAYERS = 24


class TooManyLayers(Exception):
    """Values that can be blank lie over each other in more ways than can be looked at."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@dataclass(frozen=True, slots=True)
class Runs:
    """What one set of rules makes of a page, per run and per choice of values that are blank."""

    page: Page
    guards: Guards
    ways: Ways
    rules: Sequence[InlinedRule]
    tree: Tree  # with the names of all variants
    guarded: Sequence[tuple[str, Sequence[Guarded]]]  # per rule with values that can be blank
    _made: dict[tuple[int, Blanked], Mapping[int, Values]] = field(default_factory=dict)
    _layers: dict[int, frozenset[Blanked]] = field(default_factory=dict)
    _reached: dict[str, frozenset[etree._Element]] = field(default_factory=dict)

    def layers(self, run: int) -> frozenset[Blanked]:
        """Nothing blank, all that can be, and each of the values that lie over others of their property."""
        if run not in self._layers:
            ends: set[Blanked] = {frozenset(), None} if self.guards else {frozenset()}
            for number, _tag in self.page.start_tags if self.guards else ():
                ends |= {frozenset({one}) for one in self._rivals(number, run)}
                if len(ends) > MOST_LAYERS:
                    raise TooManyLayers(number)
            self._layers[run] = frozenset(ends)
        return self._layers[run]

    def all_layers(self) -> Iterator[tuple[int, Blanked]]:
        return ((run, blanked) for run in range(self.ways.runs) for blanked in self.layers(run))

    @property
    def changed(self) -> set[int]:
        """The tags that some rule changes."""
        return {number for run, blanked in self.all_layers() for number in self.made(run, blanked)}

    def made(self, run: int, blanked: Blanked) -> Mapping[int, Values]:
        """The new attributes of each tag that changes, in one run."""
        key = (run, blanked)
        if key not in self._made:
            if len(self._made) > MOST_LAYERS * self.ways.runs:
                raise TooManyLayers(next(iter(self.tree.elements)))
            self._made[key] = self._run(run, blanked)
        return self._made[key]

    def original(self, number: int, run: int, blanked: Blanked) -> Values:
        """Our attributes of a tag, as the author wrote them, their Liquid hidden."""
        found = self._written(number, run, blanked)
        cover = self.page.shield.cover
        return {name: cover(value) for name, value in found.items() if name in CHANGED}

    def names(self, number: int) -> set[str]:
        """The attributes of a tag that some rule changes in some run."""
        return {
            name
            for run, blanked in self.all_layers()
            for name, value in self.made(run, blanked).get(number, {}).items()
            if value != self.original(number, run, blanked).get(name)
        }

    def over(self, number: int, run: int, names: Collection[str]) -> frozenset[Deciders]:
        """What decides over the values that some properties of a tag may have."""
        return frozenset(decider for name, decider in self._deciders(number, run) if name in names)

    def reached(self, number: int) -> bool:
        """Whether any rule can match a tag, in any run."""
        return any(self._reaches(rule.selector, number) for rule in self.rules)

    def _rivals(self, number: int, run: int) -> Iterator[Deciders]:
        """The deciders of which a property of a tag has more than one."""
        found = set(self._deciders(number, run))
        for name, count in Counter(name for name, _ in found).items():
            if count > 1:
                yield from (decider for of, decider in found if of == name)

    def _deciders(self, number: int, run: int) -> Iterator[Guarded]:
        style = self._written(number, run, frozenset()).get("style", "")
        yield from _decided(self.guards, parse_declarations(style))
        for text, found in self.guarded:
            if self._reaches(text, number):
                yield from found

    def perhaps_untouched(self, number: int) -> bool:
        """Whether all that the rules say of a tag can be blank: then premailer does not touch it."""
        matched = [rule for rule in self.rules if self._matches(rule.selector, number)]
        said = [one for rule in matched for one in rule.properties]
        return bool(said) and all(self.guards.deciders(one.value) for one in said)

    def _reaches(self, text: str, number: int) -> bool:
        asked = selector(text)
        return bool(asked.ids or asked.attributes) or self._matches(text, number)

    def _matches(self, text: str, number: int) -> bool:
        if text not in self._reached:
            self._reached[text] = frozenset(matching(text, self.tree.root) or ())
        return self.tree.elements.get(number) in self._reached[text]

    def _run(self, run: int, blanked: Blanked) -> Mapping[int, Values]:
        def choose(number: int, _tag: StartTag) -> dict[str, str]:
            return self._written(number, run, blanked)

        tree = parse(self.page, choose)
        before = {number: _ours(element) for number, element in tree.elements.items()}
        left = (replace(r, properties=self.guards.without(r.properties, blanked)) for r in self.rules)
        apply(tree.root, [rule for rule in left if rule.properties])
        after = {number: _ours(element) for number, element in tree.elements.items()}
        return {number: values for number, values in after.items() if values != before[number]}

    def _written(self, number: int, run: int, blanked: Blanked) -> dict[str, str]:
        """All attributes of a tag in one run, made ready for the parser."""
        return clean(self.page.shield, self.guards, self.raw(number, run), blanked)

    def raw(self, number: int, run: int) -> Values:
        """All attributes of a tag in one run, as written."""
        tag = self.page.tokens[number]
        assert isinstance(tag, StartTag)
        leaf = self.ways.leaf(number, run)
        return leaf_attributes(leaf) if leaf else every_attribute(number, tag)


@dataclass(frozen=True, slots=True)
class Layer:
    """A tag in one run, when certain values are blank."""

    runs: Runs
    number: int
    run: int
    blanked: Blanked = frozenset()

    @property
    def values(self) -> Values:
        made = self.runs.made(self.run, self.blanked).get(self.number)
        return made or self.runs.original(self.number, self.run, self.blanked)

    @property
    def is_changed(self) -> bool:
        """Whether any rule changes the tag in this run."""
        layers = self.runs.layers(self.run)
        return any(self.number in self.runs.made(self.run, blanked) for blanked in layers)

    @property
    def style(self) -> tuple[Property, ...]:
        return parse_declarations(self.values.get("style", ""))

    def declared(self, name: str) -> Property | None:
        """The declaration of a property."""
        return next((one for one in self.style if one.name == name), None)

    def under(self, one: Property) -> Layer:
        """The same when the value of one declaration is blank too."""
        if len(self.runs.over(self.number, self.run, {one.name})) < 2 or self.blanked is None:
            return replace(self, blanked=None)
        return replace(self, blanked=frozenset((*self.blanked, self.runs.guards.deciders(one.value))))


def run_all(page: Page, guards: Guards, ways: Ways, rules: Sequence[InlinedRule], tree: Tree) -> Runs:
    """Runs the rules over one tree per way."""
    guarded = ((rule.selector, tuple(_decided(guards, rule.properties))) for rule in rules)
    runs = Runs(page, guards, ways, rules, tree, [(text, found) for text, found in guarded if found])
    for run in range(ways.runs):
        runs.made(run, frozenset())
    return runs


def _decided(guards: Guards, properties: Sequence[Property]) -> Iterator[Guarded]:
    found = ((one.name, guards.deciders(one.value)) for one in properties)
    return ((name, decider) for name, decider in found if decider)


def _ours(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items() if name in CHANGED}

"""What the rules make of a page, in each way through its conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from mailweave.content.guards import Guards
from mailweave.content.premailer_adapter import CHANGED, InlinedRule, apply
from mailweave.content.variants import clean, leaf_attributes
from mailweave.content.ways import Ways
from mailweave.markup.stylesheet import parse_declarations
from mailweave.markup.tokens import StartTag
from mailweave.markup.tree import Page, every_attribute, parse

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Runs:
    """What one set of rules makes of a page: per run, the new attributes of each tag that changes; `blank`
    is the same when every value that can be blank is."""

    page: Page
    guards: Guards
    ways: Ways
    full: tuple[Mapping[int, Values], ...]
    blank: tuple[Mapping[int, Values], ...]

    @property
    def changed(self) -> set[int]:
        return {number for values in (*self.full, *self.blank) for number in values}

    def original(self, number: int, run: int, *, blank: bool = False) -> Values:
        """Our attributes of a tag, as the author wrote them."""
        found = _written(self.page, self.guards, self.ways, number, run, blank=blank)
        return {name: value for name, value in found.items() if name in CHANGED}

    def values(self, number: int, run: int) -> Values:
        return self.full[run].get(number) or self.original(number, run)

    def blanks(self, number: int, run: int) -> Values:
        there = self.blank[run].get(number) if self.blank else None
        return there or self.original(number, run, blank=True)

    def names(self, number: int) -> set[str]:
        """The attributes of a tag that some rule changes in some run."""
        return {
            name
            for blank, runs in ((False, self.full), (True, self.blank))
            for run, changed in enumerate(runs)
            if number in changed
            for name, value in changed[number].items()
            if value != self.original(number, run, blank=blank).get(name)
        }


def run_all(page: Page, guards: Guards, ways: Ways, rules: Sequence[InlinedRule]) -> Runs:
    """Runs the rules over one tree per way."""
    for rule in rules:
        for one in rule.properties:
            guards.paths(one.value)
    full = tuple(_run(page, guards, ways, rules, at, blank=False) for at in range(ways.runs))
    bare = [replace(rule, properties=guards.without(rule.properties)) for rule in rules] if guards else []
    blank = tuple(_run(page, guards, ways, bare, at, blank=True) for at in range(ways.runs if guards else 0))
    return Runs(page, guards, ways, full, blank)


def twice_blank(page: Page, guards: Guards, ways: Ways, rules: Sequence[InlinedRule]) -> int | str | None:
    """Where two values of one property can both be blank, so that what shows through the first cannot be
    told: the number of a tag, or the selector of a rule."""
    seen: dict[str, str] = {}
    for rule in rules:
        for one in rule.properties:
            if guards.paths(one.value) and seen.setdefault(one.name, one.value) != one.value:
                return rule.selector
    for number, _tag in page.start_tags if seen else ():
        for run in range(ways.runs):
            style = _written(page, guards, ways, number, run, blank=False).get("style", "")
            found = parse_declarations(style)
            if any(one.name in seen and guards.paths(one.value) for one in found):
                return number
    return None


def _run(
    page: Page, guards: Guards, ways: Ways, rules: Sequence[InlinedRule], run: int, *, blank: bool
) -> Mapping[int, Values]:
    def choose(number: int, _tag: StartTag) -> dict[str, str]:
        return _written(page, guards, ways, number, run, blank=blank)

    tree = parse(page, choose)
    before = {number: _ours(element) for number, element in tree.elements.items()}
    apply(tree.root, rules)
    after = {number: _ours(element) for number, element in tree.elements.items()}
    return {number: values for number, values in after.items() if values != before[number]}


def _written(page: Page, guards: Guards, ways: Ways, number: int, run: int, *, blank: bool) -> dict[str, str]:
    """All attributes of a tag in one run, made ready for the parser."""
    tag = page.tokens[number]
    assert isinstance(tag, StartTag)
    leaf = ways.leaf(number, run)
    attributes = leaf_attributes(leaf) if leaf else every_attribute(number, tag)
    return clean(page.shield, guards, attributes, blank=blank)


def _ours(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items() if name in CHANGED}

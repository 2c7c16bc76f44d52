"""One page inlined: from its rules to the edits in its text.

The tree only answers which rules match what; every edit is made in the author's own text, so nothing that a
parser or a serialiser does to a document can reach the mail.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from mailweave.content.fragments import attribute
from mailweave.content.guards import Guards
from mailweave.content.inlined import Edit
from mailweave.content.premailer_adapter import CHANGED, InlinedRule, apply
from mailweave.content.sheets import Resolve, Sheet, sheets, shielded_properties, split
from mailweave.content.stylevariants import style_variants
from mailweave.content.variants import Variants, clean, leaf_attributes, occurrences, variants
from mailweave.diagnostics import Diagnostic, Severity, ordered
from mailweave.markup.branches import Decision, Leaf, leaves, written
from mailweave.markup.hazards import Scene, Use, hazards
from mailweave.markup.selectors import selector
from mailweave.markup.structure import structure
from mailweave.markup.stylesheet import Entry
from mailweave.markup.tokens import StartTag
from mailweave.markup.tree import Page, every_attribute, lost, parse
from mailweave.source import Span

Values = Mapping[str, str]
_ONE: Decision = Leaf("", 0)


@dataclass(frozen=True, slots=True)
class InlinedPage:
    """What inlining one page came to: the edits of its start tags, and what must stay in `<style>`."""

    edits: tuple[Edit, ...]
    sheets: tuple[Sheet, ...]
    kept: tuple[tuple[tuple[Entry, ...], ...], ...]  # per way through the conditions of the CSS, per sheet
    decision: Decision  # the conditions of the CSS
    diagnostics: tuple[Diagnostic, ...]

    @property
    def exact(self) -> bool:
        return all(d.severity is Severity.NOTE for d in self.diagnostics)


@dataclass(frozen=True, slots=True)
class _Run:
    """What one set of rules makes of the page: per variant, with and without what can be blank."""

    full: tuple[Mapping[int, Values], ...]
    blank: tuple[Mapping[int, Values], ...]


def inline_page(page: Page, css: str, resolve: Resolve) -> InlinedPage:
    """Inlines the rules of a page, and of `css`, into its start tags."""
    found, diagnostics = sheets(page, css, resolve)
    styles = style_variants(page, found)
    every = [sheets(page, css, resolve, bodies)[0] for bodies in styles.bodies] if styles.bodies else [found]
    apart = [split(one) for one in every]
    rules = [_shielded(page, one.inlined) for one in apart]
    uses = [
        Use(selector(rule.selector), _where(found, rule))
        for rule in dict.fromkeys(r for rs in rules for r in rs)
    ]
    tree = parse(page)
    shape = structure(page.tokens)
    varied = variants(page, [r for rs in rules for r in rs], uses)
    diagnostics += [*lost(page, tree), *styles.diagnostics, *varied.diagnostics]
    diagnostics += hazards(Scene(page, tree, shape, uses))
    kept = tuple(tuple(map(tuple, one.kept)) for one in apart)
    result = InlinedPage((), tuple(found), kept, styles.decision or _ONE, ordered(diagnostics))
    if not result.exact:
        return result
    return replace(result, edits=tuple(_edits(page, rules, varied, styles.decision or _ONE)))


def _where(found: Sequence[Sheet], rule: InlinedRule) -> str:
    sheet = found[rule.sheet]
    return str(sheet.source.locate(sheet.at(rule.line).start))


def _shielded(page: Page, rules: Sequence[InlinedRule]) -> list[InlinedRule]:
    return [replace(rule, properties=shielded_properties(rule.properties, page.shield)) for rule in rules]


def _edits(
    page: Page, rules: Sequence[Sequence[InlinedRule]], varied: Variants, decision: Decision
) -> Iterator[Edit]:
    guards = Guards(page.shield)
    runs = [_run(page, guards, one, varied) for one in rules]
    changed = sorted({number for run in runs for values in (*run.full, *run.blank) for number in values})
    for number in changed:
        yield from _TagEdit(page, guards, varied, decision, runs, number).edits()


def _run(page: Page, guards: Guards, rules: Sequence[InlinedRule], varied: Variants) -> _Run:
    for rule in rules:
        for one in rule.properties:
            guards.paths(one.value)
    full = tuple(_changed(page, guards, rules, varied, at, blank=False) for at in range(varied.runs))
    if not guards:
        return _Run(full, ())
    bare = [replace(rule, properties=guards.without(rule.properties)) for rule in rules]
    return _Run(
        full, tuple(_changed(page, guards, bare, varied, at, blank=True) for at in range(varied.runs))
    )


def _changed(
    page: Page, guards: Guards, rules: Sequence[InlinedRule], varied: Variants, run: int, *, blank: bool
) -> Mapping[int, Values]:
    """What the rules change in one run: number of the start tag to our attributes, where one is new."""

    def choose(number: int, tag: StartTag) -> dict[str, str]:
        leaf = varied.leaf(number, run)
        attributes = leaf_attributes(leaf) if leaf else every_attribute(number, tag)
        return clean(page.shield, guards, attributes, blank=blank)

    tree = parse(page, choose)
    before = {number: _ours(element) for number, element in tree.elements.items()}
    apply(tree.root, rules)
    after = {number: _ours(element) for number, element in tree.elements.items()}
    return {number: values for number, values in after.items() if values != before[number]}


def _ours(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items() if name in CHANGED}


@dataclass(frozen=True, slots=True)
class _TagEdit:
    """The edits of one start tag."""

    page: Page
    guards: Guards
    varied: Variants
    decision: Decision
    runs: Sequence[_Run]
    number: int

    def edits(self) -> Iterator[Edit]:
        tag = self.page.tokens[self.number]
        assert isinstance(tag, StartTag)
        new = ""
        for name in sorted(self._names(), key=lambda name: (name == "style", name)):
            text = self._written(name)
            there = occurrences(tag, name)
            in_place = self.number not in self.varied.decisions and len(there) == 1 and text
            for one in there:
                yield Edit(one.span, text if in_place else "")
            new = f" {text}{new}" if text and not in_place else new
        if new:
            yield Edit(Span(tag.name_stop, tag.name_stop), new)

    def _names(self) -> set[str]:
        """The attributes that some rule changes in some variant."""
        return {name for run in self.runs for blank in (False, True) for name in self._changed(run, blank)}

    def _changed(self, run: _Run, blank: bool) -> Iterator[str]:
        for at, values in enumerate(run.blank if blank else run.full):
            new, old = values.get(self.number, {}), self._original(at, blank=blank)
            yield from (name for name, value in new.items() if value != old.get(name))

    def _original(self, run: int, *, blank: bool = False) -> dict[str, str]:
        leaf = self.varied.leaf(self.number, run)
        tag = self.page.tokens[self.number]
        assert isinstance(tag, StartTag)
        attributes = leaf_attributes(leaf) if leaf else every_attribute(self.number, tag)
        kept = clean(self.page.shield, self.guards, attributes, blank=blank)
        return {name: value for name, value in kept.items() if name in CHANGED}

    def _written(self, name: str) -> str:
        return written(self.decision, lambda leaf: self._tag_text(leaf.index, name))

    def _tag_text(self, sheet_leaf: int, name: str) -> str:
        decision = self.varied.decisions.get(self.number, _ONE)
        return written(decision, lambda leaf: self._text(sheet_leaf, leaf.index, name))

    def _text(self, sheet_leaf: int, leaf: int, name: str) -> str:
        run = self.runs[sheet_leaf]
        count = len(list(leaves(self.varied.decisions.get(self.number, _ONE))))
        at = leaf % count
        values = run.full[at].get(self.number, self._original(at))
        blank = run.blank[at].get(self.number, {}) if run.blank else {}
        return attribute(self.page.shield, self.guards, name, values, blank)

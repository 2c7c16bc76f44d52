"""One page inlined: from its rules to the edits in its text.

The tree only answers which rules match what; every edit is made in the author's own text, so nothing that a
parser or a serialiser does to a document can reach the mail.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from mailweave.content.inlined import Edit
from mailweave.content.premailer_adapter import CHANGED, InlinedRule, apply
from mailweave.content.sheets import Sheet, shielded_properties, split
from mailweave.diagnostics import Diagnostic
from mailweave.markup.shield import Shield
from mailweave.markup.stylesheet import Entry, parse_declarations
from mailweave.markup.tokens import Attribute, StartTag
from mailweave.markup.tree import Attributes, Choice, Page, every_attribute, lost, parse
from mailweave.source import Span

Changes = Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class InlinedPage:
    """What inlining one page came to: the edits of its start tags, and what must stay in `<style>`."""

    edits: tuple[Edit, ...]
    kept: tuple[tuple[Entry, ...], ...]  # per sheet
    diagnostics: tuple[Diagnostic, ...]
    exact: bool


def inline_page(page: Page, sheets: Sequence[Sheet]) -> InlinedPage:
    """Inlines the rules of `sheets` into the start tags of a page."""
    apart = split(sheets)
    found = lost(page, parse(page))
    if found:
        return InlinedPage((), (), found, False)
    rules = [replace(r, properties=shielded_properties(r.properties, page.shield)) for r in apart.inlined]
    kept = tuple(map(tuple, apart.kept))
    return InlinedPage(tuple(_element_edits(page, rules)), kept, (), True)


def _element_edits(page: Page, rules: Sequence[InlinedRule]) -> Iterator[Edit]:
    def choose(at: int, tag: StartTag) -> Attributes:
        return _attributes(page.shield, every_attribute(at, tag))

    for number, values in changed(page, rules, choose).items():
        tag = page.tokens[number]
        assert isinstance(tag, StartTag)
        yield from _tag_edits(page, tag, values)


def changed(page: Page, rules: Sequence[InlinedRule], choose: Choice) -> dict[int, dict[str, str]]:
    """What the rules change: number of the start tag to attribute to new value."""
    tree = parse(page, choose)
    before = {number: _attributes_of(element) for number, element in tree.elements.items()}
    apply(tree.root, rules)
    after = {number: _attributes_of(element) for number, element in tree.elements.items()}
    different = {number: _difference(before[number], new) for number, new in after.items()}
    return {number: values for number, values in different.items() if values}


def _attributes_of(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items() if name in CHANGED}


def _difference(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in after.items() if before.get(name) != value}


def _attributes(shield: Shield, attributes: Attributes) -> Attributes:
    """The attributes for the parser: each declaration of a style that CSS parsers would drop is hidden."""
    style = attributes.get("style")
    if not style:
        return attributes
    written = parse_declarations(html.unescape(shield.cover(style)))
    return {**attributes, "style": ";".join(map(str, shielded_properties(written, shield)))}


def _tag_edits(page: Page, tag: StartTag, values: Mapping[str, str]) -> Iterator[Edit]:
    """Replaces the attributes that there are, and puts the others behind the tag's name."""
    present: dict[str, Attribute] = {}
    for attribute in tag.attributes:
        present.setdefault(attribute.name, attribute)
    new = ""
    for name, value in values.items():
        written = f'{name}="{written_value(page.shield, value)}"'
        if name in present:
            yield Edit(present[name].span, written)
        else:
            new += " " + written
    if new:
        yield Edit(Span(tag.name_stop, tag.name_stop), new)


def written_value(shield: Shield, value: str) -> str:
    """A value as it is written between double quotes, its Liquid put back."""
    return shield.restore(value, _escaped)


def _escaped(static: str) -> str:
    for char, entity in (("&", "&amp;"), ('"', "&quot;"), ("<", "&lt;"), ("{", "&#123;")):
        static = static.replace(char, entity)
    return static


def kept_css(shield: Shield, entries: Iterable[Entry]) -> str:
    """What stays, as CSS, each rule once, its Liquid put back."""
    return shield.restore("\n".join(dict.fromkeys(map(str, entries))))

"""What style sheets and style attributes say of an element, in one view of a mail: the declaration that wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from mailweave.content.stylesheets import Sheet
from mailweave.lint.conditions import View, hold
from mailweave.markup.cascade.document import Element
from mailweave.markup.cascade.matching import Doubts, Index, Matcher
from mailweave.markup.cascade.pseudo import STATES, STATES_WITH_ARGUMENTS
from mailweave.markup.cascade.ranks import Declared, Selected, own_declarations
from mailweave.markup.stylesheet import parse_declarations, stray

LOOKED_AT: Final = frozenset(
    "color background-color background-image font-size font-weight display visibility opacity color-scheme position"
    " filter mix-blend-mode -webkit-text-fill-color text-align text-decoration-line line-height font-style max-height"
    " border-top-width border-bottom-style border-bottom-width overflow-x overflow-y min-height height padding-top"
    " padding-bottom".split()
)
_VARIABLE = re.compile(r"var\(\s*(--[\w-]+)\s*,\s*([^()]+|[\w-]+\([^()]*\))\)")
_LINKS = frozenset({"link", "any-link"})
_OPEN = STATES_WITH_ARGUMENTS | {"empty", "not"}


@dataclass(frozen=True, slots=True)
class Said:
    """A declaration of an element, and the at-rules under which it stands; `sure` is false where it is not known
    whether its selector matches, or what its value is."""

    declared: Declared
    sure: bool
    conditions: tuple[str, ...] = ()

    def holds(self, view: View) -> bool | None:
        found = hold(self.conditions, view)
        return found if self.sure or found is False else None

    @property
    def by(self) -> str:
        """Who says it: `.note` (style.css:12), or a style attribute."""
        rule = self.declared.of
        return f"`{rule.selector.text}` ({rule.where})" if rule else "its style attribute"


class Spoken(list[Said]):
    """What is said of an element, the strongest first; `touched` holds the longhands that it is about, None for all."""

    def __init__(self, found: Iterable[Said]) -> None:
        super().__init__(found)
        names = [one.declared.name for one in self]
        self.touched = None if "all" in names else frozenset().union(*(one.declared.touches for one in self))


@dataclass(slots=True)
class Sayings:
    """All declarations of one way through the CSS of a page, and the elements that they match."""

    sheets: Sequence[Sheet]
    nonce: str
    matcher: Matcher
    _selected: list[tuple[Selected, tuple[str, ...]]] = field(default_factory=list)
    _index: Index = field(default_factory=Index)
    variables: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.matcher.doubts = Doubts(clients=False)
        self.variables = frozenset(
            d.name for sheet in self.sheets for one in sheet.selected for d in one.declarations if d.custom
        )
        for sheet in self.sheets:
            around = (f"@media {sheet.media}",) if sheet.media else ()
            for one in sheet.selected:
                if not one.selector.element and any(map(_looked_at, one.declarations)):
                    self._selected.append((one, (*around, *one.rule.conditions)))
                    self._index.add(one.selector)

    def of(self, element: Element) -> Spoken:
        """What is said of an element, the strongest first."""
        found = [*self._own(element)]
        for number, _ in self._index.tried(element):
            one, conditions = self._selected[number]
            match = self._matches(element, one)
            if match is not False:
                said = [self._read(d) for d in one.declarations if _looked_at(d)]
                found += [Said(d, match is True and self._is_known(d), conditions) for d in said]
        return Spoken(sorted(found, key=lambda said: said.declared.rank, reverse=True))

    def _own(self, element: Element) -> Iterable[Said]:
        style = element.attributes.get("style", "")
        if not style:
            return ()
        known = not (self.nonce in style and stray(style, self.nonce))
        said = own_declarations(parse_declarations(style), self.nonce)
        return [Said(self._read(d), known and self._is_known(d)) for d in said]

    def _read(self, one: Declared) -> Declared:
        """With what `var()` falls back to, where nothing sets the variable."""
        found = _VARIABLE.fullmatch(one.declaration.value.strip())
        if found is None or found[1] in self.variables:
            return one
        return replace(one, declaration=replace(one.declaration, value=found[2]))

    def _is_known(self, one: Declared) -> bool:
        """What Liquid writes may be anything, blank too."""
        return self.nonce not in one.declaration.value

    def _matches(self, element: Element, one: Selected) -> bool | None:
        """Whether a selector matches while nothing is hovered or focused; None where that is open."""
        self.matcher.doubts.met.clear()
        if not self.matcher.perhaps(element, one.selector):
            return False
        open_ = bool(self.matcher.doubts.met)
        if self.matcher.surely(element, one.selector):
            return True
        pseudos = one.selector.pseudos
        if open_ or pseudos & _OPEN:
            return None
        if pseudos & STATES <= _LINKS:
            return "href" in element.attributes if element.tag == "a" else None
        return False


def _looked_at(one: Declared) -> bool:
    return one.name == "all" or not one.touches.isdisjoint(LOOKED_AT)


def winner(found: Sequence[Said], view: View, longhand: str) -> tuple[Said | None, bool]:
    """The declaration that decides over a longhand, and whether that is known."""
    if isinstance(found, Spoken) and found.touched is not None and longhand not in found.touched:
        return None, True
    for said in found:
        name = said.declared.name
        if name != "all" and longhand not in said.declared.touches:
            continue
        holds = said.holds(view)
        if holds is None or (holds and name == "all"):
            return None, False
        if holds:
            return said, True
    return None, True

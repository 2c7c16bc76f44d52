"""What stays in `<style>`: written in the author's order, important where it must be."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from mailweave.content.stylesheets import Entry, Sheet
from mailweave.markup.cascade.importance import Case
from mailweave.markup.cascade.layers import Layers
from mailweave.markup.cascade.ranks import Declared, Order, Selected
from mailweave.markup.cascade.stylesheet import Control, Named, StyleRule, conditions_written

Part = tuple[tuple[str, ...], str]


@dataclass(slots=True)
class Kept:
    """Which declarations of which selectors are kept, and how: one answer for all pages."""

    layers: Layers
    important: Collection[Declared]
    also: Collection[Declared]
    cases: Sequence[Case]
    open: bool  # whether the pages may hold elements that cannot be seen
    _matched: set[Selected] = field(default_factory=set)
    _shows: set[Declared] = field(default_factory=set)
    _written: dict[int, str] = field(default_factory=dict)  # by the entries of a sheet, which pages share

    def __post_init__(self) -> None:
        for case in self.cases:
            hidden = frozenset().union(*(one.covers for one in case.shown)) if case.written else frozenset()
            for one in case.kept:
                if one.of is not None:
                    self._matched.add(one.of)
                if one.target or one.name == "all" or not one.touches <= hidden:
                    self._shows.add(one)

    def declarations(self, one: Selected) -> tuple[Declared, ...]:
        """The declarations of a selector that stay."""
        return tuple(d for d in one.declarations if self._stays(one, d))

    def _stays(self, one: Selected, declared: Declared) -> bool:
        if declared in self.also:
            return True
        if one.inlined and not one.selector.hook and not declared.custom:
            return False
        if self.open or one.selector.hook:
            return True
        return one in self._matched and (
            declared in self.important or declared in self._shows or declared.custom
        )

    def counting(self, found: Sequence[Sheet]) -> bool:
        """Whether kept selectors ask which neighbours, or which contents, an element has."""
        kept = (one.selector for sheet in found for one in sheet.selected if self.declarations(one))
        return any(one.structural or one.has or "empty" in one.pseudos for one in kept)

    def asked(self, found: Sequence[Sheet]) -> frozenset[str]:
        """The attributes that kept selectors ask about."""
        kept = (one for sheet in found for one in sheet.selected if self.declarations(one))
        return frozenset().union(*(one.selector.attributes for one in kept))

    def written(self, sheet: Sheet) -> str:
        """What stays of one sheet, its Liquid hidden."""
        key = id(sheet.entries)
        if key not in self._written:
            self._written[key] = self._made_text(sheet)
        return self._written[key]

    def _made_text(self, sheet: Sheet) -> str:
        parts = list(self._parts(self.ordered(sheet)))
        if not any(text for _, text in parts):
            return ""
        return conditions_written(parts)

    def ordered(self, sheet: Sheet) -> Sequence[Entry]:
        """Layers are resolved: what stands in an earlier one comes first."""
        layered = any(isinstance(e.item, StyleRule) and e.item.layer for e in sheet.entries)
        fixed = any(isinstance(e.item, Control) for e in sheet.entries)
        return sorted(sheet.entries, key=self._place) if layered and not fixed else sheet.entries

    def _place(self, entry: Entry) -> Order:
        return self.layers.place(entry.item.layer) if isinstance(entry.item, StyleRule) else (-1.0,)

    def _parts(self, entries: Sequence[Entry]) -> Iterator[Part]:
        for entry in entries:
            item = entry.item
            if isinstance(item, Named):
                continue
            if not isinstance(item, StyleRule):
                yield item.conditions, item.text
            elif item.opaque:
                if any(one in self._matched or self.open or one.selector.hook for one in entry.selected):
                    names = ",".join(one.written() for one in entry.selected)
                    yield item.conditions, f"{names}{{ {item.opaque}}}"
            else:
                yield from self._rules(entry)

    def _rules(self, entry: Entry) -> Iterator[Part]:
        """The selectors of a rule, those with the same declarations left together again."""
        bodies: dict[str, list[str]] = {}
        for one in entry.selected:
            for made, left in self._weighed(one):
                body = ";".join(self._declaration(d) for d in left)
                bodies.setdefault(body, []).append(one.written(made))
        for body, names in bodies.items():
            yield entry.item.conditions, f"{','.join(dict.fromkeys(names))}{{{body}}}"

    def _weighed(self, one: Selected) -> Iterator[tuple[bool, Sequence[Declared]]]:
        """What stays of a selector; in two rules where what was made important has another weight than the rest."""
        left = self.declarations(one)
        groups = {made: [d for d in left if self._made(d) == made] for made in (True, False)}
        if groups[True] and groups[False] and one.specificity(True) == one.specificity(False):
            yield False, left
            return
        yield from ((made, group) for made, group in groups.items() if group)

    def _made(self, one: Declared) -> bool:
        return one in self.important and not one.declaration.important

    def _declaration(self, one: Declared) -> str:
        important = one.declaration.important or one in self.important
        return f"{one.name}:{one.declaration.value}{' !important' if important else ''}"

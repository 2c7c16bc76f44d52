"""Which selectors can match anything in some pages: what can match nothing is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from mailweave.markup.pieces import without_liquid
from mailweave.markup.selectors import Selector, selector
from mailweave.markup.stylesheet import AtRule, Control, Entry, Rule
from mailweave.markup.tokens import StartTag
from mailweave.markup.tree import Page
from mailweave.markup.unseen import breaks_lines, is_open

_IMPLIED = frozenset({"html", "head", "body", "tbody"})


@dataclass(frozen=True, slots=True)
class Presence:
    """The names that occur in some pages; with `dynamic`, Liquid may write any class or id, with `open`, any element."""

    elements: frozenset[str]
    words: frozenset[str]
    dynamic: bool
    open: bool

    def matches(self, one: Selector) -> bool:
        """Whether a selector could match anything, or names what only a mail client adds."""
        if self.open or one.client_hook:
            return True
        known = self.dynamic or one.required <= self.words
        return known and one.element_names <= self.elements | _IMPLIED


def presence(pages: Iterable[Page]) -> Presence:
    """The names of all elements, classes and ids of some pages."""
    all_pages = list(pages)
    tags = [tag for page in all_pages for _, tag in page.start_tags]
    named = [a.value or "" for tag in tags for a in tag.attributes if a.name in ("class", "id")]
    words = {word for value in named for word in without_liquid(value, " ").split()}
    dynamic = any("{{" in value for value in named) or any(map(_writes_attributes, tags))
    written = {"br" for page in all_pages for _ in breaks_lines(page)}
    elements = frozenset({*written, *(tag.name for tag in tags)})
    return Presence(elements, frozenset(words), dynamic, any(map(is_open, all_pages)))


def _writes_attributes(tag: StartTag) -> bool:
    return any(piece.text.startswith("{{") for piece in tag.pieces)


def used(entry: Entry, there: Presence) -> Entry | None:
    """`entry` without the selectors that can match nothing; None when nothing is left."""
    if isinstance(entry, Rule):
        stay = tuple(s for s in entry.selectors if there.matches(selector(s)))
        return replace(entry, selectors=stay) if stay else None
    if isinstance(entry, AtRule) and entry.entries is not None:
        inner = tuple(kept for kept in (used(e, there) for e in entry.entries) if kept)
        return replace(entry, entries=inner) if any(not isinstance(e, Control) for e in inner) else None
    return entry


def once(entries: Iterable[Entry], decides: Callable[[str], bool]) -> list[str]:
    """Entries as CSS, each once; Liquid tags stand as often as they stand. Nothing, if only conditions are left.

    decides: whether the tag of a `Control` is part of a condition and nothing more.
    """
    found = list(entries)
    if all(isinstance(entry, Control) and decides(entry.text) for entry in found):
        return []
    if any(isinstance(entry, Control) for entry in found):
        return [str(entry) for entry in found]
    return list(dict.fromkeys(map(str, found)))

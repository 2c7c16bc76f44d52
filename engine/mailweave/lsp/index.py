"""Who is who in a campaign: every name of its texts, resolved, with the place that declares it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from mailweave.lsp.campaign_files import File
from mailweave.lsp.liquid_mentions import liquid_mentions
from mailweave.lsp.mentions import Kind, Mention, Symbol
from mailweave.lsp.rule_mentions import rule_mentions
from mailweave.lsp.toml_mentions import block_mentions, campaign_mentions, folders


class Place(NamedTuple):
    """A mention with the file it stands in."""

    file: File
    mention: Mention


@dataclass(frozen=True, slots=True)
class Index:
    """All names of a campaign, by file and by what they stand for. The first of several declarations counts."""

    files: dict[str, File]
    mentions: dict[str, tuple[Mention, ...]]
    declared: dict[Symbol, Place]

    def at(self, path: str, offset: int) -> Mention | None:
        """The name at a place; a caret behind its last character counts."""
        found = [m for m in self.mentions.get(path, ()) if m.span.start <= offset <= m.span.stop]
        return min(found, key=lambda m: (m.symbol.kind == "folder", m.span.stop - m.span.start), default=None)

    def places(self, symbol: Symbol) -> Iterator[Place]:
        """Everywhere a name stands, its declaration included."""
        for path, mentions in self.mentions.items():
            yield from (Place(self.files[path], one) for one in mentions if one.symbol == symbol)

    def named(self, *kinds: Kind, owner: str | None = None) -> Iterator[Place]:
        """What is declared of some kinds, in the order of the texts."""
        for symbol, place in self.declared.items():
            if symbol.kind in kinds and owner in (None, symbol.owner):
                yield place

    def word(self, name: str) -> str:
        """What a name of the rules is called as: `attribute`, `segment`, ..; empty for an unknown one."""
        place = self.declared.get(Symbol("value", name))
        return "" if place is None else place.mention.word

    def folder(self, block: str) -> str:
        """The folder of a block of the rules: the one that campaign.toml names, or its own."""
        return next((used[block] for used in self._uses() if block in used), block)

    def _uses(self) -> Iterator[dict[str, str]]:
        yield from (folders(one.text) for one in self.files.values() if one.role == "settings")


def index_of(files: Sequence[File]) -> Index:
    """The names of these texts. A block of a file that comes first hides another of its name."""
    raw = {one.path: tuple(_mentions(one)) for one in files}
    by_path = {one.path: one for one in files}
    declared = dict(_declared(by_path, raw))
    resolved = {path: tuple(_resolved(m, declared) for m in mentions) for path, mentions in raw.items()}
    return Index(by_path, resolved, declared)


def _mentions(file: File) -> Iterable[Mention]:
    match file.role:
        case "rules":
            return rule_mentions(file.text)
        case "settings":
            return campaign_mentions(file.text)
        case "block":
            found = block_mentions(file.text, file.block)
            return found if file.own else (m for m in found if m.declares)  # what a sample names is nobody's
        case "template":
            return (_owned(m, file.block) for m in liquid_mentions(file.text))


def _owned(mention: Mention, block: str) -> Mention:
    """An input that a template reads is of the block whose template it is."""
    if mention.symbol.kind != "input":
        return mention
    return replace(mention, symbol=mention.symbol._replace(owner=block))


def _declared(files: dict[str, File], raw: dict[str, tuple[Mention, ...]]) -> Iterator[tuple[Symbol, Place]]:
    seen: set[Symbol] = set()
    for path, mentions in raw.items():
        for one in mentions:
            if one.declares and one.symbol not in seen:
                seen.add(one.symbol)
                yield one.symbol, Place(files[path], one)


def _resolved(mention: Mention, declared: dict[Symbol, Place]) -> Mention:
    """A mention with what it stands for, now that all declarations are known."""
    kind, name, owner = mention.symbol
    if kind == "answer":
        is_slot = Symbol("slot", name) in declared
        return replace(mention, symbol=Symbol("slot" if is_slot else "value", name))
    if kind == "line" and not mention.declares and Symbol("slot", owner) in declared:
        return replace(mention, symbol=Symbol("block", name))
    if kind == "value" and mention.within and Symbol("field", name, mention.within) in declared:
        return replace(mention, symbol=Symbol("field", name, mention.within))
    if kind == "value" and mention.symbol not in declared:
        return replace(mention, symbol=_line(name, declared) or mention.symbol)
    return mention


def _line(name: str, declared: dict[Symbol, Place]) -> Symbol | None:
    """The line of a tier of this name, where there is only one."""
    found = [symbol for symbol in declared if symbol.kind == "line" and symbol.name == name]
    return found[0] if len(found) == 1 else None

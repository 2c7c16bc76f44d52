"""Answers in the protocol's own words: what each request of an editor gives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from lsprotocol import types as t

from mailweave.glossary import meanings
from mailweave.lsp.campaign_files import File
from mailweave.lsp.candidates import Candidate, Completion
from mailweave.lsp.changes import uri_of
from mailweave.lsp.descriptions import described
from mailweave.lsp.desk import Desk
from mailweave.lsp.index import Index, Place
from mailweave.lsp.liquid_completion import complete_liquid
from mailweave.lsp.mentions import Mention
from mailweave.lsp.outline import Item, outline
from mailweave.lsp.rule_completion import complete_rules
from mailweave.lsp.texts import Text
from mailweave.lsp.toml_completion import complete_settings
from mailweave.lsp.toml_scan import entries
from mailweave.rules.reserved import reserved
from mailweave.source import Span

_SORTS: Final[Mapping[str, t.CompletionItemKind]] = {
    "attribute": t.CompletionItemKind.Field,
    "name": t.CompletionItemKind.Variable,
    "block": t.CompletionItemKind.Module,
    "input": t.CompletionItemKind.Property,
    "filter": t.CompletionItemKind.Function,
    "word": t.CompletionItemKind.Keyword,
    "type": t.CompletionItemKind.TypeParameter,
    "setting": t.CompletionItemKind.Property,
    "member": t.CompletionItemKind.EnumMember,
}
_ITEMS: Final[Mapping[str, t.SymbolKind]] = {
    "statement": t.SymbolKind.Namespace,
    "data": t.SymbolKind.Struct,
    "people": t.SymbolKind.Class,
    "content": t.SymbolKind.Object,
    "test": t.SymbolKind.Method,
    "key": t.SymbolKind.Field,
    "table": t.SymbolKind.Module,
    "slot": t.SymbolKind.Interface,
}


def completion(desk: Desk, path: str, position: t.Position) -> t.CompletionList:
    """What may stand at a place, each with its documents."""
    text = desk.text(path)
    offset = text.offset(position)
    index = desk.index(desk.unit(path))
    file = index.files.get(path)
    if file is None:
        return t.CompletionList(False, [])
    found = _complete(index, file, text.text, offset)
    range = text.range(found.replaces)
    return t.CompletionList(False, [_item(one, range, n) for n, one in enumerate(found.candidates)])


def _complete(index: Index, file: File, text: str, offset: int) -> Completion:
    match file.role:
        case "rules":
            return complete_rules(index, text, offset)
        case "settings" | "block":
            return complete_settings(index, file, offset)
        case "template":
            return complete_liquid(index, text, offset, file.block)


def _item(one: Candidate, range: t.Range, number: int) -> t.CompletionItem:
    return t.CompletionItem(
        label=one.label,
        kind=_SORTS[one.sort],
        detail=one.detail or None,
        documentation=t.MarkupContent(t.MarkupKind.Markdown, one.words) if one.words else None,
        sort_text=f"{number:04d}",
        text_edit=t.TextEdit(range, one.label),
    )


def hover(desk: Desk, path: str, position: t.Position) -> t.Hover | None:
    """What stands at a place: its declaration, its type, its meaning; of a word of the language what it says."""
    text, index = desk.text(path), desk.index(desk.unit(path))
    offset = text.offset(position)
    mention = index.at(path, offset)
    if mention is not None:
        words = described(index, mention.symbol, desk.types.get(desk.unit(path)))
        if words:
            return t.Hover(t.MarkupContent(t.MarkupKind.Markdown, words), text.range(mention.span))
    file = index.files.get(path)
    found = None if file is None else _word(file, text.text, offset)
    if found is None:
        return None
    return t.Hover(t.MarkupContent(t.MarkupKind.Markdown, found[1]), text.range(found[0]))


def _word(file: File, text: str, offset: int) -> tuple[Span, str] | None:
    """A word of the language, or a key of the settings, with what it means."""
    if file.role in ("settings", "block"):
        known = meanings("settings") if file.role == "settings" else {}
        one = next((e for e in entries(text) if e.key.start <= offset <= e.key.stop), None)
        names = () if one is None else (".".join(one.path), ".".join(one.path[:1] + one.path[2:]))
        return next(((one.key, known[name]) for name in names if one and name in known), None)
    start = stop = offset
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while stop < len(text) and (text[stop].isalnum() or text[stop] == "_"):
        stop += 1
    word = text[start:stop]
    if (
        file.role != "rules"
        or word not in reserved()
        or text[text.rfind("\n", 0, start) + 1 : start].count('"') % 2
    ):
        return None
    return Span(start, stop), f"**{word}**\n\n{meanings('rules')[word]}"


def definition(desk: Desk, path: str, position: t.Position) -> list[t.Location]:
    """Where the name at a place is declared; of a snippet its files."""
    index = desk.index(desk.unit(path))
    mention = index.at(path, desk.text(path).offset(position))
    if mention is None:
        return []
    if mention.symbol.kind == "snippet":
        ends = tuple(f"/snippets/{mention.symbol.name}{form}" for form in (".html", ".txt", ".liquid"))
        start = t.Range(t.Position(0, 0), t.Position(0, 0))
        return [t.Location(uri_of(file), start) for file in index.files if file.endswith(ends)]
    place = index.declared.get(mention.symbol)
    return [] if place is None else [_location(desk, place)]


def references(desk: Desk, path: str, position: t.Position, *, declaration: bool) -> list[t.Location]:
    """Everywhere the name at a place stands."""
    index = desk.index(desk.unit(path))
    mention = index.at(path, desk.text(path).offset(position))
    if mention is None:
        return []
    found = (one for one in index.places(mention.symbol) if declaration or not one.mention.declares)
    return [_location(desk, one) for one in found]


def _location(desk: Desk, place: Place) -> t.Location:
    path = place.file.path
    text = desk.text(path) if desk.is_open(path) else Text(place.file.text)
    return t.Location(uri_of(path), text.range(place.mention.span))


def mention_at(desk: Desk, path: str, position: t.Position) -> Mention | None:
    """The name at a place."""
    return desk.index(desk.unit(path)).at(path, desk.text(path).offset(position))


def symbols(desk: Desk, path: str) -> list[t.DocumentSymbol]:
    """The outline of a file."""
    file = desk.index(desk.unit(path)).files.get(path)
    return [] if file is None else [_symbol(Text(file.text), one) for one in outline(file)]


def _symbol(text: Text, one: Item) -> t.DocumentSymbol:
    below = [_symbol(text, each) for each in one.below]
    return t.DocumentSymbol(
        one.name or one.detail,
        _ITEMS[one.sort],
        text.range(one.span),
        text.range(one.name_span),
        detail=one.detail or None,
        children=below or None,
    )

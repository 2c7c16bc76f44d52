"""Answers in the protocol's own words: what each request of an editor gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lsprotocol import types as t
from pygls import uris

from mailweave.diagnostics import RuleError
from mailweave.glossary import meanings
from mailweave.lsp.campaign_files import File
from mailweave.lsp.candidates import Candidate, Completion
from mailweave.lsp.descriptions import described
from mailweave.lsp.desk import Desk
from mailweave.lsp.findings import Found, Mend, Range
from mailweave.lsp.index import Index, Place
from mailweave.lsp.liquid_completion import complete_liquid
from mailweave.lsp.mentions import Mention
from mailweave.lsp.outline import Item, outline
from mailweave.lsp.renaming import Rename
from mailweave.lsp.rule_completion import complete_rules
from mailweave.lsp.texts import Text
from mailweave.lsp.toml_completion import complete_settings
from mailweave.lsp.toml_scan import entries
from mailweave.rules.formatter import format_source
from mailweave.rules.reserved import reserved
from mailweave.source import Source, Span

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
_SEVERITIES: Final[Mapping[str, t.DiagnosticSeverity]] = {
    "error": t.DiagnosticSeverity.Error,
    "warning": t.DiagnosticSeverity.Warning,
    "note": t.DiagnosticSeverity.Information,
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
        return [t.Location(_uri(file), start) for file in index.files if file.endswith(ends)]
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
    return t.Location(_uri(path), text.range(place.mention.span))


def _uri(path: str) -> str:
    return uris.from_fs_path(path) or f"file://{path}"


def mention_at(desk: Desk, path: str, position: t.Position) -> Mention | None:
    """The name at a place."""
    return desk.index(desk.unit(path)).at(path, desk.text(path).offset(position))


def workspace_edit(desk: Desk, made: Rename) -> t.WorkspaceEdit:
    """The edits of a rename, file by file."""
    changes: dict[str, list[t.TextEdit]] = {}
    for one in made.edits:
        place = t.TextEdit(desk.text(one.path).range(one.span), one.text)
        changes.setdefault(_uri(one.path), []).append(place)
    return t.WorkspaceEdit(changes=changes)


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


def formatted(desk: Desk, path: str) -> list[t.TextEdit]:
    """What brings a rule text into its canonical form; nothing where it does not parse, or is no rule text."""
    text = desk.text(path)
    if not path.endswith(".rules"):
        return []
    try:
        after = format_source(Source(path, text.text))
    except RuleError:
        return []
    return [] if after == text.text else list(_changes(text, after))


def _changes(text: Text, after: str) -> Iterator[t.TextEdit]:
    """The lines that differ, and no others: carets and folds of the rest stay."""
    before, lines = text.text.splitlines(keepends=True), after.splitlines(keepends=True)
    same = 0
    while same < min(len(before), len(lines)) and before[same] == lines[same]:
        same += 1
    ends = 0
    while ends < min(len(before), len(lines)) - same and before[-1 - ends] == lines[-1 - ends]:
        ends += 1
    start = sum(map(len, before[:same]))
    stop = len(text.text) - sum(map(len, before[len(before) - ends :]))
    yield t.TextEdit(text.range(Span(start, stop)), "".join(lines[same : len(lines) - ends]))


def diagnostics(found: Iterable[Found]) -> list[t.Diagnostic]:
    """Findings as editors show them."""
    return [
        t.Diagnostic(
            range=_range(one.range),
            severity=_SEVERITIES[one.severity],
            code=one.code,
            source="mailweave",
            message=f"{one.message}\n{one.help}" if one.help else one.message,
            related_information=[
                t.DiagnosticRelatedInformation(t.Location(_uri(each.path), _range(each.range)), each.message)
                for each in one.related
            ]
            or None,
            data={"name": one.name},
        )
        for one in found
    ]


def _range(range: Range) -> t.Range:
    return t.Range(t.Position(range[0], range[1]), t.Position(range[2], range[3]))


def quick_fixes(desk: Desk, path: str, asked: t.Range, found: Iterable[Found]) -> list[t.CodeAction]:
    """What mends the findings in a range: those whose text still stands as it was judged."""
    text = desk.text(path)
    span = text.span(asked)
    actions = []
    for one in found:
        mend, at = one.mend, text.span(_range(one.range))
        if mend is None or at.stop < span.start or at.start > span.stop:
            continue
        if mend.path == path and _stands(text, mend):
            edit = t.WorkspaceEdit(changes={_uri(path): [t.TextEdit(_range(mend.range), mend.text)]})
            title = f"Replace with `{mend.text}`" if mend.text else "Take it out"
            actions.append(
                t.CodeAction(
                    title,
                    kind=t.CodeActionKind.QuickFix,
                    diagnostics=diagnostics([one]),
                    is_preferred=mend.sure,
                    edit=edit,
                )
            )
    return actions


def _stands(text: Text, mend: Mend) -> bool:
    span = text.span(_range(mend.range))
    return text.text[span.start : span.stop] == mend.replaces

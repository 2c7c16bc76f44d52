"""Renaming: all places of a name in a campaign's own files at once, or a refusal that says why not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lsp.campaign_files import File
from mailweave.lsp.index import Index, Place
from mailweave.lsp.liquid_mentions import paths
from mailweave.lsp.liquid_scan import markup
from mailweave.lsp.mentions import Symbol
from mailweave.lsp.reports import Renamed
from mailweave.lsp.toml_mentions import liquid_places
from mailweave.rules.reserved import reserved
from mailweave.source import Span

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WORDS: Final = ("attribute", "let", "segment", "tier")
_ROOTS: Final[Mapping[str, str]] = {"let": "let", "constant": "campaign.values", "input": "block"}


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement in a file."""

    path: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Rename:
    """All edits of a rename, and what is to be proved of it before it is made."""

    edits: tuple[Edit, ...]
    proof: Renamed


def refusal(index: Index, symbol: Symbol) -> Diagnostic | None:
    """Why a name is not one that can be renamed; None where it is."""
    what = f"the {symbol.kind} `{symbol.name}`"
    place = index.declared.get(symbol)
    if place is None:
        return diagnose("MW678", what=what, why="nothing in this campaign declares it")
    what = f"the {place.mention.word} `{symbol.name}`"
    if symbol.kind == "value" and place.mention.word not in _WORDS:
        return diagnose("MW678", what=what, why="data and other systems know it by this name")
    if symbol.kind not in ("value", "parameter", "let", "constant", "input"):
        return diagnose("MW678", what=what, why="reports, folders or data know it by this name")
    others = [one.file for one in index.places(symbol) if not one.file.own]
    if others:
        return diagnose(
            "MW678", what=what, why="it stands in a library or a stock block, which others use as well"
        )
    return None


def renamed(index: Index, unit: str, symbol: Symbol, new: str) -> Rename | Diagnostic:
    """The edits that rename a symbol everywhere, or why it is not done."""
    refused = refusal(index, symbol) or _unusable(index, symbol, new) or _unseen(index, symbol)
    if refused is not None:
        return refused
    edits = tuple(_edits(index, symbol, new))
    before = {one.path: one.text for one in index.files.values() if one.own}
    return Rename(
        edits,
        Renamed(unit, before, {**before, **edited(before, edits)}, _root(index, symbol), symbol.name, new),
    )


def edited(texts: Mapping[str, str], edits: tuple[Edit, ...]) -> dict[str, str]:
    """The texts that edits change, changed."""
    made = {edit.path: texts[edit.path] for edit in edits}
    for edit in sorted(edits, key=lambda one: one.span, reverse=True):
        text = made[edit.path]
        made[edit.path] = text[: edit.span.start] + edit.text + text[edit.span.stop :]
    return made


def _unusable(index: Index, symbol: Symbol, new: str) -> Diagnostic | None:
    """Why a name cannot be taken: it is none, it is a word of the language, or something has it."""
    why = ""
    if not _NAME.fullmatch(new):
        why = "a name begins with a letter or `_`, and has letters, figures and `_`"
    elif symbol.kind in ("value", "parameter") and new in reserved():
        why = "it is a word of the language"
    elif symbol.kind in ("value", "parameter") and _stands(index, new):
        why = "a member of an enum is written so, and one of the two would be read as the other"
    elif any(_meet(symbol, one.symbol, new) for mentions in index.mentions.values() for one in mentions):
        why = "something is called so already"
    return diagnose("MW680", name=new, why=why) if why else None


def _meet(symbol: Symbol, other: Symbol, new: str) -> bool:
    bare = ("value", "parameter", "field", "line")  # names that stand bare in expressions
    alike = (symbol.kind, symbol.owner) == (other.kind, other.owner)
    return (alike or (symbol.kind in bare and other.kind in bare)) and other.name.casefold() == new.casefold()


def _stands(index: Index, new: str) -> bool:
    """Whether a word stands in an enum that rules declare: opposite one, a bare name is its member."""
    enums = re.compile(r"\benum\s*\(([^)]*)\)")
    texts = (one.text for one in index.files.values() if one.role == "rules")
    return any(new in re.findall(r"\w+", found[1]) for text in texts for found in enums.finditer(text))


def _root(index: Index, symbol: Symbol) -> str:
    if symbol.kind == "value":
        return "profile" if index.word(symbol.name) == "attribute" else ""
    return _ROOTS.get(symbol.kind, "")


def _unseen(index: Index, symbol: Symbol) -> Diagnostic | None:
    """Where Liquid reads all members of what the name belongs to, or one that only the data name."""
    root = tuple(_root(index, symbol).split("."))
    for file, span, text in _templates(index):
        if symbol.kind == "input" and file.role != "settings" and file.block not in ("", symbol.owner):
            continue
        for one in markup(text):
            for path in paths(text, one):
                whole = path.names[: len(root)] == root
                if (
                    root != ("",)
                    and whole
                    and (len(path.names) == len(root) or path.names[len(root)] == "[]")
                ):
                    why = f"{file.path.rpartition('/')[2]} reads `{'.'.join(root)}` as a whole, or by a name that data hold"
                    source_span = path.steps[0][1].shifted(span.start)
                    return diagnose(
                        "MW679", place=f"{file.path}:{source_span.start}", name=symbol.name, why=why
                    )
    return None


def _templates(index: Index) -> Iterator[tuple[File, Span, str]]:
    """The texts of a campaign that hold Liquid, each with its place in its file."""
    for file in index.files.values():
        if file.role == "template":
            yield file, Span(0, 0), file.text
        elif file.role in ("settings", "block") and file.own:
            yield from ((file, at, file.text[at.start : at.stop]) for at in liquid_places(file.text))
        elif file.role == "rules":
            for found in re.finditer(r'"(?:\\.|[^"\\\n])*"', file.text):
                if "{" in found[0]:
                    yield file, Span(*found.span()), re.sub(r"\\.", "  ", found[0])


def _edits(index: Index, symbol: Symbol, new: str) -> Iterator[Edit]:
    for place in index.places(symbol):
        yield Edit(place.file.path, place.mention.span, new)
        if place.mention.declares and place.mention.word == "attribute":
            yield from _column(place)


def _column(place: Place) -> Iterator[Edit]:
    """What keeps the data of an attribute: its name there stays the old one."""
    whole = place.mention.whole or place.mention.span
    written = place.file.text[whole.start : whole.stop]
    if not re.search(r'\bfrom\s+"', re.sub(r"#[^\n]*", "", written)):
        yield Edit(place.file.path, Span(whole.stop, whole.stop), f' from "{place.mention.symbol.name}"')

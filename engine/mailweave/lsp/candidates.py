"""What may stand at a caret."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, TypeAlias

from mailweave.glossary import Group, meanings
from mailweave.lsp.descriptions import described
from mailweave.lsp.index import Index, Place
from mailweave.source import Span

Sort: TypeAlias = Literal[
    "attribute", "name", "block", "input", "filter", "word", "type", "setting", "member"
]


class Candidate(NamedTuple):
    """A word that may stand at the caret. `detail`: a few signs beside it; `words`: its documents, as Markdown."""

    label: str
    sort: Sort
    detail: str = ""
    words: str = ""


class Completion(NamedTuple):
    """Candidates, and the part of the text that one of them takes the place of."""

    candidates: tuple[Candidate, ...]
    replaces: Span


def of_words(group: Group, names: Iterable[str], sort: Sort = "word") -> Iterator[Candidate]:
    """Words of the language, with what they mean."""
    known = meanings(group)
    yield from (Candidate(name, sort, "", known.get(name.split()[0], "")) for name in names)


def of_places(index: Index, places: Iterable[Place]) -> Iterator[Candidate]:
    """Declared names, with their declarations."""
    for place in places:
        symbol, word = place.mention.symbol, place.mention.word
        sort: Sort = "attribute" if word == "attribute" else "name"
        sort = {"block": "block", "input": "input"}.get(symbol.kind, sort)  # type: ignore[assignment]  # texts of Sort
        yield Candidate(symbol.name, sort, word, described(index, symbol))


def word_before(text: str, offset: int, also: str = "") -> Span:
    """The word that the caret stands behind, as far as it is written."""
    start = offset
    while start and (text[start - 1].isalnum() or text[start - 1] == "_" or text[start - 1] in also):
        start -= 1
    return Span(start, offset)

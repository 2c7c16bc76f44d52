"""What may stand at a caret in Liquid: tags, filters, and the data, member by member."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.glossary import meanings
from mailweave.liquid.filters.catalog import our_filters
from mailweave.lsp.candidates import Candidate, Completion, of_places, of_words, word_before
from mailweave.lsp.descriptions import filter_words
from mailweave.lsp.index import Index
from mailweave.lsp.liquid_data import full_path, members
from mailweave.lsp.liquid_scan import Markup, Word, markup, words
from mailweave.source import Span

_ENDS = ("if", "unless", "for", "case", "capture", "comment", "raw", "tablerow", "ifchanged", "doc")


def complete_liquid(
    index: Index, text: str, offset: int, block: str, inside: Span | None = None
) -> Completion:
    """What may stand at an offset of a template. `block`: whose template it is; `inside`: the text that is one."""
    within = inside or Span(0, len(text))
    own = text[within.start : within.stop]
    at = offset - within.start
    one = next(
        (m for m in markup(own) if m.span.start + 1 < at and at <= max(m.inner.stop, m.name_span.stop)), None
    )
    if one is None or not within.start <= offset <= within.stop:
        return Completion((), Span(offset, offset))
    word = word_before(own, at)
    found = {each.label: each for each in _candidates(index, own, one, word, block)}
    return Completion(tuple(found.values()), word.shifted(within.start))


def _candidates(index: Index, text: str, one: Markup, word: Span, block: str) -> Iterator[Candidate]:
    before = [each for each in words(text, one.inner) if each.span.start < word.start]
    last = before[-1] if before else None
    if text.startswith("{%", one.span.start) and (not one.name or word.start <= one.name_span.start):
        yield from of_words("tags", [*meanings("tags"), *(f"end{name}" for name in _ENDS)])
    elif last is not None and last.kind == "text" and last.span.stop > word.start:
        yield from _in_quotes(index, one)
    elif last is not None and last.text == "|":
        yield from (Candidate(name, "filter", "", filter_words(name)) for name in our_filters())
    elif last is not None and last.text == ".":
        path = full_path(text, one.span.start, tuple(_path(before)))
        for member in members(index, path, block):
            yield Candidate(member.name, "attribute", member.detail, member.words)
    else:
        yield from (Candidate(name, "name", "", "") for name in _locals(text, one))
        yield from (Candidate(m.name, "name", m.detail, m.words) for m in members(index, (), block))


def _in_quotes(index: Index, one: Markup) -> Iterator[Candidate]:
    """The names of slots, and of snippets."""
    if one.name == "slot":
        yield from of_places(index, index.named("slot"))
    elif one.name in ("render", "include"):
        for path in index.files:
            folder, _, name = path.rpartition("/")
            if folder.endswith("/snippets"):
                yield Candidate(name.rpartition(".")[0], "name", "snippet")


def _path(before: list[Word]) -> Iterator[str]:
    """The names of the path that ends with the point before the caret."""
    names: list[str] = []
    at = len(before) - 1
    while at > 0 and before[at].text == ".":
        if before[at - 1].text == "]":
            opening = next((n for n in range(at - 1, 0, -1) if before[n].text == "["), 0)
            names.append("[]")
            at = opening - 1
            names.append(before[at].text)
            at -= 1
        else:
            names.append(before[at - 1].text)
            at -= 2
    yield from reversed(names)


def _locals(text: str, one: Markup) -> Iterator[str]:
    """The names that the template has given above."""
    for each in markup(text):
        if each.span.start >= one.span.start:
            return
        first = next(words(text, each.inner), None)
        if (
            each.name in ("for", "assign", "capture", "tablerow")
            and first is not None
            and first.kind == "name"
        ):
            yield first.text

"""The names in Liquid: paths into the data, filters, slots, snippets, and what a template names itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailweave.lsp.liquid_scan import Markup, Word, markup, words
from mailweave.lsp.mentions import Kind, Mention, Symbol
from mailweave.source import Span

_ROOTS: dict[str, Kind] = {
    "profile": "value",
    "events": "value",
    "lists": "list",
    "scores": "score",
    "arms": "experiment",
    "let": "let",
    "block": "input",
}
_OPERATORS = frozenset(
    {"and", "or", "not", "contains", "in", "with", "as", "reversed", "true", "false", "nil", "null"}
)
_OPERATORS |= frozenset({"blank", "empty", "limit", "offset", "cols"})
_NAMES = frozenset({"slot", "render", "include"})


@dataclass(frozen=True, slots=True)
class Path:
    """A path such as `profile.first_name`: its names, each with its place. An index in brackets has the name `[]`."""

    steps: tuple[tuple[str, Span], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.steps)


def liquid_mentions(text: str) -> Iterator[Mention]:
    """Every name in a template that leads out of it. Inputs have no owner yet: the file says whose they are."""
    for one in markup(text):
        if one.name in _NAMES:
            yield from _named(text, one)
        yield from _filters(text, one)
        for path in paths(text, one):
            mention = _mention(path)
            if mention is not None:
                yield mention


def _named(text: str, one: Markup) -> Iterator[Mention]:
    first = next(words(text, one.inner), None)
    if first is not None and first.kind == "text":
        kind: Kind = "slot" if one.name == "slot" else "snippet"
        yield Mention(Symbol(kind, first.text.strip("\"'")), _bare(first))


def _bare(word: Word) -> Span:
    """A text without its quotes."""
    end = word.span.stop - (len(word.text) > 1 and word.text[-1] == word.text[0])
    return Span(word.span.start + 1, end)


def _filters(text: str, one: Markup) -> Iterator[Mention]:
    before = ""
    for word in words(text, one.inner):
        if before == "|" and word.kind == "name":
            yield Mention(Symbol("filter", word.text), word.span)
        before = word.text


def _mention(path: Path) -> Mention | None:
    names = path.names
    if len(names) > 1 and names[0] in _ROOTS:
        return Mention(Symbol(_ROOTS[names[0]], names[1]), path.steps[1][1])
    if names[:2] == ("campaign", "values") and len(names) > 2:
        return Mention(Symbol("constant", names[2]), path.steps[2][1])
    return None


def paths(text: str, one: Markup) -> Iterator[Path]:
    """The paths that a tag or an output reads; names of filters, of arguments and of operators are none."""
    found = list(words(text, one.inner))
    at = 0
    while at < len(found):
        word = found[at]
        is_filter = at > 0 and found[at - 1].text == "|"
        is_argument = at + 1 < len(found) and found[at + 1].text == ":"
        if word.kind == "name" and not is_filter and not is_argument and word.text not in _OPERATORS:
            steps, at = _steps(found, at)
            yield Path(tuple(steps))
        else:
            at += 1


def _steps(found: list[Word], at: int) -> tuple[list[tuple[str, Span]], int]:
    """The names of a path that begins here, and where what follows it stands."""
    steps, at = [(found[at].text, found[at].span)], at + 1
    while at < len(found):
        follows = found[at + 1] if at + 1 < len(found) else None
        touches = found[at].span.start == found[at - 1].span.stop
        if found[at].text == "." and touches and follows is not None and follows.kind == "name":
            steps.append((follows.text, follows.span))
            at += 2
        elif found[at].text == "[" and follows is not None:
            name = follows.text.strip("\"'") if follows.kind == "text" else "[]"
            steps.append((name, _bare(follows) if follows.kind == "text" else follows.span))
            at = next((n + 1 for n in range(at, len(found)) if found[n].text == "]"), len(found))
        else:
            break
    return steps, at

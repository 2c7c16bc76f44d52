"""What Liquid can read at a place: the members of a path, with what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from mailweave.glossary import meanings
from mailweave.lsp.descriptions import described
from mailweave.lsp.index import Index, Place
from mailweave.lsp.liquid_mentions import paths
from mailweave.lsp.liquid_scan import markup, words
from mailweave.lsp.mentions import Kind, Symbol

_MEMBERS: dict[str, tuple[Kind, str]] = {
    "profile": ("value", "attribute"),
    "events": ("value", "event"),
    "lists": ("list", ""),
    "scores": ("score", ""),
    "arms": ("experiment", ""),
    "let": ("let", ""),
}
_CAMPAIGN = (
    "name",
    "locale",
    "currency",
    "timezone",
    "dir",
    "sender",
    "postal_address",
    "unsubscribe_url",
    "theme",
)
_LIST = re.compile(r"list\s+\w+\s+of\s+(\w+)")


class Member(NamedTuple):
    """A name that may follow, and what declares it."""

    name: str
    detail: str
    words: str


def members(index: Index, path: tuple[str, ...], block: str) -> Iterator[Member]:
    """What may stand behind a path; all roots for an empty one. `block`: whose template it is."""
    match path:
        case ():
            yield from (Member(name, "", words) for name, words in meanings("data").items())
        case ("block",):
            yield from (_member(index, one) for one in index.named("input", owner=block))
        case ("campaign",):
            yield from (Member(name, "", "") for name in (*_CAMPAIGN, "values", "t"))
        case ("campaign", "values"):
            yield from (_member(index, one) for one in index.named("constant"))
        case ("mail",):
            yield from (Member(name, "", "") for name in ("subject", "filled"))
        case ("offer",):
            yield Member("expires", "", meanings("rules")["expires"])
        case ("events", name, "last"):
            yield from (_member(index, one) for one in index.named("field", owner=name))
            yield Member("at", "instant", "when it was")
        case ("events", _):
            yield Member("last", "", "the newest event of this type")
        case (root,) if root in _MEMBERS:
            kind, word = _MEMBERS[root]
            yield from (_member(index, one) for one in index.named(kind) if word in ("", one.mention.word))
        case _:  # an item of a list
            yield from (_member(index, one) for one in index.named("field", owner=_record(index, path)))


def _record(index: Index, path: tuple[str, ...]) -> str:
    """The catalogue, or the attribute, whose records an item of a list is."""
    if path[0] == "lists" and len(path) > 2:
        place = index.declared.get(Symbol("list", path[1]))
        found = None if place is None or place.mention.whole is None else _LIST.match(_text(place))
        return found[1] if found else "\0"
    return path[1] if path[0] == "profile" and len(path) > 2 else "\0"


def _text(place: Place) -> str:
    whole = place.mention.whole or place.mention.span
    return place.file.text[whole.start : whole.stop]


def _member(index: Index, place: Place) -> Member:
    symbol = place.mention.symbol
    line = " ".join(_text(place).split())
    return Member(symbol.name, line if place.file.role == "rules" else symbol.kind, described(index, symbol))


def full_path(text: str, offset: int, path: tuple[str, ...]) -> tuple[str, ...]:
    """A path with the names that the template gave above replaced by what they stand for.

    >>> full_path("{% for one in lists.for_you %}{{ one.x }}", 33, ("one", "x"))
    ('lists', 'for_you', '[]', 'x')
    """
    for _ in range(8):  # a name may stand for a path that begins with another one
        meant = _meant(text, offset, path[0]) if path else None
        if meant is None:
            return path
        path = (*meant, *path[1:])
    return path


def _meant(text: str, offset: int, name: str) -> tuple[str, ...] | None:
    found = None
    for one in markup(text):
        if one.span.start >= offset:
            break
        first = next(words(text, one.inner), None)
        if one.name in ("for", "tablerow", "assign") and first is not None and first.text == name:
            read = [path.names for path in paths(text, one) if path.steps[0][1] != first.span]
            if read and read[0][0] != name:
                found = (*read[0], "[]") if one.name != "assign" else read[0]
    return found

"""Places of slots that may stay empty: what surrounds one and nothing else goes with it, so that no gap is left."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from mailweave.markup.tokens import VOID, Comment, EndTag, LiquidToken, StartTag, Text, Token, tokenize
from mailweave.source import Span

_KEPT = frozenset({"html", "body", "td", "th", "caption"})
"""Elements that stay: without a cell, those beside it would move."""
_CONDITIONAL = re.compile(r"<!--\[if\b|<!\[endif\]", re.I)


@dataclass(slots=True)
class _Element:
    """An element of a layout, or the tag of a slot. slots: those in it. is_bare: it holds nothing beside them."""

    name: str
    start: int
    stop: int = 0
    slots: set[str] = field(default_factory=set)
    is_bare: bool = True
    inside: list[_Element] = field(default_factory=list)


def closing_up(layout: str, optional: Collection[str]) -> str:
    """A layout in which each element that holds nothing but optional slots is left out where they are empty.

    What stands alone on its lines takes its line ends along. A cell stays, unless it goes with its row.

    >>> closing_up('<tr><td>{% slot "a" %}</td></tr>', ["a"])
    '{% if mail.filled["a"] %}<tr><td>{% slot "a" %}</td></tr>{% endif %}'
    """
    if not optional:
        return layout
    edits: list[tuple[int, str]] = []
    for element in _outer(_tree(layout, optional), frozenset()):
        span = _with_lines(layout, element.start, element.stop)
        shown = " or ".join(f'mail.filled["{name}"]' for name in sorted(element.slots))
        edits += [(span.start, f"{{% if {shown} %}}"), (span.stop, "{% endif %}")]
    out, at = [], 0
    for place, text in sorted(edits, key=lambda edit: edit[0]):
        out += [layout[at:place], text]
        at = place
    return "".join((*out, layout[at:]))


def _outer(element: _Element, around: frozenset[str]) -> Iterator[_Element]:
    """The widest elements that hold each set of slots and nothing else."""
    own = frozenset(element.slots)
    if element.is_bare and element.name not in _KEPT and own and own != around:
        yield element
        around = own
    for each in element.inside:
        yield from _outer(each, around)


def _tree(layout: str, optional: Collection[str]) -> _Element:
    """The elements of a layout that hold optional slots, in one that stands for the whole text."""
    root = _Element("", 0, len(layout), is_bare=False)
    open_ = [root]
    for token in tokenize(layout):
        match token:
            case StartTag(name) if name not in VOID and not token.self_closing:
                open_.append(_Element(name, token.span.start, is_bare=not token.pieces))
            case EndTag(name) if any(element.name == name for element in open_[1:]):
                while _closed(open_, token).name != name:
                    pass
            case LiquidToken(piece) if piece.slot in optional:
                tag = _Element("slot", token.span.start, token.span.stop, {str(piece.slot)})
                open_[-1].inside.append(tag)
                open_[-1].slots |= tag.slots
            case _:  # words, comments and other tags: what is not blank is not bare
                open_[-1].is_bare = open_[-1].is_bare and _is_blank(token, layout)
    while len(open_) > 1:
        _closed(open_, None)
    return root


def _closed(open_: list[_Element], by: EndTag | None) -> _Element:
    """Takes the innermost open element off, and adds it to the one around it, where it holds a slot.

    One that no tag of its own closes has no certain end, and stays.
    """
    element, around = open_.pop(), open_[-1]
    is_sure = by is not None and by.name == element.name
    element.stop = by.span.stop if by is not None else 0
    element.is_bare = element.is_bare and is_sure
    around.slots |= element.slots
    around.is_bare = around.is_bare and element.is_bare and bool(element.slots)
    if element.slots:
        around.inside.append(element)
    return element


def _is_blank(token: Token, layout: str) -> bool:
    """White space, and comments that no client reads."""
    text = layout[token.span.start : token.span.stop]
    if isinstance(token, Text):
        return not text.strip()
    return isinstance(token, Comment) and not _CONDITIONAL.match(text)


def _with_lines(layout: str, start: int, stop: int) -> Span:
    """A stretch with the line that it stands alone on."""
    before, behind = re.search(r"[ \t]*\Z", layout[:start]), re.compile(r"[ \t]*\n").match(layout, stop)
    assert before is not None
    begins = before.start() == 0 or layout[before.start() - 1] == "\n"
    return Span(before.start(), behind.end()) if begins and behind is not None else Span(start, stop)

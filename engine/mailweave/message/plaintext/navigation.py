"""Navigation that stands before the content of a page or block: moved behind it, or marked to be moved in a whole mail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.element import PageElement

from mailweave.markup.pieces import Piece
from mailweave.message.navigation import LINK, NAVIGATION
from mailweave.message.plaintext.element_content import HEADINGS, HOLDERS, Reading, is_text
from mailweave.message.plaintext.liquid import writes

_PREHEADER = "preheader"  # a slot of that name holds what no reader of the text sees
STATEFUL = frozenset(
    {"assign", "capture", "increment", "decrement", "cycle", "ifchanged", "liquid", "break", "include"}
)
"""Tags that change what Liquid behind them means."""

_EVERY = frozenset({"continue", "slot", "render", *STATEFUL})


@dataclass(frozen=True, slots=True)
class _Lead:
    """An element before all certain content, the `sign` that begins it in a text, and whether it is `behind` a slot or
    words that stand under a condition."""

    element: Tag
    sign: str
    behind: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """The leads in order; whether a slot stands among them, and whether content stands behind them."""

    leads: list[_Lead]
    slots: bool
    content: bool


def put_last(
    soup: BeautifulSoup, reading: Reading, is_hidden: Callable[[Tag], bool], *, fragment: bool
) -> Mapping[int, str]:
    """Moves the navigation before all content of a page behind it, with the links before that, as of a logo.

    Returns the sign for each element, by its id, whose place is known in the whole mail alone: in a block (`fragment`),
    and in a layout behind a slot.

    >>> from mailweave.markup.shield import Shield
    >>> soup = BeautifulSoup('<nav><a href="https://a.example">A</a></nav><p>Hello</p>', "html.parser")
    >>> put_last(soup, Reading(Shield()), lambda element: False, fragment=False)
    {}
    >>> soup.text
    'HelloA'
    """
    found = _found(soup, reading, is_hidden)
    if fragment:
        return _signs(found.leads)
    before = _with_navigation([lead for lead in found.leads if not lead.behind])
    moved = _moved(soup, reading, before) if found.content or found.slots else set()
    return _signs([lead for lead in found.leads if id(lead.element) not in moved]) if found.slots else {}


def _signs(leads: Iterable[_Lead]) -> dict[int, str]:
    return {id(lead.element): lead.sign for lead in leads}


def _with_navigation(leads: list[_Lead]) -> list[_Lead]:
    """The leads up to the last that is navigation: a link before it goes with it."""
    last = max((at for at, lead in enumerate(leads) if lead.sign == NAVIGATION), default=-1)
    return leads[: last + 1]


def _found(soup: BeautifulSoup, reading: Reading, is_hidden: Callable[[Tag], bool]) -> _Found:
    """What stands before the first words that are no link, and under no condition."""
    leads: list[_Lead] = []
    slots, words, depth = False, False, 0
    for node in soup.descendants:
        if leads and any(parent is leads[-1].element for parent in node.parents):
            continue
        piece = reading.piece(node)
        if piece is not None and piece.name == "slot":
            slots = slots or _PREHEADER not in piece.text
        elif piece is not None and not writes(piece):
            depth += piece.opens - piece.closes
        elif isinstance(node, Tag) and (sign := _sign(node, reading)) and not is_hidden(node):
            leads.append(_Lead(node, sign, slots or words))
        elif _is_content(node, reading, is_hidden):
            words = True
            if depth == 0:
                break
    return _Found(leads, slots, words)


def _is_content(node: PageElement, reading: Reading, is_hidden: Callable[[Tag], bool]) -> bool:
    """Whether a node has words that are no link, or is a heading, which has some."""
    if isinstance(node, Tag) and node.name in HEADINGS:
        return True
    is_unseen = node.parent is not None and is_hidden(node.parent)
    return reading.is_word(node) and node.find_parent("a") is None and not is_unseen


def _sign(element: Tag, reading: Reading) -> str:
    if element.name == "nav" or element.get("role") == "navigation":
        return NAVIGATION
    if element.name in HOLDERS and reading.is_row_of_links(element):
        return NAVIGATION
    return LINK if element.name == "a" and reading.is_link_of_words(element) else ""


def _moved(soup: BeautifulSoup, reading: Reading, leads: Iterable[_Lead]) -> set[int]:
    """Moves what can be moved to the end, each as a paragraph; the ids of what was."""
    runs = [(lead, run) for lead in leads if (run := _movable(lead.element, reading))]
    for _, run in runs:
        paragraph = soup.new_tag("p")
        paragraph.extend([node.extract() for node in run])
        soup.append(paragraph)
    return {id(lead.element) for lead, _ in runs}


def _movable(element: Tag, reading: Reading) -> list[PageElement]:
    """The element, with the conditions right around it; empty, if its Liquid would mean something else behind."""
    run: list[PageElement] = [element]
    while (around := _conditions_around(run, reading)) is not None:
        run = [around[0], *run, around[1]]
    inside = _pieces((*run, *element.descendants), reading)
    if any(piece.name in _EVERY for piece in inside) or sum(p.opens - p.closes for p in inside) != 0:
        return []
    behind = _pieces(element.next_elements, reading)
    depth = sum(piece.opens - piece.closes for piece in _pieces(run[0].previous_elements, reading))
    stateful = bool(inside) and any(piece.name in STATEFUL for piece in behind)
    return [] if depth or stateful else run


def pieces_of(nodes: Iterable[PageElement], reading: Reading) -> list[Piece]:
    """The Liquid in some nodes, and below them."""
    return _pieces((one for node in nodes for one in (node, *_below(node))), reading)


def _below(node: PageElement) -> Iterable[PageElement]:
    return node.descendants if isinstance(node, Tag) else ()


def _pieces(nodes: Iterable[PageElement], reading: Reading) -> list[Piece]:
    return [piece for node in nodes if (piece := reading.piece(node))]


def _conditions_around(run: list[PageElement], reading: Reading) -> tuple[PageElement, PageElement] | None:
    before, behind = _beside(run[0].previous_siblings), _beside(run[-1].next_siblings)
    opening, closing = before and reading.piece(before), behind and reading.piece(behind)
    fits = opening and closing and opening.opens and closing.closes and opening.name in ("if", "unless")
    return (before, behind) if before and behind and fits else None


def _beside(nodes: Iterable[PageElement]) -> PageElement | None:
    """The first node that is no white space."""
    return next((node for node in nodes if not (is_text(node) and not str(node).strip())), None)

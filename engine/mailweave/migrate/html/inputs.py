"""A section as a block: its words as inputs, rows that repeat as a loop over a list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from mailweave.markup.tokens import Attribute, EndTag, RawText, StartTag, Text, Token
from mailweave.migrate.html.elements import Element, Page
from mailweave.migrate.literal import literal

_ROWS: Final = frozenset("tr li table div".split())
_FEW: Final = frozenset("tr li".split())  # of these, two are rows already
_ADDRESS: Final = re.compile(r"https?://(?:[^\s\"'<>{}&]|&amp;)+")
_HEADINGS: Final = frozenset("h1 h2 h3 h4".split())
_LINKS: Final = frozenset("a mj-button mj-navbar-link mj-social-element".split())
_PREFORMATTED: Final = frozenset("pre textarea".split())
_LEAVE: Final = re.compile(r"unsubscribe|opt[- ]?out", re.IGNORECASE)

Value = str | list[dict[str, str]]
Edit = tuple[int, int, str]
"""From where to where, and what stands there instead."""


@dataclass(slots=True)
class Block:
    """A block: its HTML, and for each input its type and what it shows; `rows`: the fields of a list."""

    html: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)


def block_of(page: Page, element: Element) -> Block:
    """A section as a block."""
    block = Block()
    edits: list[Edit] = []
    _cut(page, element, block, edits)
    block.html = edited(page.text, page.start(element), page.stop(element), edits)
    return block


def edited(text: str, start: int, stop: int, edits: Sequence[Edit]) -> str:
    """A piece of a text with what stands in it replaced, and all else shown as it stands."""
    made, at = [], start
    for first, last, instead in sorted(edits):
        made += [literal(text[at:first]), instead]
        at = last
    return "".join((*made, literal(text[at:stop])))


def _cut(page: Page, element: Element, block: Block, edits: list[Edit]) -> None:
    """Edits for an element: loops for rows that repeat, inputs for the words of all others."""
    runs = _runs(page, element)
    inside = {id(each) for run in runs for each in run}
    for run in runs:
        edits.append(_loop(page, run, block))
    n = element.first
    children = {child.first: child for child in element.children}
    while n <= element.last:
        child = children.get(n)
        if child is not None and child is not element:
            if id(child) not in inside and child.name not in _PREFORMATTED:
                _cut(page, child, block, edits)
            n = child.last + 1
            continue
        token = page.tokens[n]
        if isinstance(token, Text):
            edits += _worded(page, token, element, block)
        elif isinstance(token, StartTag) and token.name in _LINKS and _LEAVE.search(page.words(element)):
            edits += _leaving(token)
        n += 1


def _worded(page: Page, token: Text, element: Element, block: Block) -> list[Edit]:
    value = _value(page.said(token))
    if value is None:
        return []
    word = "heading" if element.name in _HEADINGS else "link" if element.name in _LINKS else "text"
    name = _free(word, block.values)
    block.values[name] = value
    start, stop = _bounds(page.said(token), token.span.start)
    return [(start, stop, f"{{{{ block.{name} }}}}")]


def _value(said: str) -> str | None:
    """The words of a text as an input has them; None for blanks, and for what another language would read."""
    words = re.sub(r"[ \t\r\n]+", " ", unescape(said)).strip(" ")
    return words if words.strip() and "{" not in words else None


def _bounds(said: str, at: int) -> tuple[int, int]:
    """Where the words are, the blanks around left out."""
    blanks = " \t\r\n"
    start = at + len(said) - len(said.lstrip(blanks))
    return start, at + len(said.rstrip(blanks))


def _free(word: str, taken: Mapping[str, object]) -> str:
    names = (f"{word}_{n}" if n > 1 else word for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _leaving(token: StartTag) -> list[Edit]:
    spans = [each.value_span for each in token.attributes if each.name == "href" and each.quote]
    return [(span.start, span.stop, "{{ campaign.unsubscribe_url }}") for span in spans[:1]]


# ---- rows that repeat


def _runs(page: Page, element: Element) -> list[list[Element]]:
    """Children that follow each other and differ in nothing but words and addresses."""
    runs: list[list[Element]] = []
    run: list[Element] = []
    for child in element.children:
        if run and not _follows(page, run[-1], child):
            runs.append(run)
            run = []
        run = [*run, child]
    return [run for run in (*runs, run) if _is_list(page, run)]


def _is_list(page: Page, run: list[Element]) -> bool:
    if len(run) < 2 or run[0].name not in _ROWS or not run[0].is_whole:
        return False
    values = [_values(page, each) for each in run]
    differ = any(value != values[0] for value in values[1:])
    return differ and bool(values[0]) and (len(run) > 2 or run[0].name in _FEW)


def _follows(page: Page, one: Element, other: Element) -> bool:
    between = page.text[page.stop(one) : page.start(other)]
    return (
        not between.strip() and one.is_whole and other.is_whole and _shape(page, one) == _shape(page, other)
    )


def _shape(page: Page, element: Element) -> tuple[str, ...]:
    """An element but for its words and the addresses in it."""
    return tuple(_form(page, token) for token in page.tokens[element.first : element.last + 1])


def _form(page: Page, token: Token) -> str:
    if isinstance(token, Text) and _value(page.said(token)) is not None:
        return "words"
    if isinstance(token, StartTag) and any(map(_is_address, token.attributes)):
        said = page.said(token)
        for each in reversed([each for each in token.attributes if _is_address(each)]):
            start, stop = each.value_span.start - token.span.start, each.value_span.stop - token.span.start
            said = f"{said[:start]}@{said[stop:]}"
        return said
    return (
        " ".join(page.said(token).split()) if isinstance(token, Text | EndTag | RawText) else page.said(token)
    )


def _is_address(attribute: Attribute) -> bool:
    return (
        attribute.name in ("href", "src")
        and bool(attribute.quote)
        and bool(_ADDRESS.fullmatch(attribute.value or ""))
    )


def _values(page: Page, element: Element) -> dict[str, tuple[str, int, int]]:
    """The words and addresses of a row, by the names of their fields, with where they stand."""
    found: dict[str, tuple[str, int, int]] = {}
    for token in page.tokens[element.first : element.last + 1]:
        if isinstance(token, Text) and (value := _value(page.said(token))) is not None:
            found[_free("text", found)] = (value, *_bounds(page.said(token), token.span.start))
        elif isinstance(token, StartTag):
            for each in filter(_is_address, token.attributes):
                word = "url" if each.name == "href" else "image"
                found[_free(word, found)] = (
                    unescape(each.value or ""),
                    each.value_span.start,
                    each.value_span.stop,
                )
    return found


def _loop(page: Page, run: list[Element], block: Block) -> Edit:
    name = _free("rows", block.values)
    rows = [_values(page, each) for each in run]
    block.values[name] = [{key: value for key, (value, _, _) in row.items()} for row in rows]
    block.rows[name] = {key: key.partition("_")[0] for key in rows[0]}
    edits = [(start, stop, f"{{{{ row.{key} }}}}") for key, (_, start, stop) in rows[0].items()]
    first, last = page.start(run[0]), page.stop(run[-1])
    between = page.text[page.stop(run[0]) : page.start(run[1])]
    body = edited(page.text, first, page.stop(run[0]), edits)
    return first, last, f"{{% for row in block.{name} limit: {len(run)} %}}{body}{between}{{% endfor %}}"

"""# MW992 link-like-words

A link among other words, in a block that has more of these than of links, must be told from them without colour: by
an underline, a border, another weight; or by a colour with a contrast of 3:1 to that of the words around. WCAG 2.2,
1.4.1 (technique G183).

    blocks/letter/block.html:2:9: warning MW992: only its colour tells this link from the words around, by 1.80:1

## What helps

Leave `text-decoration` as it is, or choose a colour further from that of the words.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from itertools import takewhile

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import BLANK
from mailweave.lint.looks import Looks
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.said import winner
from mailweave.lint.speech import inside
from mailweave.markup.cascade.document import Element
from mailweave.markup.pieces import Kind
from mailweave.markup.tokens import EndTag, LiquidToken, StartTag, Text
from mailweave.values.contrast import contrast

ENOUGH = 3.0
_VALUE = "a value"  # as long as what data may write
_TELLING = frozenset({"b", "strong", "i", "em", "u", "ins", "big", "img"})
_INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd label mark q s samp small span strike strong sub "
    "sup time tt u var".split()
)
_MARKS = ("border-bottom-style", "border-bottom-width", "font-weight", "font-style", "background-color")


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    told: set[int] = set()
    among = dict(_among_words(reading))
    for seen in reading.looks if among else ():
        for element, look in seen.looks.items():
            number = element.number
            if number not in among or number in told or not look.seen:
                continue
            own, theirs = look.shown_colors, seen.looks[among[number]].shown_colors
            if own is None or theirs is None or not _is_bare(seen, element, among[number]):
                continue
            ratio = contrast(own[0], theirs[0])
            if ratio < ENOUGH and number is not None:
                told.add(number)
                span = reading.prepared.page.tokens[number].span
                yield found_at(reading, span, "MW992", ratio=f"{int(ratio * 100) / 100:.2f}")


def _is_bare(seen: Looks, element: Element, block: Element) -> bool:
    """Whether a link surely has no underline, and nothing else that could tell it from the words of the block."""
    line, known = winner(seen.said[element], seen.view, "text-decoration-line")
    if not known or line is None or line.declared.declaration.value.strip().lower().split()[:1] != ["none"]:
        return False
    between = [element, *takewhile(lambda one: one is not block, element.ancestors())]
    if any(one.tag in _TELLING for one in (*between, *element.children)):
        return False
    return all(winner(seen.said[one], seen.view, name) == (None, True) for one in between for name in _MARKS)


def _among_words(reading: Reading) -> Iterator[tuple[int, Element]]:
    """Links among other words, each with the block that they stand in: one that has more words than its links, between
    line breaks. What stands between the links of a list of links (`|`) makes no sentence."""
    for number, tag in reading.tags.items():
        if tag.name != "a" or tag.element is None or not any(True for _ in tag.values("href")):
            continue
        block = next((e for e in tag.element.ancestors() if e.tag not in _INLINE), None)
        if block is not None and block.number is not None:
            own, linked = _line(reading, block.number, number)
            if len(own) > len(linked):
                yield number, block


def _line(reading: Reading, block: int, link: int) -> tuple[str, str]:
    """The words of a block around a link, up to the next line break, and those of its links."""
    page, own, linked, open_ = reading.prepared.page, "", "", 0
    for at in inside(reading, block):
        token = page.tokens[at]
        if isinstance(token, StartTag) and token.name in ("br", "hr"):
            if at > link:
                break
            own, linked = "", ""
        elif isinstance(token, StartTag | EndTag) and token.name == "a":
            open_ = int(isinstance(token, StartTag) and any(one.name == "href" for one in token.attributes))
        elif isinstance(token, Text) or (isinstance(token, LiquidToken) and token.piece.kind is Kind.OUTPUT):
            words = (
                BLANK.sub(" ", html.unescape(page.text(token.span))) if isinstance(token, Text) else _VALUE
            )
            own, linked = (own, linked + words) if open_ else (own + words, linked)
    return " ".join(own.split()), " ".join(linked.split())


RULE = PageRule("MW992", "accessibility", _judge)

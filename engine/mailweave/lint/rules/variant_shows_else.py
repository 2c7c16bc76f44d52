"""# MW939 variant-shows-else

A block for one locale, `block.de.html`, that links elsewhere than the `block.html` beside it, or shows other data of the
recipient. A locale changes words and pictures; what somebody is offered, and where it leads, is the same for all. What a
loop goes over and what inputs say is not compared.

    blocks/offer/block.de.html:1:1: warning MW939: `block.de.html` lacks the link `https://shop.example/sale`

## What helps

The same links and the same data in both. A page of the shop in that language can be chosen by the page itself, or by an
input that is a link. Where it is meant, `{% # allow MW939 the shop has a host for each country %}` in the first line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from mailweave.campaign.block_variants import owner
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.pages import Pages
from mailweave.lint.rule import PagesRule
from mailweave.markup.pieces import Kind, pieces
from mailweave.markup.tokens import StartTag, tokenize
from mailweave.source import Source, Span

_NAMED = 3  # of what differs
_DATA = re.compile(r"(?:profile|scores|events|offer|context|let)\.[\w.]+")


def _check(pages: Pages) -> Iterator[Diagnostic]:
    for named in pages.given.slots.values():
        for name, source in named.items():
            own = named.get(owner(name), source)
            if own is not source:
                yield from _compared(own, source)


def _compared(own: Source, variant: Source) -> Iterator[Diagnostic]:
    here, there = _shown(own.text), _shown(variant.text)
    lacks = [what for key, what in here.items() if key not in there]
    adds = [what for key, what in there.items() if key not in here]
    told = [
        f"{verb} {', '.join(found[:_NAMED])}" for verb, found in (("lacks", lacks), ("adds", adds)) if found
    ]
    if told:
        file = PurePosixPath(variant.origin(0)[0].name).name
        yield diagnose("MW939", variant, Span(0, 1), file=file, what=" and ".join(told))


def _shown(text: str) -> Mapping[str, str]:
    """What a template shows whatever its words are, in the words of a finding."""
    links = [
        one.value or ""
        for token in tokenize(text)
        if isinstance(token, StartTag)
        for one in token.attributes
        if one.name == "href"
    ]
    data = [path for piece in pieces(text) if piece.kind is Kind.OUTPUT for path in _DATA.findall(piece.text)]
    told = {f"link {link}": f"the link `{link}`" for link in map(_plain, links)}
    return told | {path: f"`{path}`" for path in data}


def _plain(link: str) -> str:
    return " ".join(html.unescape(link).split())


RULE = PagesRule("MW939", "links", _check)

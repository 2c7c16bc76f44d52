"""Documents like e-mails, drawn from a seed: the same on every machine, each construct in a tenth of them or more.

>>> document(1) == document(1)
True
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.inlining.bodies import Body
from tests.inlining.constructs import ALL, IN_SHEETS, Sheet
from tests.inlining.declarations import declarations, selector

FEWEST, MOST = 6, 11
DOCTYPES = (
    "<!doctype html>",
    "<!DOCTYPE html>",
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
)


@dataclass(frozen=True, slots=True)
class Document:
    """One document and the constructs that were put into it."""

    seed: int
    html: str
    constructs: frozenset[str]


def document(seed: int) -> Document:
    """The document of a seed."""
    rng = random.Random(f"document {seed}")
    chosen = frozenset(rng.sample(ALL, rng.randint(FEWEST, MOST)))
    return Document(seed, written(rng, chosen), chosen)


def documents(seeds: Iterable[int]) -> Iterator[Document]:
    """The documents of some seeds."""
    return map(document, seeds)


def written(rng: random.Random, chosen: frozenset[str]) -> str:
    """A document that has these constructs."""
    sheet = Sheet(rng)
    for name in sorted(chosen & IN_SHEETS.keys()):
        IN_SHEETS[name](sheet)
    for _ in range(rng.randint(4, 10)):
        sheet.rule(selector(rng), declarations(rng, 4))
    rng.shuffle(sheet.rules)
    styles = elements(sheet, 3 if "several-sheets" in chosen else 1)
    rng.shuffle(styles)
    within = [styles.pop()] if "sheet-in-body" in chosen else []
    body = Body(rng, chosen, left=rng.randint(14, 40), styles=within)
    head = "\n".join(("<title>Mail</title>", *styles))
    start = rng.choice(("", ' class="body"', ' class="body" style="margin:0"', ' bgcolor="#ffffff"'))
    if "style-attribute" not in chosen:
        start = start.replace(' style="margin:0"', "")
    return f"{rng.choice(DOCTYPES)}\n<html><head>{head}</head>\n<body{start}>\n{body.written()}\n</body></html>\n"


def elements(sheet: Sheet, count: int) -> list[str]:
    """The style elements: what has to come first, then the rules in order, then those of their own."""
    size = -(-len(sheet.rules) // count)
    parts = [sheet.rules[at : at + size] for at in range(0, len(sheet.rules), size)]
    parts[0] = [*sorted(sheet.first), *parts[0]]
    main = ["<style>\n" + "\n".join(part) + "\n</style>" for part in parts]
    return main + [f"<style{attributes}>{text}</style>" for attributes, text in sheet.separate]

"""Which layer comes before which, whatever is shown: sheets of branches and of blocks name layers, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, combinations

from mailweave.content.stylesheets import Sheet, rules
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.cascade.layers import Disagreement, Layers
from mailweave.markup.cascade.stylesheet import Layer, Named

Way = Sequence[Sheet]


def layer_order(ways: Sequence[Way]) -> tuple[Layers, tuple[Diagnostic, ...]]:
    """The one order of all layers, by which all declarations get their ranks.

    `ways` are the sheets of each page, in each way through the conditions in them. Where two of the mails that can come
    of them put two layers in different orders, that is found.
    """
    try:
        layers = Layers.ordered([list(_named(way)) for way in _arrangements(ways)])
    except Disagreement as fault:
        return Layers(), tuple(_found(ways, fault.layers))
    for one in dict.fromkeys(chain.from_iterable(map(rules, ways))):
        layers.rank(one)
    return layers, ()


def rank_in(way: Way) -> None:
    """Gives the declarations of one way their ranks, whatever other ways say."""
    layers = Layers.ordered([list(_named(way))])
    for one in rules(way):
        layers.rank(one)


def _named(way: Way) -> Iterator[Layer]:
    return (entry.item.layer for s in way for entry in s.entries if isinstance(entry.item, Named))


def _arrangements(ways: Sequence[Way]) -> Iterator[Way]:
    """The sheets of the layout with those of each block, and of each two blocks that can stand in one mail: of two
    layers, the first sheet that names one of them decides."""
    yield from ways
    blocks = dict.fromkeys(group for way in ways for group in _blocks(way) if any(_named(group)))
    for own in dict.fromkeys(tuple(s for s in way if not s.of_block) for way in ways) if blocks else ():
        yield own
        for some in (*combinations(blocks, 1), *combinations(blocks, 2)):
            if len({group[0].order[0] for group in some}) == len(some):
                yield sorted((*own, *chain.from_iterable(some)), key=lambda s: s.order)


def _blocks(way: Way) -> Iterator[tuple[Sheet, ...]]:
    """The sheets of each block."""
    groups: dict[tuple[float, ...], list[Sheet]] = {}
    for sheet in way:
        if sheet.of_block:
            groups.setdefault(sheet.order[:3], []).append(sheet)
    return map(tuple, groups.values())


def _found(ways: Sequence[Way], layers: Sequence[Layer]) -> Iterator[Diagnostic]:
    """The first place that names one of the layers."""
    for sheet in chain.from_iterable(ways):
        for entry in sheet.entries:
            if isinstance(entry.item, Named) and entry.item.layer in layers:
                named = ".".join("" if part.startswith("\0") else part for part in entry.item.layer)
                yield diagnose(
                    "MW541", sheet.source, sheet.at(entry.item.line), text=f"@layer {named}".strip()
                )
                return

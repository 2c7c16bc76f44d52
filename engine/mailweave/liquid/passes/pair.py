"""The trees of a block's HTML, of its plain text and of its AMP become one.

The others are derived from the HTML, so most tags stand in all, in the same order. Those are joined; what stands in
one alone stays there.

    >>> from mailweave.liquid.debug import shown, tree
    >>> html, _ = tree("<b>{% if a %}{{ a }}{% endif %}</b>")
    >>> text, _ = tree("{% if a %}{{ a }}!{% endif %}", escape="text")
    >>> shown(joined_parts({"html": html, "text": text}))
    "'<b>' Branch(a [{{a}} text:{{a}} text:'!']) '</b>'"
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.ir.walk import asks_where_stopped, assigned, blocks, reached, with_blocks, with_nodes

WRITING = (n.Text, n.Output, n.Slot)
_ACTING = (n.Assign, n.Interrupt)  # what changes how the walk goes on
_PAIRABLE = (*WRITING, *_ACTING, n.Branch, n.Case, n.Loop, n.Block)
_EMPTY = n.Block(())


def joined_parts(parts: Mapping[n.Part, tuple[n.Node, ...]]) -> tuple[n.Node, ...]:
    """One tree for all. Raises `NotCompilable` when they cannot be walked as one."""
    (_, made), *others = parts.items()
    for part, nodes in others:
        _check(made)
        _check(nodes)
        if assigned(made) != assigned(nodes):
            raise NotCompilable("they have different variables")
        made = tuple(_joined(made, of_part(nodes, part)))
    return made


def _check(nodes: tuple[n.Node, ...]) -> None:
    """Refuses tags whose state two walks would have twice: captures, counters, cycles, partials."""
    for node in reached(nodes):
        if not isinstance(node, _PAIRABLE) or (isinstance(node, n.Loop) and node.table):
            raise NotCompilable(f"they have a {type(node).__name__}")
    if asks_where_stopped(nodes):
        raise NotCompilable("they have a loop with an offset")


def of_part(nodes: tuple[n.Node, ...], part: n.Part) -> tuple[n.Node, ...]:
    """The nodes of a part, which say so where they write."""
    return tuple(
        replace(node, part=part)
        if isinstance(node, WRITING)
        else with_nodes(node, lambda below: of_part(below, part))
        for node in nodes
    )


def _joined(html: Sequence[n.Node], text: Sequence[n.Node]) -> Iterator[n.Node]:
    """The nodes of both in an order that is right for each; tags that are the same stand together."""
    here, there = _tags(html), _tags(text)
    matcher = SequenceMatcher(None, [mark for _, mark in here], [mark for _, mark in there], autojunk=False)
    done_html = done_text = 0
    for same in matcher.get_matching_blocks():
        for at in range(same.size):
            one, other = here[same.a + at][0], there[same.b + at][0]
            yield from _apart(html[done_html:one], text[done_text:other])
            yield _both(html[one], text[other])
            done_html, done_text = one + 1, other + 1
    yield from _apart(html[done_html:], text[done_text:])


def _tags(nodes: Sequence[n.Node]) -> list[tuple[int, n.Node]]:
    """Where tags stand, and what makes two the same: their kind and their expressions."""
    found = ((at, node) for at, node in enumerate(nodes) if not isinstance(node, WRITING))
    return [(at, with_blocks(node, lambda _: _EMPTY)) for at, node in found]


def _apart(html: Iterable[n.Node], text: Iterable[n.Node]) -> Iterator[n.Node]:
    for node in (*html, *text):
        if not isinstance(node, WRITING) and any(isinstance(one, _ACTING) for one in reached([node])):
            raise NotCompilable("one has a tag that the other would feel")
        yield node


def _both(html: n.Node, text: n.Node) -> n.Node:
    others = iter(blocks(text))
    made = with_nodes(html, lambda nodes: tuple(_joined(nodes, next(others).nodes)))
    if isinstance(made, n.Loop) and isinstance(text, n.Loop):
        return replace(made, weight=max(made.weight, text.weight))  # who writes more pays for both
    return made

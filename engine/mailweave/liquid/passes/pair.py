"""The trees of a part's HTML and of its plain text become one.

The text of a part is derived from its HTML, so most tags stand in both, in the same order. Those are joined; what
stands in one alone stays there.

    >>> from mailweave.liquid.debug import shown, tree
    >>> html, _ = tree("<b>{% if a %}{{ a }}{% endif %}</b>")
    >>> text, _ = tree("{% if a %}{{ a }}!{% endif %}", escape="text")
    >>> shown(pair_parts(html, text))
    "'<b>' Branch(a [{{a}} text:{{a}} text:'!']) '</b>'"
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.ir.walk import asks_where_stopped, assigned, blocks, reached, with_blocks

_WRITING = (n.Text, n.Output, n.Slot)
_ACTING = (n.Assign, n.Interrupt)  # what changes how the walk goes on
_PAIRABLE = (*_WRITING, *_ACTING, n.Branch, n.Case, n.Loop, n.Block)
_EMPTY = n.Block((), part=n.BOTH)


def pair_parts(html: tuple[n.Node, ...], text: tuple[n.Node, ...]) -> tuple[n.Node, ...]:
    """One tree for both. Raises `NotCompilable` when they cannot be walked as one."""
    _check(html)
    _check(text)
    if assigned(html) != assigned(text):
        raise NotCompilable("they have different variables")
    return tuple(_joined(html, text))


def _check(nodes: tuple[n.Node, ...]) -> None:
    """Refuses tags whose state two walks would have twice: captures, counters, cycles, partials."""
    strange = next((node for node in reached(nodes) if not isinstance(node, _PAIRABLE)), None)
    if strange is not None:
        raise NotCompilable(f"they have a {type(strange).__name__}")
    if asks_where_stopped(nodes):
        raise NotCompilable("they have a loop with an offset")


def _joined(html: Sequence[n.Node], text: Sequence[n.Node]) -> Iterator[n.Node]:
    """The nodes of both in an order that is right for each; tags that are the same stand together."""
    html_tags = [at for at, node in enumerate(html) if not isinstance(node, _WRITING)]
    text_tags = [at for at, node in enumerate(text) if not isinstance(node, _WRITING)]
    marks = [_mark(html[at]) for at in html_tags], [_mark(text[at]) for at in text_tags]
    done_html = done_text = 0
    for same in SequenceMatcher(None, *marks, autojunk=False).get_matching_blocks():
        for at in range(same.size):
            here, there = html_tags[same.a + at], text_tags[same.b + at]
            yield from _apart(html[done_html:here], text[done_text:there])
            yield _both(html[here], text[there])
            done_html, done_text = here + 1, there + 1
    yield from _apart(html[done_html:], text[done_text:])


def _apart(html: Iterable[n.Node], text: Iterable[n.Node]) -> Iterator[n.Node]:
    for node in (*html, *text):
        if not isinstance(node, _WRITING) and any(isinstance(one, _ACTING) for one in reached([node])):
            raise NotCompilable("one has a tag that the other would feel")
        yield node


def _mark(node: n.Node) -> n.Node:
    """What makes two tags the same: their kind and their expressions."""
    return with_blocks(replace(node, part=n.BOTH), lambda _: _EMPTY)


def _both(html: n.Node, text: n.Node) -> n.Node:
    others = iter(blocks(text))

    def joined(one: n.Block) -> n.Block:
        other = next(others)
        return n.Block(tuple(_joined(one.nodes, other.nodes)), n.BOTH, one.at)

    return with_blocks(replace(html, part=n.BOTH), joined)

"""Which captures hold HTML, and which hold plain text that is escaped where it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from liquid.ast import Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import Literal, Path
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.include_tag import IncludeNode
from liquid.builtin.tags.render_tag import RenderNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.expression import Expression

from mailweave.liquid.filters.catalog import filter_named
from mailweave.source import Source

_MARKUP = re.compile(r"<|&(?:[A-Za-z][A-Za-z0-9]*|#[0-9]+|#[xX][0-9a-fA-F]+);")


@dataclass(frozen=True, slots=True)
class PartialTree:
    """A parsed partial: python-liquid's tree and the text it was read from."""

    nodes: Sequence[Node]
    source: Source


def children(node: Node) -> Iterator[Node]:
    """The nodes inside a node, without those of partials."""
    match node:
        case IfNode() | UnlessNode():
            yield node.consequence
            yield from node.alternatives
        case CaseNode():
            yield from node.blocks
        case _:  # a node of the library is asked for what it holds
            for name in ("block", "nodes"):
                inner = getattr(node, name, None)
                if inner is not None:
                    yield from inner if name == "nodes" else (inner,)
    default = getattr(node, "default", None)
    if isinstance(node, IfNode | UnlessNode | ForNode) and default is not None:
        yield default


def every(nodes: Sequence[Node], partials: Mapping[str, PartialTree]) -> Iterator[Node]:
    """All nodes of a template, with those of the partials it may call, each partial once."""
    seen: set[str] = set()
    stack = list(nodes)
    while stack:
        node = stack.pop()
        yield node
        stack.extend(children(node))
        if isinstance(node, (IncludeNode, RenderNode)):
            for name in called_names(node, partials):
                if name not in seen:
                    seen.add(name)
                    stack.extend(partials[name].nodes)


def called_names(node: IncludeNode | RenderNode, partials: Mapping[str, PartialTree]) -> list[str]:
    """The partials that an include or render may call: one, or any where the name is computed."""
    name: object = node.name
    if isinstance(name, Literal):
        return [str(name.value)] if str(name.value) in partials else []
    return sorted(partials)


def is_markup(nodes: Sequence[Node], partials: Mapping[str, PartialTree], html_names: frozenset[str]) -> bool:
    """Whether what these nodes write is HTML rather than plain text."""
    return any(_writes_markup(node, html_names) for node in every(nodes, partials))


def _writes_markup(node: Node, html_names: frozenset[str]) -> bool:
    if isinstance(node, ContentNode):
        return _MARKUP.search(node.text) is not None
    if isinstance(node, TablerowNode):
        return True
    if not isinstance(node, OutputNode):
        return False
    expression = node.expression
    if _roots(expression) & html_names:
        return True
    filters = getattr(expression, "filters", None) or ()
    return any(filter_named(one.name).makes_html for one in filters)


def captured_html(nodes: Sequence[Node], partials: Mapping[str, PartialTree]) -> frozenset[str]:
    """The names that a capture fills with HTML, here or in a partial, also through assigns."""
    leads: dict[str, set[str]] = {}
    names: set[str] = set()
    for node in every(nodes, partials):
        if isinstance(node, CaptureNode):
            inner = list(every(node.block.nodes, partials))
            if any(_writes_markup(one, frozenset()) for one in inner):
                names.add(str(node.name))
            roots = {root for one in inner if isinstance(one, OutputNode) for root in _roots(one.expression)}
        elif isinstance(node, AssignNode):
            roots = _roots(node.expression)
        else:
            continue
        for root in roots:
            leads.setdefault(root, set()).add(str(node.name))
    waiting = list(names)
    while waiting:
        new = leads.get(waiting.pop(), set()) - names
        names |= new
        waiting += new
    return frozenset(names)


def _roots(expression: Expression) -> set[str]:
    """The names that an expression speaks of."""
    found: set[str] = set()
    waiting = [expression]
    while waiting:
        one = waiting.pop()
        waiting.extend(one.children())
        if isinstance(one, Path):
            found.add(str(one.path[0]))
    return found

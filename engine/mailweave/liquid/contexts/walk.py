"""The walk over a template's tree: every output gets the escaper of where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from liquid.ast import BlockNode, ConditionalBlockNode, Node
from liquid.builtin.content import ContentNode
from liquid.builtin.expressions import Literal
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode
from liquid.builtin.tags.cycle_tag import CycleNode
from liquid.builtin.tags.decrement_tag import DecrementNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.ifchanged_tag import IfChangedNode
from liquid.builtin.tags.include_tag import IncludeNode
from liquid.builtin.tags.increment_tag import IncrementNode
from liquid.builtin.tags.liquid_tag import LiquidNode
from liquid.builtin.tags.render_tag import RenderNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode

from mailweave.diagnostics import Diagnostic, Severity, diagnose, ordered
from mailweave.liquid.adjacent_text import span_of
from mailweave.liquid.contexts import html
from mailweave.liquid.contexts.captures import PartialTree, called_names, captured_html, is_markup
from mailweave.liquid.contexts.filters import read_filters
from mailweave.liquid.contexts.join import join
from mailweave.liquid.contexts.model import PLAIN, TEXT, Context, State, Unsafe, Url, describe
from mailweave.liquid.contexts.placement import Placement, place
from mailweave.liquid.slots import SlotNode
from mailweave.source import Source, Span

_MOST_STEPS = 300_000  # nodes walked, rounds of loops counted; no honest template comes near
_ROUNDS = 8  # of a loop, until its context must have settled; each round can only widen it

PartialKey = tuple[str, Context]
"""A partial, and the context it starts in: it is labelled once for each such pair."""


@dataclass(frozen=True, slots=True)
class Annotated:
    """What the walk knows about one tree.

    Nodes are known by `token.start_index`. `labels` maps each node that writes a value (output, echo,
    cycle, increment, decrement) to its placement, and each capture to "capture_html" (it holds
    finished HTML) or "capture_plain" (it holds plain text, to be escaped where it is written).
    `calls` maps each include and render to the partials it may call; each is labelled in `partials`.
    """

    labels: Mapping[int, Placement]
    calls: Mapping[int, tuple[PartialKey, ...]]
    partials: Mapping[PartialKey, Annotated]
    diagnostics: tuple[Diagnostic, ...]
    end: Context


_NAMING = {"host": "MW464", "tail": "MW464", "rooted": "MW465", "mailto": "MW466"}
"""What a value in such a place decides."""


@dataclass(slots=True)
class _Exits:
    """Where the innermost loop is left early."""

    breaks: list[Context] = field(default_factory=list)
    continues: list[Context] = field(default_factory=list)


@dataclass(slots=True)
class _Called:
    """A partial that is being walked, or was."""

    end: Context | None
    is_open: bool = True
    was_recursive: bool = False
    annotated: Annotated | None = None
    exits: _Exits = field(default_factory=_Exits)


@dataclass(slots=True)
class _Shared:
    partials: Mapping[str, PartialTree]
    trusted: bool
    html_names: frozenset[str]
    called: dict[PartialKey, _Called] = field(default_factory=dict)
    steps: int = 0


def annotate(
    nodes: Sequence[Node],
    *,
    source: Source,
    start: Context = TEXT,
    partials: Mapping[str, PartialTree] | None = None,
    trusted: bool = False,
) -> Annotated:
    """Finds the escaper of every output of a template.

    `nodes` is python-liquid's tree of `source`; `partials` are the trees that include and render may
    call; with `trusted`, the filter `safe` takes effect. What has no safe context is an error among
    the diagnostics; with an error, the labels must not be used.
    """
    known = dict(partials or {})
    shared = _Shared(known, trusted, captured_html(nodes, known))
    walk = _Walk(shared, source)
    end = walk.block(nodes, start)
    walk.finish(end, start)
    done = {key: called.annotated for key, called in shared.called.items() if called.annotated}
    found = [*walk.diagnostics, *(d for a in done.values() for d in a.diagnostics)]
    return Annotated(walk.labels, walk.calls, done, ordered(found), end or start)


class _Walk:
    """The walk over the tree of one text."""

    def __init__(self, shared: _Shared, source: Source) -> None:
        self.shared, self.source = shared, source
        self.labels: dict[int, Placement] = {}
        self.calls: dict[int, tuple[PartialKey, ...]] = {}
        self.diagnostics: list[Diagnostic] = []
        self.exits = [_Exits()]
        self.outside: Context | None = None  # of the capture that is being walked

    # -- findings

    def say(self, code: str, at: int, length: int = 1, **facts: Any) -> None:
        at = max(0, min(at, len(self.source.text)))
        self.diagnostics.append(diagnose(code, self.source, Span(at, at + length), **facts))

    def say_unsafe(self, problem: Unsafe, at: int) -> None:
        self.say(problem.code, at + problem.offset, **problem.facts)

    def finish(self, end: Context | None, start: Context) -> None:
        """A template must end where it started."""
        has_failed = any(d.severity is Severity.ERROR for d in self.diagnostics)
        if end is None or has_failed:
            return
        alike = end.but(
            url=start.url, literal="", begun=start.begun, mustache=start.mustache, opening=start.opening
        )
        if alike != start.but(literal=""):
            self.say("MW454", len(self.source.text), 0, where=describe(end))

    # -- the tree

    def block(self, nodes: Iterable[Node], context: Context | None) -> Context | None:
        for node in nodes:
            context = self.node(node, context)
        return context

    def node(self, node: Node, context: Context | None) -> Context | None:
        self.shared.steps += 1
        if self.shared.steps > _MOST_STEPS:
            self.say("MW453", node.token.start_index)
            return None
        match node:
            case ContentNode():
                return self.content(node, context)
            case OutputNode() | CycleNode() | IncrementNode() | DecrementNode():
                return self.output(node, context)
            case IfNode() | UnlessNode():
                return self.branches(node, context)
            case CaseNode():
                return self.case(node, context)
            case ForNode() | TablerowNode():
                return self.loop(node, context)
            case CaptureNode():
                return self.capture(node, context)
            case IncludeNode() | RenderNode():
                return self.partial(node, context)
            case IfChangedNode():
                return self.join(node, [self.block(node.block.nodes, context), context])
            case LiquidNode() | ConditionalBlockNode():
                return self.block(node.block.nodes, context)
            case BlockNode():
                return self.block(node.nodes, context)
            case BreakNode() | ContinueNode():
                self.leave(node, context)
                return None
            case SlotNode():
                return self.ready(node, context)
            case _:  # a node of the library that writes nothing
                return context

    def content(self, node: ContentNode, context: Context | None) -> Context | None:
        if context is None:
            return None
        try:
            return html.advance(context, node.text)
        except Unsafe as problem:
            start = node.token.start_index
            self.say_unsafe(problem, max(start, self.source.text.find(node.text, start)))  # `-%}` strips
            return None

    def output(self, node: Node, context: Context | None) -> Context | None:
        if context is None:  # never reached, and nothing must come out of it
            self.labels[node.token.start_index] = Placement("comment")
            return None
        try:
            label, behind = place(context)
        except Unsafe as problem:
            self.say(problem.code, node.token.start_index, len(node.token.value), **problem.facts)
            return None
        label = self.in_host(node, context, label)
        shared = self.shared
        placement, remarks = read_filters(node, label, trusted=shared.trusted, html_names=shared.html_names)
        self.labels[node.token.start_index] = placement
        for code, token, facts in remarks:
            self.say(code, token.start_index, len(token.value), **facts)
        if label == "comment":
            self.say("MW462", node.token.start_index, len(node.token.value), where=describe(context))
        return behind

    def in_host(self, node: Node, context: Context, label: str) -> str:
        """The label of an output that may decide where a link leads, with a warning."""
        stop = span_of(node, self.source.text)[1]
        behind = self.source.text[stop : stop + 1]
        if (
            label.startswith("path")
            and context.url is Url.HOST
            and (behind.isalnum() or behind in (".", "-"))
        ):
            label = label.replace("path", "host", 1)
        base = label.removeprefix("css_").partition("_")[0]
        if base in _NAMING:
            self.say(_NAMING[base], node.token.start_index, len(node.token.value))
        return label

    def ready(self, node: Node, context: Context | None) -> Context | None:
        if context is not None and (context.state is not State.TEXT or context.held):
            self.say("MW450", node.token.start_index, where=describe(context))
        return context

    def join(self, node: Node, ends: Iterable[Context | None]) -> Context | None:
        joined: Context | None = None
        for end in ends:
            try:
                joined = join(joined, end)
            except ValueError:
                assert joined is not None
                assert end is not None
                self.say("MW452", node.token.start_index, one=describe(joined), other=describe(end))
                return None
        return joined

    def branches(self, node: IfNode | UnlessNode, context: Context | None) -> Context | None:
        ends = [self.block(node.consequence.nodes, context)]
        ends += [self.block(alternative.block.nodes, context) for alternative in node.alternatives]
        ends.append(self.block(node.default.nodes, context) if node.default else context)
        return self.join(node, ends)

    def case(self, node: CaseNode, context: Context | None) -> Context | None:
        """Each `when` that is true is written, in order; `else` when none before it was."""
        is_exclusive = _is_exclusive(node)
        ends: list[Context | None] = []
        has_else = False
        for block in node.blocks:
            if isinstance(block, BlockNode):
                has_else = True
                ends.append(self.block(block.nodes, context))
            else:
                begin = context if is_exclusive else self.join(block, [context, *ends])
                ends.append(self.block(block.block.nodes, begin))
        return self.join(node, ends if has_else else [context, *ends])

    def loop(self, node: ForNode | TablerowNode, context: Context | None) -> Context | None:
        if isinstance(node, TablerowNode):
            self.ready(node, context)
        begin = context
        for _ in range(_ROUNDS):
            self.exits.append(_Exits())
            end = self.block(node.block.nodes, begin)
            exits = self.exits.pop()
            again = self.join(node, [begin, end, *exits.continues])
            if again == begin or again is None:
                break
            begin = again
        else:
            self.say("MW453", node.token.start_index)
            return None
        default = getattr(node, "default", None)
        behind = self.block(default.nodes, context) if default else None
        return self.join(node, [begin, *exits.breaks, behind])

    def leave(self, node: BreakNode | ContinueNode, context: Context | None) -> None:
        if context is not None:
            exits = self.exits[-1]
            into = exits.breaks if isinstance(node, BreakNode) else exits.continues
            into.append(self.outside or context)  # what a capture has collected is lost

    def capture(self, node: CaptureNode, context: Context | None) -> Context | None:
        """What is captured stands for itself: it starts and ends in text."""
        is_html = is_markup(node.block.nodes, self.shared.partials, self.shared.html_names)
        self.labels[node.token.start_index] = Placement("capture_html" if is_html else "capture_plain")
        outside, self.outside = self.outside, self.outside or context
        begin = TEXT if is_html else PLAIN
        if context is not None and context.state is State.PLAIN:
            begin = PLAIN
        end = self.block(node.block.nodes, begin if context is not None else None)
        self.outside = outside
        if end is not None and end.but(mustache=False, opening="") != begin:
            self.say("MW455", node.token.start_index, name=str(node.name), where=describe(end))
        return context

    # -- partials

    def partial(self, node: IncludeNode | RenderNode, context: Context | None) -> Context | None:
        if context is None:
            return None
        names = called_names(node, self.shared.partials)
        self.calls[node.token.start_index] = tuple((name, context) for name in names)
        ends = [self.call(node, (name, context)) for name in names]
        return self.join(node, ends) if names else context

    def call(self, node: IncludeNode | RenderNode, key: PartialKey) -> Context | None:
        called = self.shared.called.get(key)
        if called is None:
            called = self._walk_partial(key)
        elif called.is_open:
            called.was_recursive = True
        if isinstance(node, IncludeNode):  # a break inside it leaves the loop around it
            self.exits[-1].breaks += [self.outside or context for context in called.exits.breaks]
            self.exits[-1].continues += [self.outside or context for context in called.exits.continues]
        return called.end

    def _walk_partial(self, key: PartialKey) -> _Called:
        name, start = key
        tree = self.shared.partials[name]
        called = self.shared.called[key] = _Called(start)
        walk = _Walk(self.shared, tree.source)
        end = walk.block(tree.nodes, start)
        if called.was_recursive and end is not None and end.but(opening="") != start.but(opening=""):
            walk.say("MW463", 0, name=name, start=describe(start), end=describe(end))
        called.exits, called.end, called.is_open = walk.exits[0], end, False
        called.annotated = Annotated(walk.labels, walk.calls, {}, tuple(walk.diagnostics), end or start)
        return called


def _is_exclusive(node: CaseNode) -> bool:
    """Whether at most one `when` can be true: all their values are different literals."""
    values: list[object] = []
    for block in node.blocks:
        if isinstance(block, BlockNode):
            continue
        for expression in block.expression.children():
            if not isinstance(expression, Literal):
                return False
            values.append(expression.value)
    return len({str(value) for value in values}) == len(values)

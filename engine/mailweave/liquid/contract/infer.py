"""The data that a template reads, found by walking its tree with every name resolved to its path."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from liquid.ast import BlockNode, ConditionalBlockNode, Node
from liquid.builtin.expressions import Path as PathNode
from liquid.builtin.expressions.primitive import Identifier
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import CaseNode
from liquid.builtin.tags.cycle_tag import CycleNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.ifchanged_tag import IfChangedNode
from liquid.builtin.tags.include_tag import IncludeNode
from liquid.builtin.tags.liquid_tag import LiquidNode
from liquid.builtin.tags.render_tag import RenderNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.expression import Expression

from mailweave.liquid.contexts.captures import PartialTree, called_names
from mailweave.liquid.contexts.source_tree import authored
from mailweave.liquid.contract.contract import Contract, contract_from
from mailweave.liquid.contract.expressions import Reader
from mailweave.liquid.contract.guards import Guards, guards
from mailweave.liquid.contract.model import REST, Occurrence, Path
from mailweave.liquid.contract.values import MADE, NESTED, Names, Ref, Value, item, join, ref, refs
from mailweave.liquid.filters.signature import Use
from mailweave.source import Source, Span

_ROUNDS = 24  # of a loop, until the names in it stand for nothing new; paths that grow are cut before
_MOST_STEPS = 200_000  # over all rounds and calls; a template that needs more may read anything
_DEEPEST = 24  # partials inside partials


def infer(
    nodes: Sequence[Node],
    *,
    source: Source,
    partials: Mapping[str, PartialTree] | None = None,
    constants: Mapping[str, Any] | None = None,
) -> Contract:
    """The contract of a template.

    `nodes` is python-liquid's tree of `source`, not yet transformed; `partials` are the trees that
    include and render may call. `constants` fix computed keys: with `{"block": {"list": "new"}}`,
    `lists[block.list]` reads `lists.new`.
    """
    shared = _Shared(dict(partials or {}), dict(constants or {}))
    _Walk(shared, source, {}, []).block(nodes)
    return contract_from(shared.found)


def contract_of(
    text: str | Source,
    *,
    partials: Mapping[str, str | Source] | None = None,
    constants: Mapping[str, Any] | None = None,
    slots: Collection[str] = (),
) -> Contract:
    """The contract of a template's text.

    `partials`, `constants` and `slots` are those the template is compiled with. Raises python-liquid's
    `LiquidError` when the text does not parse or is too large.

    >>> contract_of("{% assign p = profile %}{{ p.first_name | upcase }}").paths()
    ('profile', 'profile.first_name')
    """
    tree = authored(text, partials=partials, slots=slots)
    return infer(tree.nodes, source=tree.source, partials=tree.partials, constants=constants)


class _Shared:
    """What the walks over a template and its partials have in common."""

    def __init__(self, partials: Mapping[str, PartialTree], constants: Mapping[str, Any]) -> None:
        self.partials, self.constants = partials, constants
        self.found: dict[Occurrence, None] = {}
        self.rendered: dict[object, Names] = {}
        self.depth = 0
        self.steps = 0


class _Walk:
    """The walk over one text. `names` are those that tags have set; `frames` those of loops and calls."""

    def __init__(self, shared: _Shared, source: Source, names: Names, frames: list[Names]) -> None:
        self.shared, self.names, self.frames = shared, names, frames
        self.read = Reader(source, self.lookup, shared.found, shared.constants)
        self.exits: list[list[Names]] = [[]]

    def lookup(self, name: str) -> Value:
        for frame in reversed(self.frames):
            if name in frame:
                return frame[name]
        return self.names.get(name, ref(name))

    def block(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self.node(node)

    def node(self, node: Node) -> None:
        self.shared.steps += 1
        if self.shared.steps > _MOST_STEPS:
            self.read.note(ref(REST), Use.WHOLE, node)
            return
        match node:
            case OutputNode():
                self.read.value(node.expression, Use.OUTPUT)
            case AssignNode():
                self.names[str(node.name)] = self.read.value(node.expression, Use.NAMED)
            case CaptureNode():
                self.block(node.block.nodes)
                self.names[str(node.name)] = MADE
            case IfNode() | UnlessNode():
                self.branches(node)
            case CaseNode():
                self.case(node)
            case ForNode() | TablerowNode():
                self.loop(node)
            case CycleNode():
                self.cycle(node)
            case IncludeNode():
                self.include(node)
            case RenderNode():
                self.render(node)
            case BreakNode() | ContinueNode():
                self.exits[-1].append(dict(self.names))
            case IfChangedNode() | LiquidNode() | ConditionalBlockNode():
                self.block(node.block.nodes)
            case BlockNode():
                self.block(node.nodes)
            case _:  # a node of the library that reads nothing
                return

    def cycle(self, node: CycleNode) -> None:
        if node.group is not None:
            self.read.value(node.group, Use.KEY)
        for value in node.args:
            self.read.value(value, Use.OUTPUT)

    # -- branches

    def resolve(self, node: PathNode) -> Path | None:
        """The one path that a name stands for, when it is no more than one and not computed."""
        head, *rest = node.path
        if not isinstance(head, str) or any(isinstance(segment, PathNode) for segment in rest):
            return None
        value = self.lookup(head)
        paths = [one.path for one in refs(value)]
        if len(value) != 1 or len(paths) != 1:
            return None
        return Ref(paths[0]).at(*(self.read.segment(segment) for segment in rest)).path

    def under(self, proved: Guards, nodes: Iterable[Node]) -> Names:
        """The names behind a branch in which some paths are known to be there."""
        before, self.names = self.names, dict(self.names)
        guarded, self.read.guarded = self.read.guarded, self.read.guarded | proved
        self.block(nodes)
        after, self.names, self.read.guarded = self.names, before, guarded
        return after

    def branches(self, node: IfNode | UnlessNode) -> None:
        self.read.condition(node.condition)
        true, false = guards(node.condition, self.resolve)
        if isinstance(node, UnlessNode):
            true, false = false, true
        ends = [self.under(true, node.consequence.nodes)]
        for alternative in node.alternatives:
            outer, self.read.guarded = self.read.guarded, self.read.guarded | false
            self.read.condition(alternative.expression)
            also, neither = guards(alternative.expression, self.resolve)
            self.read.guarded = outer
            ends.append(self.under(false | also, alternative.block.nodes))
            false |= neither
        ends.append(self.under(false, node.default.nodes if node.default else ()))
        self.names = _join_all(ends)

    def case(self, node: CaseNode) -> None:
        """Any of the blocks may be written, one after another."""
        self.read.value(node.expression, Use.COMPARED, safe=True)
        for block in node.blocks:
            if isinstance(block, BlockNode):
                inner = block.nodes
            else:
                inner = block.block.nodes
                for value in block.expression.children():
                    self.when(node.expression, value)
            self.names = join(self.names, self.under(frozenset(), inner))

    def when(self, left: Expression, right: Expression) -> None:
        self.read.compared(left, right)

    def loop(self, node: ForNode | TablerowNode) -> None:
        """Rounds are walked until no name stands for anything new."""
        helper = "forloop" if isinstance(node, ForNode) else "tablerowloop"
        before = dict(self.names)
        for _ in range(_ROUNDS):
            frame: Names = {str(node.expression.identifier): self.read.loop(node.expression), helper: NESTED}
            begin = dict(self.names)
            self.frames.append(frame)
            self.exits.append([])
            self.block(node.block.nodes)
            self.frames.pop()
            self.names = _join_all([begin, self.names, *self.exits.pop()])
            if self.names == begin:
                break
        default = getattr(node, "default", None)
        if default is not None:
            after, self.names = self.names, before
            self.block(default.nodes)
            self.names = join(after, self.names)

    # -- partials

    def include(self, node: IncludeNode) -> None:
        """The partial sees and sets the names of its caller."""
        self.read.value(node.name, Use.KEY)
        frame = {arg.name: self.read.value(arg.value, Use.NAMED) for arg in node.args}
        bound = None if node.var is None else self.read.value(node.var, Use.NAMED)
        ends = []
        for name in called_names(node, self.shared.partials):
            names = dict(frame)
            if bound is not None:
                names[str(node.alias or name.split(".")[0])] = bound | item(bound)
            ends.append(self.call(name, dict(self.names), [*self.frames, names]))
        if ends:
            self.names = _join_all(ends)

    def render(self, node: RenderNode) -> None:
        """The partial sees the data and what it is given, and sets nothing outside."""
        if not isinstance(node.name, Identifier):
            self.read.value(node.name, Use.KEY)
        frame = {arg.name: self.read.value(arg.value, Use.NAMED) for arg in node.args}
        bound = None
        if node.var is not None:
            bound = self.read.value(node.var, Use.LIST if node.loop else Use.NAMED)
        for name in called_names(node, self.shared.partials):
            names = dict(frame)
            if bound is not None:
                names[str(node.alias or name.split(".")[0])] = item(bound) | bound if node.loop else bound
                names |= {"forloop": NESTED} if node.loop else {}
            self.call(name, {}, [names])

    def call(self, name: str, names: Names, frames: list[Names]) -> Names:
        """The names behind a partial; the same call is walked once."""
        key = (name, _frozen(names), tuple(map(_frozen, frames)))
        known = self.shared.rendered.get(key)
        if known is not None:
            return dict(known)
        self.shared.rendered[key] = dict(names)
        if self.shared.depth >= _DEEPEST:
            self.read_everything([names, *frames], name)
            return names
        tree = self.shared.partials[name]
        walk = _Walk(self.shared, tree.source, names, frames)
        walk.read.guarded = self.read.guarded
        self.shared.depth += 1
        walk.block(tree.nodes)
        self.shared.depth -= 1
        self.exits[-1] += walk.exits[0]
        self.shared.rendered[key] = dict(walk.names)
        return walk.names

    def read_everything(self, names: Iterable[Names], name: str) -> None:
        """Calls that nest without end may read all that lies below what they are given."""
        source = self.shared.partials[name].source
        below = [one.at(REST) for frame in names for value in frame.values() for one in refs(value)]
        for one in below:
            self.shared.found[Occurrence(one.path, Use.WHOLE, source, Span(0, 1))] = None


def _frozen(names: Names) -> frozenset[tuple[str, Value]]:
    return frozenset(names.items())


def _join_all(ends: Sequence[Names]) -> Names:
    joined = ends[0]
    for end in ends[1:]:
        joined = join(joined, end)
    return joined

"""Which partial stands behind each `include` and `render`, made once for each place it starts in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from liquid.builtin.tags.include_tag import IncludeNode
from liquid.builtin.tags.render_tag import RenderNode
from liquid.exceptions import LiquidError, LiquidSyntaxError, TemplateNotFoundError

from liquid import ast
from mailweave.diagnostics import Diagnostic, Severity
from mailweave.liquid.contexts import PartialTree
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.failures import SlotMisplaced
from mailweave.liquid.ir.nodes import Capture, IfChanged, Loop, Node, Slot, Tree
from mailweave.liquid.ir.walk import blocks
from mailweave.liquid.lower.expressions import Expressions
from mailweave.liquid.lower.nodes import Nodes, called_name, weight
from mailweave.liquid.output_escapers import Key, Labels, as_is, html_labels, text_labels
from mailweave.liquid.parse import OurEnvironment, parse
from mailweave.source import Source

_HOLDERS: dict[type, str] = {Loop: "a loop", Capture: "a capture", IfChanged: "an `ifchanged`"}


class Binder:
    """Makes the tree of a template and of the partials it can reach; `problems` and `findings` say what is wrong."""

    def __init__(
        self, env: OurEnvironment, dialect: Dialect, sources: Mapping[str, Source], mode: str, trusted: bool
    ) -> None:
        self._env, self._dialect, self._sources = env, dialect, sources
        self._mode, self._trusted = mode, trusted
        self._known: dict[tuple[str, Key], Tree] = {}
        self._dynamic: dict[str, Tree] = {}
        self._unknown: list[LiquidError] = []  # filters
        self._missing: list[LiquidError] = []  # partials
        self.findings: tuple[Diagnostic, ...] = ()

    def root(self, source: Source, start: str) -> Tree:
        """The template itself."""
        tree = Tree("")
        nodes = self._parsed(source)
        labels = self._labels(nodes, source, start)
        if all(finding.severity is not Severity.ERROR for finding in self.findings):
            self._fill(tree, nodes, labels)
        return tree

    def problems(self, tree: Tree) -> list[LiquidError]:
        """What is wrong with the template and its partials."""
        inner = (one.nodes for one in self._known.values())
        slots = [*_misplaced(tree.nodes), *(one for nodes in inner for one in _misplaced(nodes, "a partial"))]
        return [*self._missing, *self._unknown, *slots]

    def _parsed(self, source: Source) -> list[ast.Node]:
        return parse(self._env, source, self._dialect.budget)

    def _labels(self, nodes: list[ast.Node], source: Source, start: str) -> Labels:
        to_text = self._dialect.operators.text
        if self._mode == "html":
            trees = {name: PartialTree(self._parsed(one), one) for name, one in self._sources.items()}
            labels, self.findings = html_labels(
                nodes, source, trees, to_text, start=start, trusted=self._trusted
            )
            return labels
        return text_labels(source, self._sources, to_text) if self._mode == "text" else Labels(as_is(to_text))

    def _fill(self, tree: Tree, nodes: list[ast.Node], labels: Labels) -> None:
        expressions = Expressions(self._dialect, self._unknown)
        tree.nodes = Nodes(expressions, labels, lambda node: self._bind(node, labels)).of(nodes)
        tree.weight = weight(ast.BlockNode(None, nodes))  # type: ignore[arg-type]  # only counted

    def _bind(self, node: IncludeNode | RenderNode, labels: Labels) -> tuple[Tree | None, Mapping[str, Tree]]:
        name = called_name(node)
        if name in self._sources:
            return self._partial(node, name, labels), {}
        if not name and isinstance(node, IncludeNode):
            self._computed(node, labels)
            return None, self._dynamic
        self._missing.append(TemplateNotFoundError(name, token=node.name.token))
        return None, {}

    def _partial(self, node: IncludeNode | RenderNode, name: str, labels: Labels) -> Tree:
        key, inner = labels.calls(node, name)
        known = self._known.get((name, key))
        if known is None:
            known = self._known[name, key] = Tree(name)
            self._fill(known, self._parsed(self._sources[name]), inner)
        return known

    def _computed(self, node: IncludeNode, labels: Labels) -> None:
        """A partial whose name is data may be any; each must mean the same wherever that happens."""
        for name in self._sources:
            partial = self._partial(node, name, labels)
            if self._dynamic.setdefault(name, partial) is not partial:
                message = "a partial whose name is computed would need two ways of escaping"
                self._missing.append(LiquidSyntaxError(message, token=node.token))


def _misplaced(nodes: Iterable[Node], inside: str = "") -> Iterable[SlotMisplaced]:
    """An error for each slot inside what may write it twice, or not where it stands."""
    for node in nodes:
        if isinstance(node, Slot) and inside:
            yield SlotMisplaced(f"the slot `{node.name}` stands inside {inside}", token=node.at)
        for block in blocks(node):
            yield from _misplaced(block.nodes, inside or _HOLDERS.get(type(node), ""))

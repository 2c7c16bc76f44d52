"""Which partial stands behind each `include` and `render`, transformed once for each place it starts in."""

from __future__ import annotations

from collections.abc import Iterable

from liquid.ast import BlockNode, Node
from liquid.builtin.tags.include_tag import IncludeNode
from liquid.builtin.tags.render_tag import RenderNode
from liquid.exceptions import LiquidError, LiquidSyntaxError, TemplateNotFoundError

from liquid import Environment
from mailweave.diagnostics import Diagnostic, Severity
from mailweave.liquid.contexts import PartialTree
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.interpreter import PartialText
from mailweave.liquid.labels import Key, Labels, as_is, html_labels, plain_escape
from mailweave.liquid.parse import parse
from mailweave.liquid.partials import PartialLoader
from mailweave.liquid.tree.partial_nodes import included_name
from mailweave.liquid.tree.transform import Transform, weight
from mailweave.source import Source


class Binder:
    """Makes the transformed tree of a template and of the partials it can reach."""

    def __init__(self, env: Environment, dialect: Dialect, loader: PartialLoader) -> None:
        self._env, self._dialect, self._loader = env, dialect, loader
        self._known: dict[tuple[str, Key], PartialText] = {}
        self._dynamic: dict[str, PartialText] = {}
        self._roots: list[PartialText] = []
        self.problems: list[LiquidError] = []
        self.findings: tuple[Diagnostic, ...] = ()

    def root(self, source: Source, *, mode: str, start: str, trusted: bool) -> PartialText:
        """The template itself."""
        template = PartialText(self._env, [], name="")
        self._roots.append(template)
        nodes = parse(self._env, source, self._dialect.budget)
        labels = self._labels(nodes, source, mode, start, trusted)
        if all(finding.severity is not Severity.ERROR for finding in self.findings):
            self._fill(template, nodes, labels)
        return template

    def _labels(
        self, nodes: list[Node], source: Source, mode: str, start: str, trusted: bool
    ) -> Labels | None:
        to_text = self._dialect.operators.text
        if mode == "html":
            trees = {name: PartialTree(self._parsed(name), one) for name, one in self._loader.sources.items()}
            labels, self.findings = html_labels(nodes, source, trees, to_text, start=start, trusted=trusted)
            return labels
        if mode == "text":
            return Labels(plain_escape(to_text))
        return Labels(as_is(to_text)) if self._dialect.nil_for_missing else None

    def _parsed(self, name: str) -> list[Node]:
        return parse(self._env, self._loader.sources[name], self._dialect.budget)

    def load(self, name: str) -> PartialText:
        """A partial whose name is known only when rendering."""
        if name not in self._dynamic:
            raise TemplateNotFoundError(name)
        return self._dynamic[name]

    def trees(self) -> Iterable[list[Node]]:
        """Every tree made so far."""
        return [template.nodes for template in (*self._roots, *self._known.values())]

    def partial_trees(self) -> Iterable[list[Node]]:
        """The trees of the partials made so far."""
        return [template.nodes for template in self._known.values()]

    def _partial(self, name: str, key: Key, labels: Labels | None) -> PartialText:
        known = self._known.get((name, key))
        if known is None:
            known = self._known[name, key] = PartialText(self._env, [], name=name)
            self._fill(known, self._parsed(name), labels)
        return known

    def _fill(self, template: PartialText, nodes: list[Node], labels: Labels | None) -> None:
        def bind(node: IncludeNode | RenderNode) -> PartialText | None:
            return self._bind(node, labels)

        template.nodes = Transform(self._dialect, labels, bind).nodes(nodes)
        template.weight = weight(BlockNode(None, template.nodes))  # type: ignore[arg-type]  # only counted

    def _bind(self, node: IncludeNode | RenderNode, labels: Labels | None) -> PartialText | None:
        name = included_name(node)
        if name in self._loader.sources:
            return self._called(node, name, labels)
        if not name and isinstance(node, IncludeNode):
            self._computed(node, labels)
        elif self._dialect.nil_for_missing:
            self.problems.append(TemplateNotFoundError(name, token=node.name.token))
        return None

    def _called(self, node: IncludeNode | RenderNode, name: str, labels: Labels | None) -> PartialText:
        key, inner = ("", None) if labels is None else labels.calls(node, name)
        return self._partial(name, key, inner)

    def _computed(self, node: IncludeNode, labels: Labels | None) -> None:
        """A partial whose name is data may be any; each must mean the same wherever that happens."""
        for name in self._loader.sources:
            partial = self._called(node, name, labels)
            if self._dynamic.setdefault(name, partial) is not partial:
                message = "a partial whose name is computed would need two ways of escaping"
                self.problems.append(LiquidSyntaxError(message, token=node.token))

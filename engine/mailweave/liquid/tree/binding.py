"""Which partial stands behind each `include` and `render`, transformed once for each place it starts in."""

from __future__ import annotations

from collections.abc import Iterable

from liquid import Environment
from liquid.ast import BlockNode, Node
from liquid.builtin.tags.include_tag import IncludeNode
from liquid.builtin.tags.render_tag import RenderNode
from liquid.exceptions import LiquidError, TemplateNotFoundError

from mailweave.liquid.dialect import Dialect
from mailweave.liquid.interpreter import PartialText
from mailweave.liquid.labels import Labelling
from mailweave.liquid.parse import parse
from mailweave.liquid.partials import PartialLoader
from mailweave.liquid.tree.partial_nodes import included_name
from mailweave.liquid.tree.transform import Transform, weight
from mailweave.source import Source


class Binder:
    """Makes the transformed tree of a template and of the partials it can reach."""

    def __init__(
        self, env: Environment, dialect: Dialect, loader: PartialLoader, labelling: Labelling
    ) -> None:
        self._env, self._dialect, self._loader, self._labelling = env, dialect, loader, labelling
        self._known: dict[tuple[str, str], PartialText] = {}
        self._roots: list[PartialText] = []
        self.problems: list[LiquidError] = []

    def root(self, source: Source) -> PartialText:
        """The template itself."""
        template = PartialText(self._env, [], name="")
        self._roots.append(template)
        self._fill(template, source, self._labelling.start)
        return template

    def load(self, name: str) -> PartialText:
        """A partial whose name is known only when rendering; it starts in text."""
        return self._partial(name, "text")

    def trees(self) -> Iterable[list[Node]]:
        """Every tree made so far."""
        return [template.nodes for template in (*self._roots, *self._known.values())]

    def _partial(self, name: str, start: str) -> PartialText:
        known = self._known.get((name, start))
        if known is None:
            known = self._known[name, start] = PartialText(self._env, [], name=name)
            self._fill(known, self._loader.sources[name], start)
        return known

    def _fill(self, template: PartialText, source: Source, start: str) -> None:
        nodes = parse(self._env, source, self._dialect.budget)
        labels = self._labelling.labels(nodes, start)

        def bind(node: IncludeNode | RenderNode) -> PartialText | None:
            name = included_name(node)
            if name in self._loader.sources:
                return self._partial(name, "text")
            if name and self._dialect.nil_for_missing:
                self.problems.append(TemplateNotFoundError(name, token=node.name.token))  # type: ignore[attr-defined]
            return None

        template.nodes = Transform(self._dialect, labels, bind).nodes(nodes)
        template.weight = weight(BlockNode(None, template.nodes))  # type: ignore[arg-type]  # only counted

"""One function for a part of an e-mail: its HTML and its plain text, written in one walk.

Tags that stand in both are run once, and a value that the HTML writes is at hand when the text wants it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from liquid.ast import BlockNode, Node
from liquid.expression import Expression

from mailweave.liquid.compiler.core import NotCompilable, Sink
from mailweave.liquid.compiler.function import Compiler
from mailweave.liquid.compiler.pairing import Step, blocks, pairable, steps
from mailweave.liquid.compiler.usage import assigned, paths_of, recurring
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.interpreter import PartialText
from mailweave.liquid.labels import Escape
from mailweave.source import Source

Slots = Mapping[str, str]
PairFunction = Callable[[dict[str, Any], datetime | None, list[str], list[str], Slots, Slots], None]


class PairCompiler(Compiler):
    """One compilation of two templates over the same data."""

    parameters = "data, now, out, txt, slots, texts"

    def __init__(
        self,
        html: PartialText,
        text: PartialText,
        dialect: Dialect,
        constants: Mapping[str, Any],
        source: Source,
    ) -> None:
        super().__init__(html, dialect, constants, source)
        self._html, self._text = html, text
        self.recurring = Counter(self.recurring) + recurring(text.nodes)
        self._other_sinks: list[Sink | None] = [Sink("txt", False)]
        self._partners: dict[int, BlockNode] = {}
        self._values: dict[str, str] = {}
        self._in_text = False

    def check(self) -> None:
        """Raises NotCompilable when the two cannot be walked as one."""
        pairable(self._html.nodes)
        pairable(self._text.nodes)
        if assigned(self._html.nodes) != assigned(self._text.nodes):
            raise NotCompilable("two texts with different variables")

    def everything(self) -> None:
        self.check()
        self._walk(self._html.nodes, self._text.nodes)

    def _head(self, root: Any) -> list[str]:
        self.needs.discard("slots")  # they are parameters
        counter = ["txt_n = 0"] if "txt_n" in self.needs else []
        return ["txt_add = txt.append", *counter, *super()._head(root)]

    # --- the walk ---

    def _walk(self, html: list[Node], text: list[Node]) -> None:
        for step in steps(html, text):
            if not step.writes:
                self._flush_both()
            self._step(step)
        self._flush_both()

    def _step(self, step: Step) -> None:
        if step.html is None:
            assert step.text is not None
            with self._texting():
                self.node(step.text)
            return
        if step.text is not None:
            pairs = zip(blocks(step.html), blocks(step.text), strict=True)
            self._partners |= {id(one): other for one, other in pairs}
        self.node(step.html)

    def _flush_both(self) -> None:
        """The HTML first: the text reads values that it wrote."""
        self.flush()
        with self._texting():
            self.flush()

    @contextmanager
    def _texting(self) -> Iterator[None]:
        """Output goes to the text."""
        self.sinks, self._other_sinks = self._other_sinks, self.sinks
        self._in_text, self.slots = True, "texts"
        yield
        self._in_text, self.slots = False, "slots"
        self.sinks, self._other_sinks = self._other_sinks, self.sinks

    def block(self, block: BlockNode) -> None:
        self._scoped(block, super().block)

    def nodes_of(self, block: BlockNode) -> None:
        self._scoped(block, super().nodes_of)

    def _scoped(self, block: BlockNode, alone: Callable[[BlockNode], None]) -> None:
        """A block; the values that it writes are at hand in it alone."""
        kept, other = dict(self._values), self._partners.get(id(block))
        if other is None:
            alone(block)
        else:
            self._both(block, other)
        self._values = kept

    def _both(self, html: BlockNode, text: BlockNode) -> None:
        self._flush_both()
        self.sinks.append(None if html.blank else self.sinks[-1])
        self._other_sinks.append(None if text.blank else self._other_sinks[-1])
        self._walk(html.nodes, text.nodes)
        self.sinks.pop()
        self._other_sinks.pop()

    # --- values ---

    def _escaped(self, code: str, escape: Escape, node: Expression | None = None) -> str:
        key = self._key(node)
        if key and self._in_text and key in self._values:
            code = self._values[key]
        made = super()._escaped(code, escape, node)
        if key and not self._in_text:
            self._values[key] = self.latest
        return made

    def _key(self, node: Expression | None) -> str:
        """What names a value as long as its names mean the same; empty for what may change."""
        if node is None:
            return ""
        names = []
        for path in paths_of(node):
            root, unit = path.path[0], self.unit
            if not isinstance(root, str) or root in unit.assigned or root.endswith("loop"):
                return ""
            bound = unit.bound(root)
            names.append(f"{root}={bound.code}" if bound else root)
        return f"{node} {names}" if names else ""

    # --- places in the source ---

    def line_of(self, node: Node) -> int:
        return self.writer.line if self._in_text else super().line_of(node)


def compile_pair(
    html: PartialText, text: PartialText, dialect: Dialect, constants: Mapping[str, Any], source: Source
) -> tuple[PairFunction, str] | None:
    """The function and its source, or None when the two have to be rendered one after the other."""
    try:
        made = PairCompiler(html, text, dialect, constants, source).compile()
    except Exception:  # noqa: BLE001  # on any doubt each is rendered alone
        return None
    return cast(PairFunction, made.function), made.source

"""The walk over two templates at once: the HTML of a part of an e-mail, and its plain text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from liquid.ast import BlockNode, Node

from mailweave.liquid.compiler.core import Sink
from mailweave.liquid.compiler.function import Compiler
from mailweave.liquid.compiler.pairing import Step, pairable, steps
from mailweave.liquid.compiler.usage import WRITING, assigned, block_only_writes, blocks, recurring
from mailweave.liquid.compiler.writer import NotCompilable
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.interpreter import PartialText
from mailweave.source import Source


class PairWalk(Compiler):
    """Writes two texts with one set of tags. The HTML comes first: the text may read values that it wrote."""

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
        self.in_text = False

    def check(self) -> None:
        """Raises NotCompilable when the two cannot be walked as one."""
        pairable(self._html.nodes)
        pairable(self._text.nodes)
        if assigned(self._html.nodes) != assigned(self._text.nodes):
            raise NotCompilable("two texts with different variables")

    def everything(self) -> None:
        self.check()
        self.walk(self._html.nodes, self._text.nodes)

    def _head(self, root: Any) -> list[str]:
        self.needs.discard("slots")  # they are parameters
        counter = ["txt_n = 0"] if "txt_n" in self.needs else []
        return ["txt_add = txt.append", *counter, *super()._head(root)]

    def walk(self, html: list[Node], text: list[Node]) -> None:
        for step in steps(html, text):
            self._step(step)
        self._flush_both()

    def _step(self, step: Step) -> None:
        if step.html is None:
            assert step.text is not None
            with self._texting():
                self._in_turn(step.text)
            return
        if step.text is not None:
            pairs = zip(blocks(step.html), blocks(step.text), strict=True)
            self._partners |= {id(one): other for one, other in pairs}
        self._in_turn(step.html)

    def _in_turn(self, node: Node) -> None:
        """A statement comes behind all that was to be written before it, in either text."""
        if not isinstance(node, WRITING) and not self.inlines(node):
            self._flush_all()
        self.node(node)

    def inlines(self, node: Node) -> bool:
        partners = [self._partners[id(block)] for block in blocks(node) if id(block) in self._partners]
        return super().inlines(node) and all(
            block_only_writes(block) and self.expressible(block.nodes) for block in partners
        )

    def asks_for_round(self, block: BlockNode) -> bool:
        other = self._partners.get(id(block))
        return super().asks_for_round(block) or (other is not None and super().asks_for_round(other))

    def open_sinks(self) -> list[Sink]:
        own = super().open_sinks()
        other = self._other_sinks[-1]
        return own if self.in_text or other is None else [*own, other]

    def _flush_both(self) -> None:
        """The HTML first: the text reads values that it wrote."""
        self.flush()
        with self._texting():
            self.flush()

    def _flush_all(self) -> None:
        """Both, from wherever the walk is."""
        if not self.in_text:
            self._flush_both()
            return
        self.sinks, self._other_sinks = self._other_sinks, self.sinks
        self.flush()
        self.sinks, self._other_sinks = self._other_sinks, self.sinks
        self.flush()

    @contextmanager
    def _texting(self) -> Iterator[None]:
        """Output goes to the text."""
        self.sinks, self._other_sinks = self._other_sinks, self.sinks
        self.in_text, self.slots = True, "texts"
        yield
        self.in_text, self.slots = False, "slots"
        self.sinks, self._other_sinks = self._other_sinks, self.sinks

    def block(self, block: BlockNode) -> None:
        self._scoped(block, super().block)

    def nodes_of(self, block: BlockNode) -> None:
        self._scoped(block, super().nodes_of)

    def _scoped(self, block: BlockNode, alone: Callable[[BlockNode], None]) -> None:
        with self.values_apart():
            other = self._partners.get(id(block))
            if other is None:
                alone(block)
            else:
                self._both(block, other)

    @contextmanager
    def values_apart(self) -> Iterator[None]:
        """What is written within leaves no values behind for what follows."""
        yield

    def _both(self, html: BlockNode, text: BlockNode) -> None:
        self._flush_both()
        self.sinks.append(None if html.blank else self.sinks[-1])
        self._other_sinks.append(None if text.blank else self._other_sinks[-1])
        self.body(html.nodes, text.nodes)
        self.sinks.pop()
        self._other_sinks.pop()

    def body(self, html: list[Node], text: list[Node]) -> None:
        """The nodes of a block, in both."""
        self.walk(html, text)

    def line_of(self, node: Node) -> int:
        return self.writer.line if self.in_text else super().line_of(node)

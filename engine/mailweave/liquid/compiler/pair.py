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
from mailweave.liquid.compiler.pairing import Step, pairable, steps
from mailweave.liquid.compiler.usage import (
    WRITING,
    assigned,
    block_only_writes,
    blocks,
    paths_of,
    reached,
    recurring,
)
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.interpreter import PartialText
from mailweave.liquid.labels import MARKED_UP, PLAIN, TWINNED, Escape, twins
from mailweave.liquid.tree.nodes import EscapedOutput
from mailweave.source import Source

Slots = Mapping[str, str | list[str]]
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
        self._twins: dict[str, str] = {}
        self._said = _outputs_of(text)
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
        return super().inlines(node) and all(map(block_only_writes, partners))

    def open_sinks(self) -> list[Sink]:
        own = super().open_sinks()
        other = self._other_sinks[-1]
        return own if self._in_text or other is None else [*own, other]

    def _flush_both(self) -> None:
        """The HTML first: the text reads values that it wrote."""
        self.flush()
        with self._texting():
            self.flush()

    def _flush_all(self) -> None:
        """Both, from wherever the walk is."""
        if not self._in_text:
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
        kept, other = (dict(self._values), dict(self._twins)), self._partners.get(id(block))
        if other is None:
            alone(block)
        else:
            self._both(block, other)
        self._values, self._twins = kept

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
        if self._in_text:
            if key in self._twins and escape.label == PLAIN:
                return f"{self._twins[key]}[1]"
            return super()._escaped(self._values.get(key, code), escape, node)
        self.latest = ""
        if node is not None and key and self._twins_up(node, escape):
            self._twins[key] = pair = self.names.fresh("p")
            made = f"({pair} := {self._twinned(code, escape)})[0]"
        else:
            made = super()._escaped(code, escape, node)
        if key and self.latest:
            self._values[key] = self.latest
        return made

    def _twins_up(self, node: Expression, escape: Escape) -> bool:
        """Whether the text, too, may write this value."""
        is_said = str(node) in self._said and escape.label in TWINNED
        return is_said and not self._is_whole(node)

    def _twinned(self, code: str, escape: Escape) -> str:
        """Source of a value in HTML and in plain text: both are remembered under the value."""
        if code in self.inert:
            self.latest = ""
            test, quick, general = self.inert[code]
            t = self.temporary()
            return f"({t} := {quick}, {t}) if {test} else {self._twinned_value(general, escape)}"
        return self._twinned_value(code, escape)

    def _twinned_value(self, code: str, escape: Escape) -> str:
        memo = self.names.constant(twins(escape.label, self.dialect.operators.text), "T", escape.label)
        t, number = self.temporary(), self.temporary()
        words = "" if escape.label in MARKED_UP else f" and {t}.isascii()"
        known = f"({t}, {t}) if {t}.isalnum(){words} else {memo}[{t}]"
        self.latest = t
        return (
            f"({known}) if type({t} := {code}) is str"
            f" else ({number} := str({t}), {number}) if type({t}) is int else {memo}.of({t})"
        )

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


def _outputs_of(text: PartialText) -> frozenset[str]:
    """The outputs of a plain text, as they are written."""
    outputs = (node for node in reached(text.nodes) if isinstance(node, EscapedOutput))
    return frozenset(str(node.expression) for node in outputs if node.escape.label == PLAIN)


def compile_pair(
    html: PartialText, text: PartialText, dialect: Dialect, constants: Mapping[str, Any], source: Source
) -> tuple[PairFunction, str] | None:
    """The function and its source, or None when the two have to be rendered one after the other."""
    try:
        made = PairCompiler(html, text, dialect, constants, source).compile()
    except Exception:  # noqa: BLE001  # on any doubt each is rendered alone
        return None
    return cast(PairFunction, made.function), made.source

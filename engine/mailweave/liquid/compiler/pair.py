"""One function for a part of an e-mail: its HTML and its plain text, written in one walk.

Tags that stand in both are run once, and a value that the HTML writes is at hand when the text wants it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from liquid.ast import BlockNode, Node
from liquid.builtin.output import OutputNode
from liquid.expression import Expression

from mailweave.liquid.compiler.core import NotCompilable, Piece, Sink
from mailweave.liquid.compiler.function import Compiler
from mailweave.liquid.compiler.pairing import Step, pairable, steps
from mailweave.liquid.compiler.shortcuts import AMOUNTS, Recalled
from mailweave.liquid.compiler.usage import (
    WRITING,
    assigned,
    block_only_writes,
    blocks,
    depends_on,
    paths_of,
    reached,
    recurring,
)
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.fragments import Fragments
from mailweave.liquid.interpreter import PartialText
from mailweave.liquid.labels import MARKED_UP, PLAIN, TWINNED, Escape, twins
from mailweave.liquid.tree.nodes import EscapedOutput
from mailweave.source import Source
from mailweave.values.memo import Memo

Slots = Mapping[str, str | list[str]]
Fill = Callable[[str], str]
_WORTH = 3  # outputs of an item that are worth remembering together
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
        shared: frozenset[str] = frozenset(),
        fill: Fill = str,
    ) -> None:
        super().__init__(html, dialect, constants, source)
        self.shared, self._fill = shared, fill
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

    def _append(self, sink: Sink, pieces: Sequence[Piece]) -> None:
        if sink.name == "txt":
            pieces = [(is_text, self._fill(piece) if is_text else piece) for is_text, piece in pieces]
        super()._append(sink, pieces)

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
        self._walk(*self._by_item(html.nodes, text.nodes))
        self.sinks.pop()
        self._other_sinks.pop()

    # --- items that many renders share ---

    def _by_item(self, html: list[Node], text: list[Node]) -> tuple[list[Node], list[Node]]:
        """Write what the item of a shared list says by itself, and remember it; returns what is left to walk."""
        frames = self.unit.frames
        around = frames[-1].round if frames else None
        if around is None or not around.shared:
            return html, text
        item, around.shared = around.shared, ""
        sinks = self.open_sinks()
        name = next(iter(frames[-1].names))
        ends = [self._owned(nodes, name) for nodes in (html, text)]
        if len(sinks) < 2 or sum(isinstance(node, OutputNode) for node in html[: ends[0]]) < _WORTH:
            return html, text
        memory = self.names.constant(Fragments(self._fill), "R", name)
        held, *made = (self.names.fresh(prefix, name) for prefix in ("f", "h", "q"))
        with self.writer.block(f"if ({held} := {memory}.get(id({item}))) is None:"):
            for variable, pieces in zip(made, self._apart(html[: ends[0]], text[: ends[1]]), strict=True):
                self.write_joined(f"{variable} = (", pieces, ")")
            self.writer.write(f"{memory}.keep({item}, {', '.join(made)})")
        with self.writer.block("else:"):
            self.writer.write(f"_, {', '.join(made)} = {held}")
        for sink, variable in zip(sinks, made, strict=True):
            sink.pending.append((False, variable))
        return html[ends[0] :], text[ends[1] :]

    def _owned(self, nodes: list[Node], name: str) -> int:
        """How many nodes at the beginning write what depends on the item `name` and on nothing else."""
        own = (isinstance(node, WRITING) or super(PairCompiler, self).inlines(node) for node in nodes)
        pure = (depends_on(node, name, self._is_constant, self._is_settled) for node in nodes)
        return next(
            (at for at, is_both in enumerate(map(all, zip(own, pure, strict=True))) if not is_both),
            len(nodes),
        )

    def _is_constant(self, path: Expression) -> bool:
        return self.folder.known(path, self.unit)[0]

    def _is_settled(self, filter_name: str) -> bool:
        """Whether a filter gives the same for the same value in every render."""
        spec = self.dialect.filters.get(filter_name)
        if spec is None or not spec.pure:
            return False
        return not spec.setting or (filter_name in AMOUNTS and "campaign" in self.constants)

    def _apart(self, html: list[Node], text: list[Node]) -> list[list[Piece]]:
        """What nodes write, as expressions; nothing behind them relies on their values."""
        values, twins_ = dict(self._values), dict(self._twins)
        self.inlining += 1
        self._walk(html, text)
        self.inlining -= 1
        self._values, self._twins = values, twins_
        made = [sink.pending for sink in self.open_sinks()]
        for sink in self.open_sinks():
            sink.pending = []
        return made

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
            t, rest = self.temporary(), self._twinned_value(general, escape)
            self.latest = ""
            return f"({t} := {quick}, {t}) if {test} else {rest}"
        if code in self.recalled:
            value, self.latest = self.recalled[code], ""
            general = self._twinned_value(value.general, escape)
            self.latest = ""
            return f"{self._twin_memo(value, escape)}({value.variable}) if {value.test} else {general}"
        return self._twinned_value(code, escape)

    def _twin_memo(self, value: Recalled, escape: Escape) -> str:
        key = f"{value.key} {escape.label} {PLAIN}"
        if key not in self.memos:
            run, both = value.run, twins(escape.label, self.dialect.operators.text).of
            self.memos[key] = Memo(lambda given: both(run(given))).__getitem__
        return self.names.constant(self.memos[key], "M", escape.label)

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
    html: PartialText,
    text: PartialText,
    dialect: Dialect,
    constants: Mapping[str, Any],
    source: Source,
    shared: frozenset[str],
    fill: Fill,
) -> tuple[PairFunction, str] | None:
    """The function and its source, or None when the two have to be rendered one after the other."""
    try:
        made = PairCompiler(html, text, dialect, constants, source, shared, fill).compile()
    except Exception:  # noqa: BLE001  # on any doubt each is rendered alone
        return None
    return cast(PairFunction, made.function), made.source

"""Loops over items that many renders share: what an item writes by itself is remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from liquid.ast import Node
from liquid.builtin.output import OutputNode
from liquid.expression import Expression

from mailweave.liquid.compiler.core import Piece, Sink
from mailweave.liquid.compiler.pair_walk import PairWalk
from mailweave.liquid.compiler.shortcuts import AMOUNTS
from mailweave.liquid.compiler.usage import WRITING, depends_on
from mailweave.liquid.fragments import Fragments

Fill = Callable[[str], str]
_WORTH = 3  # outputs of an item that are worth remembering together


class SharedItems(PairWalk):
    """Writes the beginning of a loop's body from memory, as far as it depends on the item alone.

    `shared`: names of data under which lists lie whose items many renders share and nobody changes. `fill` is done
    to pieces of text that are known now, or remembered.
    """

    def __init__(self, *texts: Any, shared: frozenset[str], fill: Fill) -> None:
        super().__init__(*texts)
        self.shared, self.fill = shared, fill

    def _append(self, sink: Sink, pieces: Sequence[Piece]) -> None:
        if sink.name == "txt":
            pieces = [(is_text, self.fill(piece) if is_text else piece) for is_text, piece in pieces]
        super()._append(sink, pieces)

    def body(self, html: list[Node], text: list[Node]) -> None:
        super().body(*self._by_item(html, text))

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
        memory = self.names.constant(Fragments(self.fill), "R", name)
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
        own = (isinstance(node, WRITING) or super(PairWalk, self).inlines(node) for node in nodes)
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
        self.writer.closed += 1
        with self.values_apart():
            self.walk(html, text)
        self.writer.closed -= 1
        made = [sink.pending for sink in self.open_sinks()]
        for sink in self.open_sinks():
            sink.pending = []
        return made

"""Matrices and overrides: who gets what."""

from __future__ import annotations

import re
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from mailweave.rules import checked as c
from mailweave.rules import nodes as n
from mailweave.rules import typed as x
from mailweave.rules.checker.content import Contents
from mailweave.rules.checker.literals import whole
from mailweave.rules.policies import POLICIES
from mailweave.schema import types as t

_RANKS = {"number": "a number", "score": "an `(expression)`"}


class Choices:
    """Reads matrices and overrides. What was at fault is left out."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.people = contents.people
        self.findings = contents.findings
        self.names = contents.names
        self._slots: dict[str, n.Name] = {}
        self.rows: set[str] = set()

    # ---- matrices

    def matrix(self, node: n.Matrix) -> c.Matrix | None:
        """A matrix: every slot in one, every cell as its policy wants it, `otherwise` last."""
        self._check_ties(node)
        columns = tuple(self._column(column, node.policy) for column in node.columns)
        last = node.rows[-1]
        if last.segment is not None:
            self.findings.report("MW310", last.span)
        for row in node.rows[:-1]:
            if row.segment is None:
                self.findings.report("MW311", row.span)
        rows = [self._row(row, columns) for row in node.rows]
        if last.segment is not None or any(row is None for row in rows):
            return None
        found = [row for row in rows if row is not None]
        name = None if node.name is None else node.name.id
        ties = tuple(tie.key for tie in node.ties)
        return c.Matrix(name, node.policy.name, ties, columns, tuple(found[:-1]), found[-1], node.span)

    def _check_ties(self, node: n.Matrix) -> None:
        keys = [tie.key for tie in node.ties]
        if keys[-1] != "order" or len(set(keys)) < len(keys):
            self.findings.report("MW312", node.ties[-1].span)
        for tie in node.ties:
            if tie.key == "least recently sent":
                self.contents.sent("least recently sent", tie.span)

    def _column(self, node: n.MatrixColumn, policy: n.Policy) -> c.Column:
        name = node.slot
        if self.names.content.kind(name.id) != "slot":
            self.names.unknown("slot", name.id, name.span, self.names.content.of("slot"))
        earlier = self._slots.setdefault(name.id, name)
        if earlier is not name:
            see = self.findings.see("the earlier column", earlier.span)
            self.findings.report("MW313", name.span, related=see, slot=name.id)
        return c.Column(name.id, (node.policy or policy).name, node.span)

    def _row(self, node: n.Row, columns: tuple[c.Column, ...]) -> c.Row | None:
        segment = self._segment(node.segment)
        if node.segment is not None and segment is None:
            return None
        if len(node.cells) > len(columns) and self._runs_into_else(node):
            return None
        if len(node.cells) != len(columns):
            self.findings.report("MW314", node.span, found=len(node.cells), wanted=len(columns))
            return None
        if segment is not None:
            self.rows.add(segment)
        cells = [self._cell(cell, columns[at], node) for at, cell in enumerate(node.cells)]
        return c.Row(segment, tuple(cells), node.span)

    def _runs_into_else(self, node: n.Row) -> bool:
        """Whether a row goes on in a line of `else`, which never starts one: `otherwise` is meant."""
        text = self.findings.source.text[node.span.start : node.span.stop]
        return re.search(r"\n\s*else\b", text) is not None

    def _segment(self, name: n.Name | None) -> str | None:
        return None if name is None else self.people.segment_named(name)

    def _cell(self, node: n.Cell, column: c.Column, row: n.Row) -> c.Cell | None:
        if node.block is None:
            return None
        block = self.contents.block_named(node.block, column.slot) if self._known(column) else None
        self._check_rank(node, column, row)
        score = None if node.score is None else self._score(node.score, node.block.id)
        number = None if node.number is None else whole(node.number.text)
        if block is None:
            return None
        return c.Cell(node.block.id, number, score, node.span)

    def _known(self, column: c.Column) -> bool:
        return self.names.content.kind(column.slot) == "slot"

    def _check_rank(self, node: n.Cell, column: c.Column, row: n.Row) -> None:
        written = {"number": node.number, "score": node.score}
        wanted = () if row.segment is None else POLICIES[column.policy].ranks
        if not wanted and any(written.values()):
            where = "the row `otherwise`" if row.segment is None else f"policy `{column.policy}`"
            self.findings.report("MW315", node.span, where=where)
        elif wanted and not any(written[rank] for rank in wanted):
            what = " or ".join(_RANKS[rank] for rank in wanted)
            self.findings.report("MW316", node.span, policy=column.policy, wanted=f"{what} behind each block")

    def _score(self, node: n.Expression, name: str) -> x.Expr | None:
        found = self.people.fixed(node, f"the rank of `{name}`")
        if found is None or not self.people.expressions.inliner.measured(found, node.span, name):
            return None
        if not isinstance(found.type, t.Int | t.Number | t.Ratio | t.Money):
            self.findings.report("MW230", node.span, found=found.type, wanted="a number or money")
            return None
        return found

    def check_slots(self, slots: Iterable[n.Slot], *, alone: bool) -> None:
        """Notes slots that no matrix fills; without any matrix (`alone`), their fallbacks are what is meant."""
        for slot in slots:
            if slot.name.id in self._slots:
                continue
            if slot.fallback is None:
                self.findings.report("MW392", slot.name.span, slot=slot.name.id)
            elif not alone:
                self.findings.report("MW390", slot.name.span, slot=slot.name.id, block=slot.fallback.id)

    # ---- overrides

    def override(self, node: n.Override) -> c.Override | None:
        """An override between two segments that have rows."""
        names = [self.people.segment_named(name) for name in (node.winner, node.loser)]
        condition = None
        if node.condition is not None:
            condition = self.people.condition(node.condition, node.winner.id)
        if None in names or (node.condition is not None and condition is None):
            return None
        for name in (node.winner, node.loser):
            if name.id not in self.rows:
                self.findings.report("MW320", name.span, name=name.id)
        return c.Override(node.winner.id, node.loser.id, condition, node.span)

    def check_circles(self, overrides: Iterable[c.Override]) -> None:
        """Reports overrides that go round: no candidate might survive them."""
        found = list(overrides)
        graph: dict[str, set[str]] = {}
        for override in found:
            graph.setdefault(override.winner, set()).add(override.loser)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            circle = error.args[1]
            closing = next(o for o in reversed(found) if {o.winner, o.loser} <= set(circle))
            self.findings.report("MW321", closing.span, circle=" over ".join(reversed(circle)))

"""Outputs: values on their way into the text, through the escaper of their place."""

from __future__ import annotations

from collections import Counter

from liquid.ast import Node
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.cycle_tag import CycleNode
from liquid.expression import Expression

from mailweave.liquid.compiler.conditions import Conditions
from mailweave.liquid.compiler.expressions import INTEGERS
from mailweave.liquid.compiler.shortcuts import Recalled
from mailweave.liquid.compiler.usage import paths_of
from mailweave.liquid.escapers import FastPath
from mailweave.liquid.labels import MARKED_UP, PLAIN, Escape, as_is
from mailweave.liquid.tree.nodes import EscapedCycle, EscapedOutput
from mailweave.values.memo import Memo


class Outputs(Conditions):
    """Emits outputs and cycles."""

    recurring: Counter[str]
    latest = ""  # the variable of the value that was written last

    def output(self, node: OutputNode) -> None:
        escape = self._escape(node)
        known, value = self.folder.known(node.expression, self.unit)
        if known:
            try:
                self.put_text(str(escape.run(value)))
            except Exception:  # noqa: BLE001  # fails for each recipient, and then with a place
                self.put("lost()")
            return
        key = self._recurring(node, escape)
        if key in self.unit.sure:
            self.put(self.unit.written[key])
            return
        code = self._escaped(self.tested(node.expression), escape, node.expression)
        if key:
            self.unit.sure.add(key)
            kept = self.unit.written.setdefault(key, self.names.fresh("e"))
            code = f"({kept} := {code})"
        self.put(code)

    def _recurring(self, node: OutputNode, escape: Escape) -> str:
        """The mark of an output that the template writes more than once, from names that never change."""
        mark = f"{escape.label} {node.expression}"
        if self.recurring.get(mark, 0) < 2:
            return ""
        return mark if all(self._is_fixed(path) for path in paths_of(node.expression)) else ""

    def _is_fixed(self, path: Path) -> bool:
        root, unit = path.path[0], self.unit
        loops = ("forloop", "tablerowloop")
        changing = root in loops or root in unit.assigned or root in unit.counters
        return isinstance(root, str) and not changing and unit.bound(root) is None

    def _escape(self, node: Node) -> Escape:
        if isinstance(node, (EscapedOutput, EscapedCycle)):
            return node.escape
        return as_is(self.dialect.operators.text)

    def _escaped(self, code: str, escape: Escape, node: Expression | None = None) -> str:
        """Source of the text of a value: the quick way when the value needs no more."""
        if node is not None and escape.numbers and self._is_whole(node):
            return f"str({code})"
        if code in self.inert and escape.label in (*MARKED_UP, PLAIN):
            test, quick, general = self.inert[code]
            return f"({quick} if {test} else {self._escaped(general, escape)})"
        if code in self.recalled:
            return self._recalled(self.recalled[code], escape)
        self.latest = t = self.temporary()
        general = f"{self.names.constant(escape.run, 'E', escape.label)}({t})"
        other = f"str({t}) if type({t}) is int else {general}" if escape.numbers else general
        fast = escape.fast
        if fast is None or _searches(fast):
            return f"({self._kept(escape)}({t}) if type({t} := {code}) is str else {other})"
        test, result = fast.test, fast.result
        for hint, value in fast.names.items():
            held = self.names.constant(value, "H", hint)
            test, result = test.replace(hint, held), result.replace(hint, held)
        quick, test = result.replace("VALUE", t), test.replace("VALUE", t)
        if test == "True":
            return f"({quick} if type({t} := {code}) is str else {other})"
        if fast.result != "VALUE" or escape.label == PLAIN:
            return f"({quick} if type({t} := {code}) is str and {test} else {other})"
        return f"(({t} if {test} else {self._kept(escape)}({t})) if type({t} := {code}) is str else {other})"

    def _recalled(self, value: Recalled, escape: Escape) -> str:
        """Source of a remembered value: it is remembered as it is written."""
        key = f"{value.key} {escape.label}"
        if key not in self.memos:
            run, written = value.run, escape.run
            self.memos[key] = Memo(lambda given: written(run(given))).__getitem__
        memo = self.names.constant(self.memos[key], "M", escape.label)
        return f"({memo}({value.variable}) if {value.test} else {self._escaped(value.general, escape)})"

    def _kept(self, escape: Escape) -> str:
        """The results of a dear escaper are kept: a shop's addresses and a campaign's marks recur."""
        if escape.label not in self.memos:
            self.memos[escape.label] = Memo(escape.run).__getitem__
        return self.names.constant(self.memos[escape.label], "M", escape.label)

    def _is_whole(self, node: Expression) -> bool:
        """Whether a value is certainly a whole number: a loop's index or length."""
        path = node.left if isinstance(node, FilteredExpression) and not node.filters else node
        if not isinstance(path, Path) or len(path.path) != 2:
            return False
        root, member = path.path
        if root not in ("forloop", "tablerowloop") or not isinstance(root, str):
            return False
        is_position = isinstance(member, str) and member in INTEGERS
        return is_position and self.unit.bound(root) is None and bool(self.unit.rounds_called(root))

    def cycle(self, node: CycleNode) -> None:
        escape = self._escape(node)
        values = "".join(f"{self.value(value)}, " for value in node.args)
        turns, held, at = self.state("turns"), self.temporary(), self.temporary()
        self.flush()
        self.writer.write(f"{held} = ({values})")
        self.writer.write(f"{at} = {self._turn(node, turns, held)}")
        printed = self._escaped(f"{held}[{at}]", escape)
        self.put(f"({printed} if {at} < len({held}) else '')")

    def _turn(self, node: CycleNode, turns: str, held: str) -> str:
        key = node.key if isinstance(node, EscapedCycle) else None
        if key is not None:
            group = repr(key) if node.group is None else self.value(node.group)
            return f"next_round({turns}, {group}, {held})"
        group = "''" if node.group is None else f"cycle_name({self.value(node.group)})"
        return f"next_turn({turns}, {group}, {held})"


def _searches(fast: FastPath) -> bool:
    """Whether a quick test is a regular expression's search, which costs more than remembering."""
    return bool(fast.names) and fast.result == "VALUE"

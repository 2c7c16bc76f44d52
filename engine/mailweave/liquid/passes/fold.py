"""What constants decide is decided: expressions, branches, outputs, and loops over short lists.

>>> from mailweave.liquid.debug import shown, tree
>>> text = "{% if lang == 'de' %}Hallo{% else %}Hi{% endif %} {{ shop | upcase }}{{ a | plus: n }}"
>>> nodes, facts = tree(text, constants={"lang": "de", "shop": "Acme", "n": 1})
>>> shown(fold_constants(nodes, facts))
"['Hallo'] ' ' 'ACME' {{a | plus: 1}}"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from mailweave.liquid.budget import Budget, Meter
from mailweave.liquid.evaluate import Scope
from mailweave.liquid.filters.quick import ISO_DAY
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.ir import walk
from mailweave.liquid.ir.expressions import Const, Expression, Filtered, Path, Range, Step, const
from mailweave.liquid.ir.walk import operands, with_blocks, with_expressions
from mailweave.liquid.members import quoted
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.values import PLAIN

_CHEAP = Budget(steps=10_000, allocation=200_000)
_UNROLLED = 50  # rounds over a known list that are written out
_LARGEST = 40  # nodes in such a round


def fold_constants(nodes: tuple[n.Node, ...], facts: Facts) -> tuple[n.Node, ...]:
    """The nodes with what is known worked out."""
    return Folding.of(nodes, facts).nodes(nodes)


@dataclass(frozen=True, slots=True)
class Folding:
    """One scope: `changing` are its names that are no constants, `known` those of a round that is written
    out. `keeps_loops`: no loop is written out within another, or where one goes on where another stopped."""

    facts: Facts
    changing: frozenset[str]
    known: Mapping[str, Any] = field(default_factory=dict)
    keeps_loops: bool = False

    @classmethod
    def of(cls, nodes: tuple[n.Node, ...], facts: Facts) -> Folding:
        """The scope of a template."""
        changing = walk.assigned(nodes) | walk.counters(nodes)
        return cls(facts, changing, keeps_loops=walk.asks_where_stopped(nodes))

    def nodes(self, nodes: Iterable[n.Node]) -> tuple[n.Node, ...]:
        return tuple(self._node(node) for node in nodes)

    def block(self, block: n.Block) -> n.Block:
        return replace(block, nodes=self.nodes(block.nodes))

    def _with(self, *names: str, keeps_loops: bool) -> Folding:
        """The scope below, where these names mean something else."""
        known = {name: value for name, value in self.known.items() if name not in names}
        return replace(self, changing=self.changing | {*names}, known=known, keeps_loops=keeps_loops)

    def _node(self, node: n.Node) -> n.Node:
        scope = self
        if isinstance(node, n.Call) and not node.isolated:  # a parameter sees the earlier ones
            scope = self._with(*(one.name for one in node.arguments), keeps_loops=True)
        made = with_expressions(node, scope.expression)
        match made:
            case n.Output():
                return _written(made)
            case n.Branch():
                return self._branch(made)
            case n.Loop():
                return self._loop(made)
            case n.Table():
                return replace(made, body=self._with(made.name, keeps_loops=True).block(made.body))
            case n.Call():
                return self._call(made)
            case _:  # what lies below it
                return with_blocks(made, self.block)

    def _branch(self, node: n.Branch) -> n.Node:
        arms: list[n.Arm] = []
        for arm in node.arms:
            test = arm.test
            holds = isinstance(test, Const) and test.value is not None and test.value is not False
            if holds or test is None:
                arms.append(n.Arm(None, self.block(arm.body)))
                break
            if not isinstance(test, Const):
                arms.append(n.Arm(test, self.block(arm.body)))
        if arms and arms[0].test is None:
            return arms[0].body
        return replace(node, arms=tuple(arms)) if arms else n.Block((), part=node.part)

    def _call(self, node: n.Call) -> n.Node:
        if node.body is None:
            return node
        names = (*(one.name for one in node.arguments), node.key)
        if not node.isolated:
            return replace(node, body=self._with(*names, keeps_loops=self.keeps_loops).block(node.body))
        inner = Folding.of(node.body.nodes, self.facts)
        scope = inner._with(*names, keeps_loops=inner.keeps_loops or node.each)
        return replace(node, body=scope.block(node.body))

    def _loop(self, node: n.Loop) -> n.Node:
        otherwise = node.otherwise and self.block(node.otherwise)
        if not self.keeps_loops and self._may_unroll(node):
            return n.Block(tuple(self._turns(node)), part=node.part)
        body = self._with(node.name, keeps_loops=True).block(node.body)
        return replace(node, body=body, otherwise=otherwise)

    def _may_unroll(self, node: n.Loop) -> bool:
        """Whether the rounds may be written out one by one, so that its items are constants too."""
        items = node.items.value if isinstance(node.items, Const) else None
        if not isinstance(items, (list, tuple)) or not 0 < len(items) <= _UNROLLED:
            return False
        if node.limit is not None or node.offset is not None or node.continues or node.backwards:
            return False
        within = list(walk.reached(node.body.nodes))
        awkward = (n.Interrupt, n.Call, n.Capture, n.Assign, n.Cycle, n.Loop, n.Table)
        if len(within) > _LARGEST or any(isinstance(one, awkward) for one in within):
            return False
        return not any(path.keys[:2] == ("forloop", "parentloop") for path in walk.paths(node.body.nodes))

    def _turns(self, node: n.Loop) -> Iterable[n.Turn]:
        items = node.items.value  # type: ignore[union-attr]  # a known list
        for index, item in enumerate(items):
            scope = replace(self, known={**self.known, node.name: item}, keeps_loops=True)
            body = scope.block(node.body)
            yield n.Turn(node.name, const(item), index, len(items), node.title, body, node.part, node.at)

    # --- expressions ---

    def expression(self, node: Expression) -> Expression:
        """The expression with what is known in it worked out."""
        if isinstance(node, (Const, Range)):
            return with_expressions(node, self.expression)
        made = with_expressions(node, self.expression)
        if not self._is_known(made):
            return made
        scope = Scope(self.facts.dialect, Meter(_CHEAP), self.facts.constants, None)
        try:
            with scope.over(self.known):
                value = scope.value(made)
        except Exception:  # noqa: BLE001  # then it is left to the render, which fails with a place
            return made
        return const(value) if type(value) in PLAIN else made

    def _is_known(self, node: Expression) -> bool:
        if isinstance(node, Path):
            return self._leads_to_constant(node)
        if isinstance(node, Filtered) and not all(self._is_settled(step, node) for step in node.steps):
            return False
        return all(isinstance(one, Const) for one in operands(node))

    def _leads_to_constant(self, node: Path) -> bool:
        root = node.keys[0]
        if not isinstance(root, str) or not all(isinstance(key, (str, int, Const)) for key in node.keys):
            return False
        if root in self.known:
            return True
        if root in self.changing or root not in self.facts.constants:
            return False
        return node.optional or self._exists(node)

    def _exists(self, node: Path) -> bool:
        """A missing member of a constant is not folded where it would be an error."""
        scope = Scope(self.facts.dialect, Meter(_CHEAP), self.facts.constants, None)
        return scope.find([quoted(key.value) if isinstance(key, Const) else key for key in node.keys])[0]

    def _is_settled(self, step: Step, node: Filtered) -> bool:
        """Whether a filter gives the same for the same value in every render."""
        spec = self.facts.dialect.filters[step.name]
        if step.name == "date":
            return step is node.steps[0] and _is_day(node, step)
        return not spec.setting or "campaign" in self.facts.constants


def _is_day(node: Filtered, step: Step) -> bool:
    """A written-out day in a fixed form reads the same at all times and places."""
    form = step.arguments[0].value if step.arguments else None
    if not isinstance(form, Const) or not isinstance(form.value, str) or "%" not in form.value:
        return False  # the forms that have names follow the locale
    day = node.left.value if isinstance(node.left, Const) else None
    return isinstance(day, str) and bool(ISO_DAY.fullmatch(day))


def _written(node: n.Output) -> n.Node:
    """The text of an output whose value is known; where its escaper fails, it fails for each recipient."""
    if not isinstance(node.value, Const):
        return node
    try:
        return n.Text(str(node.escape.run(node.value.value)), node.part, node.at)
    except Exception:  # noqa: BLE001  # the render fails with a place
        return node

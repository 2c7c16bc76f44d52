"""The least that a template writes: of all ways through its branches, the one that says least.

What stands in a branch that somebody may not take, or in a loop that may have no round, is written for some and not
for all. Branches that constants decide are decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from mailweave.liquid.ir.expressions import Const, Expression, Filtered, Path
from mailweave.liquid.ir.nodes import (
    Assign,
    Block,
    Branch,
    Capture,
    Case,
    Loop,
    Node,
    Output,
    Slot,
    Text,
    Tree,
)
from mailweave.liquid.ir.walk import reached
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.passes.known import Known, is_true

Says = Callable[[str], str]
Rank = Callable[[str], int]
UNCLEAR = "?"
_KEPT = frozenset({"default", "strip"})  # filters that leave what is not empty
_SAME = _KEPT | {"escape", "escape_once"}  # an output is escaped once, whoever asks for it


class MinimalOutput:
    """Walks one tree. `says`: what an output writes, by its dotted path, which is `UNCLEAR` where it is none;
    `slot`: what stands for a slot; `rank`: how much a way through a branch says, from 0."""

    def __init__(self, tree: Tree, facts: Facts, says: Says, slot: Says, rank: Rank) -> None:
        self._tree, self._says, self._slot, self._rank = tree, says, slot, rank
        self._known = Known.at_start(tree.nodes, facts)
        setting = (node for node in reached(tree.nodes) if isinstance(node, (Assign, Capture)))
        self._assigned = Counter(node.name for node in setting)
        self._paths: dict[str, str] = {}

    def text(self) -> str:
        """The text of the template. What it assigns once, outside of branches, holds from there on."""
        written = []
        for node in self._tree.nodes:
            if isinstance(node, Assign) and self._assigned[node.name] == 1:
                self._paths[node.name] = self._path(node.value, _KEPT)
            written.append(self._node(node))
        return "".join(written)

    def _node(self, node: Node) -> str:
        match node:
            case Text():
                return node.text
            case Slot():
                return self._slot(node.name)
            case Output():
                return self._says(self._path(node.value, _SAME))
            case Branch():
                return self._fewest(self._branches(node))
            case Case():
                missing = [] if any(arm.values is None for arm in node.arms) else [""]
                return self._fewest([*(self._block(arm.body) for arm in node.arms), *missing])
            case Loop():
                return "" if node.otherwise is None else self._block(node.otherwise)
            case _:  # nothing is sure of what it writes
                return ""

    def _block(self, block: Block) -> str:
        return "".join(map(self._node, block.nodes))

    def _fewest(self, ways: Iterable[str]) -> str:
        return min(ways, key=self._rank)

    def _branches(self, node: Branch) -> Iterator[str]:
        for arm in node.arms:
            test = None if arm.test is None else self._known.expression(arm.test)
            holds = is_true(test)
            if holds or not isinstance(test, Const):
                yield self._block(arm.body)
            if holds:
                return
        yield ""

    def _path(self, value: Expression, same: frozenset[str]) -> str:
        """The dotted path in the data of what an expression gives, or `UNCLEAR`; filters of `same` do not count."""
        if isinstance(value, Filtered):
            if {step.name for step in value.steps} - same:
                return UNCLEAR
            value = value.left
        if not isinstance(value, Path) or not all(isinstance(key, (str, int)) for key in value.keys):
            return UNCLEAR
        root, *rest = map(str, value.keys)
        start = self._paths.get(root, UNCLEAR) if root in self._assigned else root
        return UNCLEAR if start == UNCLEAR else ".".join((start, *rest))

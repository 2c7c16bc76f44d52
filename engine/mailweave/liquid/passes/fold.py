"""What constants decide is decided: expressions, branches, outputs, variables, and loops over a few known items.

>>> from mailweave.liquid.debug import shown, tree
>>> text = "{% if lang == 'de' %}Hallo{% else %}Hi{% endif %} {{ shop | upcase }}{{ a | plus: n }}"
>>> nodes, facts = tree(text, constants={"lang": "de", "shop": "Acme", "n": 1})
>>> shown(fold_constants(nodes, facts))
"['Hallo'] ' ' 'ACME' {{a | plus: 1}}"
>>> nodes, facts = tree("{% assign t = shop | upcase %}{% for x in l %}{{ x }} {{ t }}{% endfor %}",
...     constants={"shop": "Acme", "l": [1, 2]})
>>> shown(fold_constants(nodes, facts))
"[['1' ' ' 'ACME'] ['2' ' ' 'ACME']]"
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mailweave.liquid.ir import nodes as n
from mailweave.liquid.ir import walk
from mailweave.liquid.ir.expressions import Const, Path, const
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.passes.known import Known, is_true
from mailweave.liquid.values import PLAIN

_MOST_ROUNDS = 24  # of a loop that is written out
_MOST_NODES = 1200  # that all such loops of a template become
_COUNTS = frozenset({"index", "index0", "rindex", "rindex0", "first", "last", "length"})


def fold_constants(nodes: tuple[n.Node, ...], facts: Facts) -> tuple[n.Node, ...]:
    """The nodes with what is known worked out."""
    return _read_only(Folding.of(nodes, facts, [_MOST_NODES]).nodes(nodes))


@dataclass(frozen=True, slots=True)
class Folding:
    """Goes through a scope in the order in which it is rendered.

    is_plain: whether each name that it reads is written out; otherwise variables and loops are left as they are.
    continues: whether a loop goes on where another one stopped. room: how many nodes may still be written out.
    """

    known: Known
    is_plain: bool
    continues: bool
    room: list[int]

    @classmethod
    def of(cls, nodes: tuple[n.Node, ...], facts: Facts, room: list[int]) -> Folding:
        """For a template, or a partial that is rendered."""
        asks = any(isinstance(one, (n.Assign, n.Loop)) for one in walk.reached(nodes))
        is_plain = asks and _names_read(nodes) is not None  # of others nobody asks, and it takes long
        return cls(Known.at_start(nodes, facts), is_plain, walk.asks_where_stopped(nodes), room)

    def nodes(self, nodes: tuple[n.Node, ...]) -> tuple[n.Node, ...]:
        return tuple(map(self._node, nodes))

    def _under(self, names: Mapping[str, Const | None]) -> Folding:
        return replace(self, known=self.known.under(names))

    def _apart(self, block: n.Block) -> n.Block:
        """A block that may not be reached."""
        return replace(block, nodes=replace(self, known=self.known.apart()).nodes(block.nodes))

    def _node(self, node: n.Node) -> n.Node:
        if isinstance(node, n.Call):
            return self._call(node)
        made = walk.with_expressions(node, self.known.expression)
        match made:
            case n.Output(Const()):
                return _written(made)
            case n.Assign():
                return self._assign(made)
            case n.Branch():
                return self._branch(made)
            case n.Loop():
                return self._written_out(made) or self._loop(made)
            case n.Case():
                self._forget(made)
                return walk.with_blocks(made, self._apart)
            case n.Capture():
                made = walk.with_nodes(made, self.nodes)  # which sees what the name meant before
                self.known.forget([made.name])
                return made
            case _:  # what lies below it
                return walk.with_nodes(made, self.nodes)

    def _forget(self, node: n.Node) -> None:
        """What a node may set, which may not be reached, or be reached again."""
        self.known.forget(walk.assigned([node]))

    def _assign(self, node: n.Assign) -> n.Node:
        self.known.forget([node.name])
        if self.is_plain and isinstance(node.value, Const):
            self.known.variables[node.name] = node.value
        return node

    def _branch(self, node: n.Branch) -> n.Node:
        """The arms that may be taken, up to one that is."""
        arms: list[n.Arm] = []
        for arm in node.arms:
            test = arm.test
            holds = is_true(test)
            if holds and not arms:
                return replace(arm.body, nodes=self.nodes(arm.body.nodes))
            if holds or not isinstance(test, Const):
                arms.append(n.Arm(None if holds else test, self._apart(arm.body)))
            if holds:
                break
        made = replace(node, arms=tuple(arms)) if arms else n.Block(())
        self._forget(made)
        return made

    def _loop(self, node: n.Loop) -> n.Node:
        self._forget(node)
        counts = "tablerowloop" if node.table else "forloop"
        inner = self._under({node.name: None, counts: None})
        otherwise = node.otherwise and self._apart(node.otherwise)
        return replace(node, body=inner._apart(node.body), otherwise=otherwise)

    def _written_out(self, node: n.Loop) -> n.Node | None:
        """The rounds of a loop over a few known items, each for itself; None where it has to stay a loop."""
        items = self._items(node)
        if items is None:
            return None
        if not items:
            return node.otherwise and replace(node.otherwise, nodes=self.nodes(node.otherwise.nodes))
        before, rounds, names = dict(self.known.variables), list[n.Node](), {node.name, "forloop"}
        for at, item in enumerate(items):
            counts = const(_counts(at, len(items)))
            nodes = self._under({"forloop": counts, node.name: const(item)}).nodes(node.body.nodes)
            if _asks_for(nodes, names):  # in a way that is not known
                self.known.variables.clear()
                self.known.variables.update(before)
                return None
            rounds.append(n.Block(nodes, node.body.at))
        return n.Block(tuple(rounds), node.at)

    def _items(self, node: n.Loop) -> list[Any] | None:
        """What a loop goes over, where that is known and little, and nothing in it minds."""
        if not self.is_plain or self.continues or node.table or node.offset or node.backwards:
            return None
        items = _known_items(node)
        if items is None or len(items) > _MOST_ROUNDS or node.name == "forloop":
            return None
        below = list(walk.reached(node.body.nodes))
        if len(items) * len(below) > self.room[0]:
            return None
        stays = any(isinstance(one, (n.Interrupt, n.Call, n.Slot)) for one in below)
        if stays or not _only_counts(node.body.nodes):
            return None
        self.room[0] -= len(items) * len(below)
        return items

    def _call(self, node: n.Call) -> n.Node:
        """A partial; where it is included, a parameter sees the earlier ones."""
        names = dict.fromkeys([*(one.name for one in node.arguments), node.key])
        given = self if node.isolated else self._under(dict.fromkeys(one.name for one in node.arguments))
        made = walk.with_expressions(node, given.known.expression)
        if node.body is None:
            return made
        self._forget(node)
        inner = Folding.of(node.body.nodes, self.known.facts, self.room) if node.isolated else self
        return walk.with_blocks(made, inner._under({**names, "forloop": None})._apart)


def _known_items(node: n.Loop) -> list[Any] | None:
    """The items of a known list, as many as a known limit lets through."""
    items = node.items.value if isinstance(node.items, Const) else None
    if type(items) is not list or any(type(one) not in PLAIN for one in items):
        return None
    if node.limit is None:
        return items
    limit = node.limit.value if isinstance(node.limit, Const) else None
    return items[:limit] if type(limit) is int and limit > 0 else None


def _counts(at: int, count: int) -> dict[str, Any]:
    """What `forloop` says in a round."""
    left = count - at
    return {
        "index": at + 1,
        "index0": at,
        "rindex": left,
        "rindex0": left - 1,
        "first": at == 0,
        "last": left == 1,
        "length": count,
    }


def _only_counts(nodes: tuple[n.Node, ...]) -> bool:
    """Whether nodes ask a loop for its counts alone."""
    asked = [path.keys[1:] for path in walk.paths(nodes) if path.keys[0] == "forloop"]
    return all(len(keys) == 1 and keys[0] in _COUNTS for keys in asked)


def _asks_for(nodes: Iterable[n.Node], names: Collection[str]) -> bool:
    """Whether nodes read one of these names, which stand for something outside of them."""
    for node in nodes:
        read = (one for held in walk.operands(node) for one in walk.within(held))
        if any(isinstance(one, Path) and one.keys[0] in names for one in read):
            return True
        if isinstance(node, n.Loop):
            below = set(names) - {node.name, "tablerowloop" if node.table else "forloop"}
            if _asks_for(node.body.nodes, below) or (
                node.otherwise and _asks_for(node.otherwise.nodes, names)
            ):
                return True
        elif any(_asks_for(block.nodes, names) for block in walk.blocks(node)):
            return True
    return False


def _read_only(nodes: tuple[n.Node, ...]) -> tuple[n.Node, ...]:
    """The nodes without variables that have a known value and are read no more."""
    read = _names_read(nodes) if walk.assigned(nodes) else None
    return nodes if read is None else _without(nodes, read)


def _names_read(nodes: tuple[n.Node, ...]) -> set[object] | None:
    """The names that a scope reads; None where it may read any, by one that is data."""
    roots: set[object] = {path.keys[0] for path in walk.paths(nodes)}
    return roots if all(type(root) is str for root in roots) and "self" not in roots else None


def _without(nodes: Iterable[n.Node], read: Collection[object]) -> tuple[n.Node, ...]:
    kept = (one for one in nodes if not _is_idle(one, read))
    return tuple(
        one if isinstance(one, n.Call) else walk.with_nodes(one, lambda below: _without(below, read))
        for one in kept
    )


def _is_idle(node: n.Node, read: Collection[object]) -> bool:
    return isinstance(node, n.Assign) and isinstance(node.value, Const) and node.name not in read


def _written(node: n.Output) -> n.Node:
    """The text of an output whose value is known; where its escaper fails, it fails for each recipient."""
    assert isinstance(node.value, Const)
    try:
        return n.Text(str(node.escape.run(node.value.value)), node.part, node.at)
    except Exception:  # noqa: BLE001  # the render fails with a place
        return node

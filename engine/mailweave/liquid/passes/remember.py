"""What the items of a shared list write by themselves is remembered, not written again for each recipient.

>>> from mailweave.liquid.debug import shown, tree
>>> from dataclasses import replace
>>> from mailweave.liquid.passes.pair import joined_parts
>>> text = "{% for p in lists.picks %}{{ p.name }} {{ p.price }} {{ p.url }} {{ who }}{% endfor %}"
>>> (html, facts), (text, _) = tree(text), tree(text, escape="text")
>>> known = replace(facts, shared=frozenset({"lists"}))
>>> print(shown(remember_items(joined_parts({"html": html, "text": text}), known)))  # doctest: +NORMALIZE_WHITESPACE
Loop(p, lists.picks, [Remembered(p, [{{p.name}} ' ' {{p.price}} ' ' {{p.url}} ' '
text:{{p.name}} text:' ' text:{{p.price}} text:' ' text:{{p.url}} text:' ']) {{who}} text:{{who}}])
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import get_args

from mailweave.liquid.ir import nodes as n
from mailweave.liquid.ir.expressions import Path
from mailweave.liquid.ir.walk import assigned, expressions, only_writes, reached, with_nodes
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.passes.pair import WRITING

_WORTH = 3  # outputs of an item that are worth remembering together


def remember_items(nodes: tuple[n.Node, ...], facts: Facts) -> tuple[n.Node, ...]:
    """The nodes with what is remembered set apart at the beginning of such loops."""
    return _Remembering(facts, assigned(nodes)).nodes(nodes) if facts.shared else nodes


@dataclass(frozen=True, slots=True)
class _Remembering:
    facts: Facts
    hidden: frozenset[str]  # names that may not be the data's

    def nodes(self, nodes: tuple[n.Node, ...]) -> tuple[n.Node, ...]:
        return tuple(map(self._node, nodes))

    def _node(self, node: n.Node) -> n.Node:
        bound = {node.name} if isinstance(node, n.Loop) else {}
        made = with_nodes(node, replace(self, hidden=self.hidden.union(bound)).nodes)
        if isinstance(made, n.Loop) and self._is_shared(made):
            return replace(made, body=self._set_apart(made))
        return made

    def _is_shared(self, node: n.Loop) -> bool:
        """Whether many renders go over the same items."""
        root = node.items.keys[0] if isinstance(node.items, Path) else None
        return root in self.facts.shared and root not in self.hidden

    def _set_apart(self, loop: n.Loop) -> n.Block:
        """Each part as far as it depends on the item alone; what is done besides ends both."""
        own: list[n.Node] = []
        rest: list[n.Node] = []
        ended: set[n.Part] = set()
        for node in loop.body.nodes:
            parts: set[n.Part] = {node.part} if isinstance(node, WRITING) else set(get_args(n.Part))
            if ended & parts or not self._is_its_own(node, loop.name):
                ended |= parts
                rest.append(node)
            else:
                own.append(node)
        if sum(isinstance(node, n.Output) and node.part == "html" for node in reached(own)) < _WORTH:
            return loop.body
        return replace(loop.body, nodes=(n.Remembered(loop.name, n.Block(tuple(own))), *rest))

    def _is_its_own(self, node: n.Node, name: str) -> bool:
        """Whether what a node writes depends on the item and on nothing else: all else in it is known by now."""
        return only_writes(node) and all(
            one.keys[0] == name if isinstance(one, Path) else self.facts.are_settled(one)
            for one in expressions([node])
        )

"""Where slots stand that may not stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from liquid.ast import Node
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.for_tag import ForNode
from liquid.builtin.tags.ifchanged_tag import IfChangedNode
from liquid.builtin.tags.tablerow_tag import TablerowNode

from mailweave.liquid.failures import SlotMisplaced
from mailweave.liquid.slots import SlotNode
from mailweave.liquid.tree.transform import inner

_HOLDERS: dict[type[Node], str] = {
    ForNode: "a loop",
    TablerowNode: "a loop",
    CaptureNode: "a capture",
    IfChangedNode: "an `ifchanged`",
}


def misplaced(nodes: Iterable[Node], inside: str = "") -> Iterator[SlotMisplaced]:
    """An error for each slot inside what may write it twice, or not where it stands."""
    for node in nodes:
        holder = next((name for kind, name in _HOLDERS.items() if isinstance(node, kind)), "")
        if isinstance(node, SlotNode) and inside:
            yield SlotMisplaced(f"the slot `{node.name}` stands inside {inside}", token=node.token)
        yield from misplaced(inner(node), inside or holder)

"""Which tags of a plain text are those of its HTML.

The text of a part is derived from its HTML, so most tags stand in both, in the same order. Those are walked
once; what stands in one alone is walked for that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from liquid.ast import BlockNode, ConditionalBlockNode, Node
from liquid.builtin.tags.assign_tag import AssignNode
from liquid.builtin.tags.case_tag import CaseNode, MultiExpressionBlockNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.unless_tag import UnlessNode

from mailweave.liquid.compiler.usage import WRITING, asks_where_stopped, reached
from mailweave.liquid.compiler.writer import NotCompilable
from mailweave.liquid.slots import SlotNode

BRANCHING = (IfNode, UnlessNode, CaseNode, ForNode)
ACTING = (AssignNode, BreakNode, ContinueNode)  # what changes how the walk goes on
UNPAIRED = (*WRITING, SlotNode)
PAIRABLE = (*UNPAIRED, *BRANCHING, *ACTING, BlockNode, ConditionalBlockNode, MultiExpressionBlockNode)


@dataclass(frozen=True, slots=True)
class Step:
    """A node of the HTML, of the text, or one that is the same in both."""

    html: Node | None
    text: Node | None


def pairable(nodes: list[Node]) -> None:
    """Refuses tags whose state two walks would have twice: captures, counters, cycles, partials."""
    strange = next((node for node in reached(nodes) if not isinstance(node, PAIRABLE)), None)
    if strange is not None or asks_where_stopped(nodes):
        raise NotCompilable(f"two texts with a {type(strange).__name__} in one walk")


def steps(html: Sequence[Node], text: Sequence[Node]) -> Iterator[Step]:
    """The nodes of both in an order that is right for each; tags that are the same stand together."""
    html_tags = [at for at, node in enumerate(html) if not isinstance(node, UNPAIRED)]
    text_tags = [at for at, node in enumerate(text) if not isinstance(node, UNPAIRED)]
    marks = [mark(html[at]) for at in html_tags], [mark(text[at]) for at in text_tags]
    done_html = done_text = 0
    for same in SequenceMatcher(None, *marks, autojunk=False).get_matching_blocks():
        for at in range(same.size):
            here, there = html_tags[same.a + at], text_tags[same.b + at]
            yield from _apart(html[done_html:here], text[done_text:there])
            yield Step(html[here], text[there])
            done_html, done_text = here + 1, there + 1
    yield from _apart(html[done_html:], text[done_text:])


def _apart(html: Sequence[Node], text: Sequence[Node]) -> Iterator[Step]:
    for node in (*html, *text):
        if not isinstance(node, UNPAIRED) and any(isinstance(one, ACTING) for one in reached([node])):
            raise NotCompilable("a tag of one text that the other would feel")
    yield from (Step(node, None) for node in html)
    yield from (Step(None, node) for node in text)


def mark(node: Node) -> tuple[str, ...]:
    """What makes two tags the same: their kind and their expressions."""
    kind = type(node).__name__
    match node:
        case IfNode() | UnlessNode():
            others = (str(one.expression) for one in node.alternatives)
            return (kind, str(node.condition), *others, str(node.default is not None))
        case CaseNode():
            return (kind, str(node.expression), *(_when(block) for block in node.blocks))
        case ForNode():
            loop = node.expression
            parts = (loop.identifier, loop.iterable, loop.limit, loop.offset, loop.reversed)
            return (kind, *map(str, parts), str(node.default is not None))
        case AssignNode():
            return (kind, str(node.name), str(node.expression))
        case _:
            return (kind,)


def _when(block: BlockNode | MultiExpressionBlockNode) -> str:
    return str(block.expression) if isinstance(block, MultiExpressionBlockNode) else "else"

"""A tree laid out: its texts as spans, and a value for each hole between them, each made once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mailweave.liquid.emit.emission import Emission, Sink
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.ir.walk import only_writes, reached
from mailweave.liquid.spans import Hole, Spans

_STRAIGHT = (n.Assign, n.Capture)
"""What is done in passing, and writes nothing."""


def lay(e: Emission, nodes: Sequence[n.Node]) -> None:
    """Write nodes that follow each other; what each sink holds is in its `laid` then."""
    is_open = any(isinstance(one, n.Capture) for one in reached(nodes))
    for node in nodes:
        if isinstance(node, n.Slot):
            e.flush()
            e.sinks[node.part].laid.append(node)
        elif isinstance(node, _STRAIGHT) or only_writes(node):
            e.nodes((node,))
        else:
            _held(e, node)
        for part, sink in e.sinks.items():
            sink.labelled(Hole(_labels(node, part, is_open=is_open), _texts(node, part)))
    e.flush()


def _held(e: Emission, node: n.Node) -> None:
    """What writes as often as it likes writes into lists of its own, one for each part: a hole each."""
    e.flush()
    own = {part: Sink(e.names.fresh("held"), counter=f"{sink.name}_n") for part, sink in e.sinks.items()}
    head = e.writer.later()
    with e.into(own):
        e.nodes((node,))
        e.flush()
    for part, sink in own.items():
        if sink.is_used:
            head.append(f"{sink.name} = []; {sink.name}_add = {sink.name}.append")
            e.put(f"join({sink.name})", part)


def laid(nodes: Iterable[n.Node], sink: Sink, part: n.Part) -> Spans:
    """What was laid of a part."""
    holes = iter(sink.holes)
    pieces = tuple(next(holes) if isinstance(piece, Hole) else piece for piece in sink.laid)
    direct = {piece.name for piece in pieces if isinstance(piece, n.Slot)}
    every = {one.name for one in reached(nodes) if isinstance(one, n.Slot) and one.part == part}
    return Spans(pieces, frozenset(every - direct))


def _labels(node: n.Node, part: n.Part, *, is_open: bool) -> frozenset[str]:
    """For which places the values of a part were escaped; `?` where one may hold tags that were captured before."""
    found = reached([node])
    return frozenset(
        one.escape.label if isinstance(one, n.Output) and not is_open else "?"
        for one in found
        if isinstance(one, (n.Call, n.Cycle)) or (isinstance(one, n.Output) and one.part == part)
    )


def _texts(node: n.Node, part: n.Part) -> str:
    return "".join(_said(node, part)) if not isinstance(node, n.Text) else ""


def _said(node: n.Node, part: n.Part) -> Iterator[str]:
    for one in reached([node]):
        if isinstance(one, n.Text) and one.part == part:
            yield one.text
        elif isinstance(one, n.Call) and one.body is not None and one.isolated:
            for below in one.body.nodes:
                yield from _said(below, part)

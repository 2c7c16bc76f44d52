"""Every node: which function emits it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mailweave.liquid.emit.branches import branch, case, choice
from mailweave.liquid.emit.calls import call
from mailweave.liquid.emit.emission import Emission, Sink
from mailweave.liquid.emit.expressions import data, value
from mailweave.liquid.emit.loops import interrupt, loop, remembered, table, turn
from mailweave.liquid.emit.outputs import cycle, output
from mailweave.liquid.ir import nodes as n


def emit(e: Emission, node: n.Node) -> None:
    """Write a node. Raises `NotCompilable` for what generated code does not do."""
    _EMITTERS[type(node)](e, node)


def _text(e: Emission, node: n.Text) -> None:
    e.put_text(node.text, node.part)


def _block(e: Emission, node: n.Block) -> None:
    e.block(node)


def _slot(e: Emission, node: n.Slot) -> None:
    e.flush()
    sink = e.sinks[node.part]
    if sink is None:
        return
    slots = "texts" if sink.name == "txt" else "slots"
    e.needs.add("slots")
    t, name = e.temporary(), repr(node.name)
    is_ready = f"type({slots}) is dict and type({t} := {slots}.get({name})) is list"
    e.writer.write(f"{sink.name}.extend({t} if {is_ready} else pieces({slots}, {name}))")


def _assign(e: Emission, node: n.Assign) -> None:
    e.flush()
    code = value(e, node.value)
    e.writer.write(f"{e.local_name(node.name)} = {code}")
    e.unit.sure.add(node.name)


def _capture(e: Emission, node: n.Capture) -> None:
    text = _held(e, node)
    e.writer.write(f"{e.local_name(node.name)} = {f'Html({text})' if node.html else text}")
    e.unit.sure.add(node.name)


def _if_changed(e: Emission, node: n.IfChanged) -> None:
    text, last = _held(e, node), e.state("changed")
    with e.writer.block(f"if {text} != {last}:"):
        e.writer.write(f"{last} = {text}")
        e.put(text, node.part)
        e.flush()


def _held(e: Emission, node: n.Capture | n.IfChanged) -> str:
    """Write a block into a text of its own; the variable that holds it."""
    e.flush()
    sink, write = Sink(e.names.fresh("held"), captures=True), e.writer.write
    write(f"{sink.name} = []; {sink.name}_add = {sink.name}.append")
    counter = e.writer.later()
    e.unit.held.append(e.unit.innermost())
    with e.into({node.part: sink}):
        e.block(node.body)
    e.unit.held.pop()
    if f"{sink.name}_n" in e.needs:
        counter.append(f"{sink.name}_n = 0")
    text = e.temporary()
    write(f"{text} = join({sink.name})")
    write(f"meter.allocate(len({text}))")
    e.needs.add("meter")
    return text


def _count(e: Emission, node: n.Count) -> None:
    e.flush()
    text = e.temporary()
    start = "None" if e.unit.rendered else data(e, node.name, "None")[0]
    step = "count_up" if node.up else "count_down"
    e.writer.write(f"{text} = {step}({e.state('counters')}, {node.name!r}, {start})")
    e.put(text, node.part)


_EMITTERS: dict[type, Callable[[Emission, Any], None]] = {
    n.Text: _text,
    n.Output: output,
    n.Block: _block,
    n.Branch: branch,
    n.Choice: choice,
    n.Case: case,
    n.Loop: loop,
    n.Table: table,
    n.Turn: turn,
    n.Remembered: remembered,
    n.Assign: _assign,
    n.Capture: _capture,
    n.IfChanged: _if_changed,
    n.Count: _count,
    n.Cycle: cycle,
    n.Interrupt: interrupt,
    n.Call: call,
    n.Slot: _slot,
}

"""Every node: which function emits it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mailweave.liquid.emit.branches import branch, case
from mailweave.liquid.emit.calls import call
from mailweave.liquid.emit.emission import Emission, Sink
from mailweave.liquid.emit.expressions import data, or_nil, value
from mailweave.liquid.emit.loops import interrupt, loop, remembered
from mailweave.liquid.emit.outputs import cycle, output
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir import nodes as n


def emit(e: Emission, node: n.Node) -> None:
    """Write a node. Raises `NotCompilable` for what generated code does not do."""
    _EMITTERS[type(node)](e, node)


def _slot(e: Emission, node: n.Slot) -> None:
    e.flush()
    if node.part == "amp":
        raise NotCompilable("it has a slot in a branch")
    sink, slots = e.sinks[node.part], "texts" if node.part == "text" else "slots"
    sink.is_used = True
    t, name = e.temporary(), repr(node.name)
    is_ready = f"type({slots}) is dict and type({t} := {slots}.get({name})) is list"
    e.writer.write(f"{sink.name}.extend({t} if {is_ready} else pieces({slots}, {name}))")


def _assign(e: Emission, node: n.Assign) -> None:
    e.flush()
    _set(e, node.name, value(e, node.value))


def _capture(e: Emission, node: n.Capture) -> None:
    text = _held(e, node)
    _set(e, node.name, f"Html({text})" if node.html else text)


def _set(e: Emission, name: str, code: str) -> None:
    e.writer.write(f"{e.local_name(name)} = {code}")
    e.unit.sure.add(name)


def _if_changed(e: Emission, node: n.IfChanged) -> None:
    text, last = _held(e, node), e.state("changed")
    with e.writer.block(f"if {text} != {last}:"):
        e.writer.write(f"{last} = {text}")
        e.put(text)
        e.flush()


def _held(e: Emission, node: n.Capture | n.IfChanged) -> str:
    """Write a block into a text of its own; the variable that holds it."""
    e.flush()
    sink = Sink(e.names.fresh("held"), captures=True)
    e.writer.write(f"{sink.name} = []; {sink.name}_add = {sink.name}.append; {sink.name}_n = 0")
    e.unit.held.append(e.unit.innermost())
    with e.into({"html": sink}):
        e.block(node.body)
    e.unit.held.pop()
    text = e.held(f"join({sink.name})")
    e.writer.write(f"meter.allocate(len({text}))")
    return text


def _count(e: Emission, node: n.Count) -> None:
    e.flush()
    start = "None" if e.unit.rendered else or_nil(e, data(e, node.name))
    e.put(e.held(f"count({e.state('counters')}, {node.name!r}, {start}, {node.up})"))


_EMITTERS: dict[type, Callable[[Emission, Any], None]] = {
    n.Text: lambda e, node: e.put(node.text, node.part, is_text=True),
    n.Output: output,
    n.Block: Emission.block,
    n.Branch: branch,
    n.Case: case,
    n.Loop: loop,
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

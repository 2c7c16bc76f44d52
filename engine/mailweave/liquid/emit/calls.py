"""`render` and `include`: the partial's code stands where the tag stands."""

from __future__ import annotations

from contextlib import nullcontext

from mailweave.liquid.emit.emission import Emission
from mailweave.liquid.emit.expressions import data, named, value
from mailweave.liquid.emit.scope import Names, Round, unit_of
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir.nodes import Block, Call
from mailweave.liquid.ir.walk import is_left


def call(e: Emission, node: Call) -> None:
    """A partial."""
    e.flush()
    if node.body is None:
        e.writer.write("lost()")  # an `include` within a `render` is an error
    elif node.isolated:
        _render(e, node, node.body)
    else:
        _include(e, node, node.body)


def _parameters(e: Emission, node: Call, names: Names) -> None:
    """Write what a partial is given; `names` get each as soon as it is there."""
    for one in node.arguments:
        names[one.name] = e.held(value(e, one.value), "p", one.name)


def _whole(e: Emission, node: Call, body: Block) -> None:
    assert node.partial is not None
    e.writer.write(f"meter.loop(1, {node.partial.weight})")
    with e.writer.block("for once in ONCE:") if node.isolated and is_left(body.nodes) else nullcontext():
        e.block(body)


# --- render ---


def _render(e: Emission, node: Call, body: Block) -> None:
    arguments: Names = {}
    _parameters(e, node, arguments)
    if node.value is None:
        _enter(e, node, body, arguments)
        return
    found = e.held(value(e, node.value), "x", node.key)
    if node.each:
        with e.writer.block(f"if type({found}) in LOOPED:"):
            _render_each(e, node, body, arguments, found)
    with e.writer.block("else:") if node.each else nullcontext():
        _enter(e, node, body, _with(e, node, body, arguments, found))


def _render_each(e: Emission, node: Call, body: Block, arguments: Names, found: str) -> None:
    """Once for each item of a list; what is no list is a single value without a `forloop`."""
    if "forloop" in arguments:
        raise NotCompilable("it has a parameter called like the loop")
    items = e.held(f"rounds({found}, meter)", "s")
    count, index, item = e.held(f"len({items})", "n"), e.names.fresh("i"), e.names.fresh("x", node.key)
    with e.writer.block(f"for {index}, {item} in enumerate({items}):"):
        given = _with(e, node, body, arguments, item)
        _enter(e, node, body, given, Round(index, count, node.called))


def _with(e: Emission, node: Call, body: Block, arguments: Names, found: str) -> Names:
    """What a partial is given besides. Nil binds nothing: the name then means what it means without."""
    if node.key in unit_of(body.nodes).counters:
        raise NotCompilable("it has a counter called like the partial")
    code = arguments.get(node.key) or data(e, node.key)
    e.writer.write(f"if {found} is None: {found} = {code}")
    return {**arguments, node.key: found}


def _enter(e: Emission, node: Call, body: Block, arguments: Names, around: Round | None = None) -> None:
    """A scope of its own, its variables empty; counters and cycles start anew each time it is entered."""
    unit = unit_of(body.nodes, arguments, around)
    e.units.append(unit)
    states = e.writer.later()
    _whole(e, node, body)
    states += e.empty_variables()
    e.units.pop()


# --- include ---


def _include(e: Emission, node: Call, body: Block) -> None:
    """A partial in the scope around it. Without `with` it is given, as in Ruby, what is called like it."""
    code = named(e, node.called) if node.value is None else value(e, node.value)
    found, names = e.held(code, "x", node.key), Names()
    with e.over(names):
        _parameters(e, node, names)
        if node.value is not None:
            _include_each(e, node, body, names, found)
            return
        e.writer.write(f"if type({found}) is list or type({found}) is tuple: lost()")
        e.writer.write(f"if {found} is MISSING: {found} = None")
        names[node.key] = found
        _whole(e, node, body)


def _include_each(e: Emission, node: Call, body: Block, names: Names, found: str) -> None:
    item, sure = e.names.fresh("x", node.key), set(e.unit.sure)
    names[node.key] = item
    each = f"{found} if type({found}) is list or type({found}) is tuple else ({found},)"
    e.barriers += 1
    with e.writer.block(f"for {item} in {each}:"):
        _whole(e, node, body)
    e.barriers -= 1
    e.unit.sure = sure

"""`render` and `include`: the partial's code stands where the tag stands."""

from __future__ import annotations

from mailweave.liquid.emit.emission import Emission
from mailweave.liquid.emit.expressions import data, named, value
from mailweave.liquid.emit.scope import Binding, Frame, Round, unit_of
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir.nodes import Block, Call
from mailweave.liquid.ir.walk import is_left

EMPTY_STATE = {"counters": "{}", "turns": "{}", "stops": "{}", "changed": "''"}
Bindings = dict[str, Binding]


def call(e: Emission, node: Call) -> None:
    """A partial."""
    e.flush()
    if node.body is None:
        e.writer.write("lost()")  # an `include` within a `render` is an error
    elif node.isolated:
        _render(e, node, node.body)
    else:
        _include(e, node, node.body)


def _charge(e: Emission, node: Call) -> None:
    assert node.partial is not None
    e.needs.add("meter")
    e.writer.write(f"meter.loop(1, {node.partial.weight})")


# --- render ---


def _render(e: Emission, node: Call, body: Block) -> None:
    arguments: Bindings = {}
    for one in node.arguments:
        variable = e.names.fresh("p", one.name)
        e.writer.write(f"{variable} = {value(e, one.value)}")
        arguments[one.name] = Binding(variable)
    if node.value is None:
        _enter(e, node, body, arguments, None)
        return
    found = e.names.fresh("x", node.key)
    e.writer.write(f"{found} = {value(e, node.value)}")
    if node.each:
        _render_each(e, node, body, arguments, found)
    else:
        _enter(e, node, body, _with(e, node, body, arguments, found), None)


def _render_each(e: Emission, node: Call, body: Block, arguments: Bindings, found: str) -> None:
    """Once for each item of a list; what is no list is a single value without a `forloop`."""
    if "forloop" in arguments:
        raise NotCompilable("it has a parameter called like the loop")
    with e.writer.block(f"if type({found}) in LOOPED:"):
        count, index, item = e.names.fresh("n"), e.names.fresh("i"), e.names.fresh("x", node.key)
        e.needs.add("meter")
        e.writer.write(f"{found} = rounds({found}, meter)")
        e.writer.write(f"{count} = len({found})")
        with e.writer.block(f"for {index}, {item} in enumerate({found}):"):
            given = _with(e, node, body, arguments, item)
            _enter(e, node, body, given, Round(index, count, node.called))
    with e.writer.block("else:"):
        _enter(e, node, body, _with(e, node, body, arguments, found), None)


def _with(e: Emission, node: Call, body: Block, arguments: Bindings, found: str) -> Bindings:
    """What a partial is given besides. Nil binds nothing: the name then means what it means without."""
    if node.key in unit_of(body.nodes).counters:
        raise NotCompilable("it has a counter called like the partial")
    outer = arguments.get(node.key)
    code = outer.code if outer is not None else data(e, node.key, "MISSING")[0]
    e.writer.write(f"if {found} is None: {found} = {code}")
    return {**arguments, node.key: Binding(found, maybe=outer is None and e.marks_missing)}


def _enter(e: Emission, node: Call, body: Block, arguments: Bindings, around: Round | None) -> None:
    """A scope of its own, its variables empty; counters and cycles start anew each time it is entered."""
    unit = unit_of(body.nodes, arguments)
    unit.argument_round = around
    e.units.append(unit)
    for name in sorted(unit.assigned):
        e.writer.write(f"{e.local_name(name)} = MISSING")
    states = e.writer.later()
    _charge(e, node)
    if is_left(body.nodes):
        with e.writer.block("for once in ONCE:"), e.apart():
            _whole(e, body)
    else:
        _whole(e, body)
    e.units.pop()
    states += empty_states(unit.states)


def _whole(e: Emission, body: Block) -> None:
    e.nodes(body.nodes)
    e.flush()


def empty_states(states: dict[str, str]) -> list[str]:
    """Lines that set the variables with state to what they are in the beginning."""
    return [f"{variable} = {EMPTY_STATE[kind]}" for kind, variable in sorted(states.items())]


# --- include ---


def _include(e: Emission, node: Call, body: Block) -> None:
    found = _bound_value(e, node)
    names: Bindings = {}
    with e.over(Frame(names)):
        for one in node.arguments:
            variable = e.names.fresh("p", one.name)
            e.writer.write(f"{variable} = {value(e, one.value)}")
            names[one.name] = Binding(variable)
        e.included += 1
        if node.value is None:
            e.writer.write(f"if type({found}) is list or type({found}) is tuple: lost()")
            e.writer.write(f"if {found} is MISSING: {found} = None")
            names[node.key] = Binding(found)
            _included(e, node, body)
        else:
            _include_each(e, node, body, names, found)
        e.included -= 1


def _bound_value(e: Emission, node: Call) -> str:
    """The variable that holds what `with` names or, as in Ruby, what is called like the partial."""
    variable = e.names.fresh("x", node.key)
    if node.value is not None:
        code = value(e, node.value)
    elif e.unit.bound(node.called) or node.called in e.unit.assigned or node.called in e.constants:
        code, _ = named(e, node.called, "MISSING")
    else:
        code = e.raw_name(node.called)
    e.writer.write(f"{variable} = {code}")
    return variable


def _include_each(e: Emission, node: Call, body: Block, names: Bindings, found: str) -> None:
    item = e.names.fresh("x", node.key)
    names[node.key] = Binding(item)
    each = f"{found} if type({found}) is list or type({found}) is tuple else ({found},)"
    with e.writer.block(f"for {item} in {each}:"):
        sure = set(e.unit.sure)
        e.barriers += 1
        _included(e, node, body)
        e.barriers -= 1
        e.unit.sure = sure


def _included(e: Emission, node: Call, body: Block) -> None:
    _charge(e, node)
    _whole(e, body)

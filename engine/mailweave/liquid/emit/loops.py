"""`for` and `tablerow`."""

from __future__ import annotations

from mailweave.liquid.emit.emission import Emission
from mailweave.liquid.emit.expressions import LOOPS, value
from mailweave.liquid.emit.scope import Round
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir.expressions import Const
from mailweave.liquid.ir.nodes import Interrupt, Loop, Remembered
from mailweave.liquid.ir.walk import paths
from mailweave.liquid.runtime import ItemCache


def loop(e: Emission, node: Loop) -> None:
    """A `for` or `tablerow`: nil writes no table, what is empty one with an empty row."""
    if node.name in LOOPS:
        raise NotCompilable("it has a variable called like the loop")
    e.flush()
    items, sure = e.held(value(e, node.items), "s", node.name), set(e.unit.sure)
    if node.table:
        with e.writer.block(f"if {items} is not None and {items} is not False:"):
            _table(e, node, items, _sequence(e, node, items))
    else:
        _for(e, node, items, _sequence(e, node, items))
    e.unit.sure = sure


def _for(e: Emission, node: Loop, items: str, count: str) -> None:
    sure = set(e.unit.sure)
    with e.writer.block(f"if {count}:"):
        e.writer.write(f"meter.loop({count}, {node.weight})")
        _rounds(e, node, items, count)
    e.unit.sure = sure
    if node.otherwise is not None:
        with e.writer.block("else:"):
            e.block(node.otherwise)


def _sequence(e: Emission, node: Loop, items: str) -> str:
    """Write what a loop goes over into `items`; the variable of its length."""
    limit = node.limit
    most = limit.value if isinstance(limit, Const) and type(limit.value) is int else 0
    if (limit is not None and most <= 0) or node.offset or node.backwards or e.unit.continues:
        e.writer.write(f"{items} = part({items}, rounds({items}, meter), {_part(e, node)})")
    else:
        e.writer.write(f"if type({items}) is not list: {items} = rounds({items}, meter)")
        if limit is not None:
            e.writer.write(f"{items} = {items}[:{most}]")
    return e.held(f"len({items})", "n", node.name)


def _part(e: Emission, node: Loop) -> str:
    """What the parameters of a loop say."""
    whole = "loose" if node.table else "maybe_whole"
    limit = "None" if node.limit is None else f"{whole}({value(e, node.limit)})"
    offset = "'continue'" if node.continues else "None"
    if node.offset is not None:
        offset = f"{whole}({value(e, node.offset)})"
    return f"{limit}, {offset}, {node.backwards}, meter, {e.state('stops')}, {node.title!r}"


def _rounds(e: Emission, node: Loop, items: str, count: str) -> None:
    index, item = e.names.fresh("i"), e.names.fresh("x", node.name)
    around = Round(index, count, node.title)
    is_counted = any(path.keys[0] == "forloop" for path in paths(node.body.nodes))
    head = f"{index}, {item} in enumerate({items})" if is_counted else f"{item} in {items}"
    e.holders.add(item)
    with e.writer.block(f"for {head}:"), e.over({node.name: item}, around):
        getter = e.writer.later()
        e.block(node.body)
        getter += e.getter_lines(item)


def _table(e: Emission, node: Loop, items: str, count: str) -> None:
    asked = count if node.columns is None else f"loose({value(e, node.columns)})"
    columns, index = e.held(f"width({asked}, {count})", "c"), e.names.fresh("i")
    item, leave = e.names.fresh("x", node.name), e.names.fresh("q")
    around = Round(index, count, columns=columns, leave=leave)
    e.writer.write(f"meter.loop({count}, {node.weight})")
    e.put('<tr class="row1">\n', is_text=True)
    e.flush()
    with e.writer.block(f"for {index}, {item} in enumerate({items}):"), e.over({node.name: item}, around):
        e.put(f"cell({index}, {columns})")
        e.flush()
        e.writer.write(f"{leave} = False")
        with e.writer.block("for once in ONCE:"):
            e.block(node.body)
        e.put(f"cell_end({index}, {columns}, {count}, {leave})")
        e.flush()
        e.writer.write(f"if {leave}: break")
    e.put("</tr>\n", is_text=True)
    e.flush()


def remembered(e: Emission, node: Remembered) -> None:
    """What the item of a shared list says by itself."""
    item = e.unit.frames[-1][0][node.name]
    memory = e.names.constant(ItemCache(e.fill), "R", node.name)
    held, *made = (e.names.fresh(prefix, node.name) for prefix in ("f", "h", "q"))
    with e.apart():
        with e.writer.block(f"if ({held} := {memory}.get(id({item}))) is None:"):
            pieces = e.taken(node.body)
            for variable, one in zip(made, pieces, strict=True):
                e.write_joined(f"{variable} = (", one, ")")
            e.writer.write(f"{memory}.keep({item}, {', '.join(made)})")
        with e.writer.block("else:"):
            e.writer.write(f"_, {', '.join(made)} = {held}")
    for sink, variable in zip(e.sinks.values(), made, strict=True):
        sink.pending.append((False, variable))


def interrupt(e: Emission, node: Interrupt) -> None:
    """`break` and `continue`; outside its loops both end a partial that is rendered."""
    e.flush()
    around = e.unit.innermost()
    if e.barriers:
        raise NotCompilable("it has a loop that is left from a partial")
    if e.unit.held and e.unit.held[-1] is around:
        raise NotCompilable(f"it has a `{node.word}` in a capture")
    if around is None:
        e.writer.write("break" if e.unit.rendered else "lost()")
        return
    if around.leave and node.word == "break":
        e.writer.write(f"{around.leave} = True")
    e.writer.write("break" if around.leave else node.word)

"""`for` and `tablerow`."""

from __future__ import annotations

from mailweave.liquid.emit.emission import Emission
from mailweave.liquid.emit.expressions import LOOPS, value
from mailweave.liquid.emit.scope import Binding, Frame, Round
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir.expressions import Const, Expression
from mailweave.liquid.ir.nodes import BOTH, Interrupt, Loop, Remembered, Table, Turn
from mailweave.liquid.ir.walk import member_uses, paths
from mailweave.liquid.item_cache import ItemCache
from mailweave.liquid.loop_slices import loose, maybe_whole


def loop(e: Emission, node: Loop) -> None:
    """A `for`."""
    _check(node)
    e.flush()
    items, count = _sequence(e, node)
    sure = set(e.unit.sure)
    with e.writer.block(f"if {count}:"):
        e.writer.write(f"meter.loop({count}, {node.weight})")
        _rounds(e, node, items, count)
    e.unit.sure = set(sure)
    if node.otherwise is not None:
        with e.writer.block("else:"):
            e.block(node.otherwise)
    e.unit.sure = sure


def _check(node: Loop | Table) -> None:
    if node.name in LOOPS:
        raise NotCompilable("it has a variable called like the loop")


def _sequence(e: Emission, node: Loop) -> tuple[str, str]:
    """Write what a loop goes over; the variables of the sequence and its length."""
    e.needs.add("meter")
    items, count = e.names.fresh("s", node.name), e.names.fresh("n", node.name)
    write, limit = e.writer.write, node.limit.value if isinstance(node.limit, Const) else None
    is_plain = node.limit is None or (type(limit) is int and limit > 0)
    if is_plain and not (node.offset or node.backwards or e.unit.continues):
        write(f"{items} = {value(e, node.items)}")
        write(f"if type({items}) is not list: {items} = rounds({items}, meter)")
        if limit is not None:
            write(f"{items} = {items}[:{limit}]")
    else:
        t = e.temporary()
        write(f"{t} = {value(e, node.items)}")
        write(f"{items} = part({t}, rounds({t}, meter), {_part(e, node)})")
    write(f"{count} = len({items})")
    return items, count


def _part(e: Emission, node: Loop) -> str:
    """What the parameters of a `for` say."""
    whole = e.names.constant(maybe_whole, "I")
    limit = "None" if node.limit is None else f"{whole}({value(e, node.limit)})"
    offset = "'continue'" if node.continues else "None"
    if node.offset is not None:
        offset = f"{whole}({value(e, node.offset)})"
    return f"{limit}, {offset}, {node.backwards}, meter, {e.state('stops')}, {node.title!r}"


def _rounds(e: Emission, node: Loop, items: str, count: str) -> None:
    index, item = e.names.fresh("i"), e.names.fresh("x", node.name)
    counted = any(path.keys[0] == "forloop" for path in paths(node.body.nodes))
    head = f"for {index}, {item} in enumerate({items}):" if counted else f"for {item} in {items}:"
    with e.writer.block(head):
        getter = ""
        if member_uses(node.body.nodes, node.name):
            getter = e.names.fresh("y", node.name)
            e.writer.write(f"{getter} = {item}.get if type({item}) is dict else member({item})")
        with e.over(Frame({node.name: Binding(item, getter)}, Round(index, count, node.title))):
            e.block(node.body)


def turn(e: Emission, node: Turn) -> None:
    """One round over known items, written out."""
    around = Round(str(node.index), str(node.length), node.title)
    with e.over(Frame({node.name: Binding(value(e, node.value))}, around)), e.apart():
        e.nodes(node.body.nodes)


def remembered(e: Emission, node: Remembered) -> None:
    """What the item of a shared list says by itself."""
    item = e.unit.frames[-1].names[node.name].code
    memory = e.names.constant(ItemCache(e.fill), "R", node.name)
    held, *made = (e.names.fresh(prefix, node.name) for prefix in ("f", "h", "q"))
    with e.apart():
        with e.writer.block(f"if ({held} := {memory}.get(id({item}))) is None:"):
            pieces = e.taken(BOTH, node.body)
            for variable, one in zip(made, pieces, strict=True):
                e.write_joined(f"{variable} = (", one, ")")
            e.writer.write(f"{memory}.keep({item}, {', '.join(made)})")
        with e.writer.block("else:"):
            e.writer.write(f"_, {', '.join(made)} = {held}")
    for sink, variable in zip(e.open_sinks(BOTH), made, strict=True):
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


# --- tablerow ---


def table(e: Emission, node: Table) -> None:
    """A `tablerow`: nothing for nil, an empty row for what is empty."""
    _check(node)
    e.flush()
    e.needs.add("meter")
    sure, write = set(e.unit.sure), e.writer.write
    found, items, count, columns = e.temporary(), *(e.names.fresh(prefix) for prefix in "snc")
    write(f"{found} = {value(e, node.items)}")
    with e.writer.block(f"if {found} is not None and {found} is not False:"):
        start, limit = _loose(e, node.offset, "0"), _loose(e, node.limit, "None")
        write(f"{items} = segment({found}, rounds({found}, meter), {limit}, {start}, False)")
        write(f"{count} = len({items})")
        width = count if node.columns is None else f"width({_loose(e, node.columns, '')}, {count})"
        write(f"{columns} = {width}")
        write(f"meter.loop({count}, {node.weight})")
        e.put_text('<tr class="row1">\n', node.part)
        e.flush()
        _cells(e, node, items, count, columns)
        e.put_text("</tr>\n", node.part)
        e.flush()
    e.unit.sure = sure


def _loose(e: Emission, node: Expression | None, absent: str) -> str:
    return absent if node is None else f"{e.names.constant(loose, 'I')}({value(e, node)})"


def _cells(e: Emission, node: Table, items: str, count: str, columns: str) -> None:
    index, item, leave = e.names.fresh("i"), e.names.fresh("x"), e.names.fresh("q")
    around = Round(index, count, columns=columns, leave=leave)
    with (
        e.writer.block(f"for {index}, {item} in enumerate({items}):"),
        e.over(Frame({node.name: Binding(item)}, around)),
    ):
        e.put_text('<td class="col', node.part)
        e.put(f"str({index} % {columns} + 1)", node.part)
        e.put_text('">', node.part)
        e.flush()
        e.writer.write(f"{leave} = False")
        with e.writer.block("for once in ONCE:"):
            e.block(node.body)
        e.put_text("</td>", node.part)
        e.flush()
        e.writer.write(f"if {leave}: break")
        with e.writer.block(f"if {index} % {columns} == {columns} - 1 and {index} != {count} - 1:"):
            e.put_text('</tr>\n<tr class="row', node.part)
            e.put(f"str({index} // {columns} + 2)", node.part)
            e.put_text('">', node.part)
            e.flush()

"""The interpreter: walks the tree for one recipient. What generated code cannot do exactly, it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, assert_never

from liquid.builtin.tags.for_tag import ForLoop
from liquid.builtin.tags.tablerow_tag import TableRow
from liquid.exceptions import (
    DisabledTagError,
    LiquidError,
    LiquidSyntaxError,
    TemplateNotFoundError,
)

from mailweave.liquid.budget import Meter, Overrun
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.evaluate import Scope
from mailweave.liquid.failures import Foreign
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.loop_slices import loose, maybe_whole, segment, width
from mailweave.liquid.runtime import LOOPED, next_round, part
from mailweave.liquid.slots import pieces
from mailweave.liquid.values import Html

Interrupted = str | None
"""How a node ended: None, or the word that leaves the loop around it."""


class Sink:
    """Where text goes, counted while it is written; without room for any, it is dropped."""

    __slots__ = ("_over", "_room", "pieces")

    def __init__(self, room: int | None, over: Callable[[], Overrun]) -> None:
        self._room, self._over = room, over
        self.pieces: list[str] = []

    def write(self, text: str) -> None:
        """Add a text. Raises `Overrun` when it is one too many."""
        if self._room is None:
            return
        self._room -= len(text)
        if self._room < 0:
            raise self._over()
        self.pieces.append(text)


def interpret(tree: n.Tree, dialect: Dialect, data: Mapping[str, Any], now: datetime | None) -> str:
    """Render by walking the tree. Raises python-liquid's errors and `Overrun`."""
    meter = Meter(dialect.budget)
    out = Sink(dialect.budget.output, meter.over_output)
    _tree(tree, Scope(dialect, meter, data, now), out, is_partial=False)
    return "".join(out.pieces)


def _tree(tree: n.Tree, scope: Scope, out: Sink, *, is_partial: bool = True) -> Interrupted:
    """Every node; errors get the place of the node when they have none."""
    if is_partial:
        scope.meter.loop(1, tree.weight)
    with scope.over({}):
        for node in tree.nodes:
            word = _placed(node, scope, out)
            if word and not is_partial:
                raise LiquidSyntaxError(f"unexpected '{word}'", token=node.at)
            if word:
                return word
    return None


def _placed(node: n.Node, scope: Scope, out: Sink) -> Interrupted:
    try:
        return _node(node, scope, out)
    except LiquidError as problem:
        problem.token = problem.token or node.at
        raise
    except Overrun:
        raise
    except Exception as problem:
        raise Foreign(problem, node.at) from problem


def _node(node: n.Node, scope: Scope, out: Sink) -> Interrupted:
    match node:
        case n.Text():
            out.write(node.text)
        case n.Output():
            out.write(node.escape.run(scope.value(node.value)))
        case n.Block():
            return _block(node, scope, out)
        case n.Branch():
            body = next((arm.body for arm in node.arms if arm.test is None or scope.holds(arm.test)), None)
            return None if body is None else _block(body, scope, out)
        case n.Case():
            return _case(node, scope, out)
        case n.Loop():
            return _loop(node, scope, out)
        case n.Table():
            _table(node, scope, out)
        case n.Assign():
            scope.locals[node.name] = scope.value(node.value)
        case n.Capture() | n.IfChanged():
            return _held(node, scope, out)
        case n.Count():
            out.write(scope.count(node.name, node.up))
        case n.Cycle():
            _cycle(node, scope, out)
        case n.Interrupt():
            return node.word
        case n.Call():
            return _render(node, scope, out) if node.isolated else _include(node, scope, out)
        case n.Slot():
            out.write("".join(pieces(scope.data.get("slots"), node.name)))
        case n.Choice() | n.Turn() | n.Remembered():
            raise AssertionError(node)  # only passes make it
        case _:  # mypy says which is missing
            assert_never(node)
    return None


def _block(block: n.Block, scope: Scope, out: Sink) -> Interrupted:
    for node in block.nodes:
        word = _node(node, scope, out)
        if word:
            return word
    return None


def _case(node: n.Case, scope: Scope, out: Sink) -> Interrupted:
    found = False
    for arm in node.arms:
        times = int(not found)
        if arm.values is not None:
            subject = scope.value(node.subject)
            eq = scope.dialect.operators.eq
            times = [eq(subject, scope.value(one), scope.meter) for one in arm.values].count(True)
            found = found or times > 0
        for _ in range(times):
            word = _block(arm.body, scope, out)
            if word:
                return word
    return None


def _loop(node: n.Loop, scope: Scope, out: Sink) -> Interrupted:
    value = scope.value(node.items)
    items = scope.dialect.operators.rounds(value, scope.meter)
    limit = None if node.limit is None else maybe_whole(scope.value(node.limit))
    offset: object = "continue" if node.continues else None
    if node.offset is not None:
        offset = maybe_whole(scope.value(node.offset))
    chosen = part(value, items, limit, offset, node.backwards, scope.meter, scope.stops, node.title)
    scope.meter.loop(len(chosen), node.weight)
    if not chosen:
        return None if node.otherwise is None else _block(node.otherwise, scope, out)
    loop = ForLoop(node.title, iter(chosen), len(chosen), parentloop=scope.parent())
    with scope.round("forloop", loop) as names:
        for item in loop:
            names[node.name] = item
            if _block(node.body, scope, out) == "break":
                break
    return None


def _table(node: n.Table, scope: Scope, out: Sink) -> None:
    """A `tablerow` as Ruby writes it: nil writes nothing, what is empty an empty row."""
    value = scope.value(node.items)
    if value is None or value is False:
        return
    items = scope.dialect.operators.rounds(value, scope.meter)
    start = 0 if node.offset is None else loose(scope.value(node.offset))
    limit = None if node.limit is None else loose(scope.value(node.limit))
    chosen = segment(value, items, limit, start, False)
    scope.meter.loop(len(chosen), node.weight)
    columns = len(chosen) if node.columns is None else loose(scope.value(node.columns))
    row = TableRow(node.name, iter(chosen), len(chosen), width(columns, len(chosen)))
    out.write('<tr class="row1">\n')
    _cells(node, row, scope, out)
    out.write("</tr>\n")


def _cells(node: n.Table, row: TableRow, scope: Scope, out: Sink) -> None:
    with scope.round("tablerowloop", row) as names:
        for item in row:
            names[node.name] = item
            out.write(f'<td class="col{row.col}">')
            word = _block(node.body, scope, out)
            out.write("</td>")
            if word == "break":
                break
            if row.col_last and not row.last:
                out.write(f'</tr>\n<tr class="row{row.row + 1}">')


def _held(node: n.Capture | n.IfChanged, scope: Scope, out: Sink) -> Interrupted:
    """Text that stays in memory; it is paid for when it is read. What stands before a `break` is kept."""
    sink = Sink(scope.dialect.budget.allocation, scope.meter.over_capture)
    word = _block(node.body, scope, sink)
    text = "".join(sink.pieces)
    scope.meter.allocate(len(text))
    if isinstance(node, n.Capture):
        scope.locals[node.name] = Html(text) if node.html else text
    elif text != scope.changed:
        scope.changed = text
        out.write(text)
    return word


def _cycle(node: n.Cycle, scope: Scope, out: Sink) -> None:
    group = node.key if node.group is None else scope.value(node.group)
    values = [scope.value(one) for one in node.values]
    at = next_round(scope.cycles, group, values)
    if at < len(values):
        out.write(node.escape.run(values[at]))


def _render(node: n.Call, scope: Scope, out: Sink) -> Interrupted:
    """A partial with a scope of its own. Nil is not bound, and what is given lies over `forloop`."""
    assert node.partial is not None
    given = scope.arguments(node.arguments)[1]
    value = None if node.value is None else scope.value(node.value)
    if not (node.each and isinstance(value, LOOPED)):
        _tree(node.partial, scope.rendered(given if value is None else {**given, node.key: value}), out)
        return None
    items = scope.dialect.operators.rounds(value, scope.meter)
    loop = ForLoop(name=node.called, it=iter(items), length=len(items), parentloop=None)
    for item in loop:
        bound = {} if item is None else {node.key: item}
        _tree(node.partial, scope.rendered({"forloop": loop, **given, **bound}), out)
    return None


def _include(node: n.Call, scope: Scope, out: Sink) -> Interrupted:
    """A partial in the scope around it: a later parameter sees the earlier ones, and a variable called like the
    partial is bound to it."""
    if scope.given is not None:
        raise DisabledTagError("include usage is not allowed in this context", token=node.at)
    if node.partial is None:
        return _computed(node, scope, out)
    return _bound(node, node.partial, node.key, scope, out)


def _computed(node: n.Call, scope: Scope, out: Sink) -> Interrupted:
    """An `include` of a partial whose name is data."""
    name = str(scope.value(node.name))
    partial = node.choices.get(name)
    if partial is None:
        raise TemplateNotFoundError(name, token=node.name_at)
    return _bound(node, partial, node.key or n.called_as(name), scope, out)


def _bound(node: n.Call, partial: n.Tree, key: str, scope: Scope, out: Sink) -> Interrupted:
    value = scope.find([partial.name])[1] if node.value is None else scope.value(node.value)
    names: dict[str, Any] = {}
    with scope.over(names):
        for one in node.arguments:
            names[one.name] = scope.value(one.value)
        return _each(partial, key, value, names, scope, out)


def _each(
    partial: n.Tree, key: str, value: Any, names: dict[str, Any], scope: Scope, out: Sink
) -> Interrupted:
    for item in value if isinstance(value, (tuple, list)) else (value,):
        names[key] = item
        word = _tree(partial, scope, out)
        if word:
            return word
    return None

"""The interpreter: walks the tree for one recipient. What generated code cannot do exactly, it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, assert_never

from liquid.builtin.tags.for_tag import ForLoop
from liquid.builtin.tags.tablerow_tag import TableRow
from liquid.exceptions import DisabledTagError, LiquidError, LiquidSyntaxError, TemplateNotFoundError

from mailweave.liquid import runtime
from mailweave.liquid.budget import Meter, Overrun
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.evaluate import Scope
from mailweave.liquid.failures import Foreign
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.ir.expressions import passed
from mailweave.liquid.slots import pieces
from mailweave.liquid.values import Html

Interrupted = str | None
"""How a node ended: None, or the word that leaves the loop around it."""


class Sink:
    """Where text goes, counted while it is written."""

    __slots__ = ("_over", "_room", "pieces")

    def __init__(self, room: int, over: Callable[[], Overrun]) -> None:
        self._room, self._over = room, over
        self.pieces: list[str] = []

    def write(self, text: str) -> None:
        """Add a text. Raises `Overrun` when it is one too many."""
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
        case n.Remembered():
            raise AssertionError(node)  # only a pass makes it
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
    """Every `when` that holds, each as often as it does; `else` when none did so far."""
    found, eq = False, scope.dialect.operators.eq
    for arm in node.arms:
        times = int(not found)
        if arm.values is not None:
            subject = scope.value(node.subject)
            times = [eq(subject, scope.value(one), scope.meter) for one in arm.values].count(True)
            found = found or times > 0
        for _ in range(times):
            word = _block(arm.body, scope, out)
            if word:
                return word
    return None


def _loop(node: n.Loop, scope: Scope, out: Sink) -> Interrupted:
    value = scope.value(node.items)
    if node.table and (value is None or value is False):
        return None
    chosen = _part(node, value, scope)
    scope.meter.loop(len(chosen), node.weight)
    if node.table:
        _table(node, chosen, scope, out)
        return None
    if not chosen:
        return None if node.otherwise is None else _block(node.otherwise, scope, out)
    loop = ForLoop(node.title, iter(chosen), len(chosen), parentloop=scope.parent())
    names: dict[str, Any] = {"forloop": loop}
    with scope.over(names):
        for item in loop:
            names[node.name] = item
            if _block(node.body, scope, out) == "break":
                break
    return None


def _part(node: n.Loop, value: Any, scope: Scope) -> Sequence[Any]:
    """What is gone over of a value."""
    whole = runtime.loose if node.table else runtime.maybe_whole
    items = scope.dialect.operators.rounds(value, scope.meter)
    limit = None if node.limit is None else whole(scope.value(node.limit))
    offset: object = "continue" if node.continues else None
    if node.offset is not None:
        offset = whole(scope.value(node.offset))
    return runtime.part(value, items, limit, offset, node.backwards, scope.meter, scope.stops, node.title)


def _table(node: n.Loop, chosen: Sequence[Any], scope: Scope, out: Sink) -> None:
    """A `tablerow` as Ruby writes it: what is empty writes an empty row."""
    asked = len(chosen) if node.columns is None else runtime.loose(scope.value(node.columns))
    columns = runtime.width(asked, len(chosen))
    row = TableRow(node.name, iter(chosen), len(chosen), columns)
    out.write('<tr class="row1">\n')
    names: dict[str, Any] = {"tablerowloop": row}
    with scope.over(names):
        for item in row:
            names[node.name] = item
            out.write(runtime.cell(row.index0, columns))
            word = _block(node.body, scope, out)
            out.write(runtime.cell_end(row.index0, columns, row.length, word == "break"))
            if word == "break":
                break
    out.write("</tr>\n")


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
    at = runtime.next_round(scope.cycles, group, values)
    if at < len(values):
        out.write(node.escape.run(values[at]))


def _render(node: n.Call, scope: Scope, out: Sink) -> Interrupted:
    """A partial with a scope of its own. Nil is not bound, and what is given lies over `forloop`."""
    assert node.partial is not None
    given = passed(node.arguments, scope.value)[1]
    value = None if node.value is None else scope.value(node.value)
    if not (node.each and isinstance(value, runtime.LOOPED)):
        _tree(node.partial, scope.rendered(given if value is None else {**given, node.key: value}), out)
        return None
    items = scope.dialect.operators.rounds(value, scope.meter)
    loop = ForLoop(name=node.called, it=iter(items), length=len(items), parentloop=None)
    for item in loop:
        bound = {} if item is None else {node.key: item}
        _tree(node.partial, scope.rendered({"forloop": loop, **given, **bound}), out)
    return None


def _include(node: n.Call, scope: Scope, out: Sink) -> Interrupted:
    """A partial in the scope around it, by its name or by one that is data."""
    if scope.given is not None:
        raise DisabledTagError("include usage is not allowed in this context", token=node.at)
    name = node.called or str(scope.value(node.name))
    partial = node.partial or node.choices.get(name)
    if partial is None:
        raise TemplateNotFoundError(name, token=node.name_at)
    value = scope.find([name])[1] if node.value is None else scope.value(node.value)
    return _each(node, partial, value, scope, out)


def _each(node: n.Call, partial: n.Tree, value: Any, scope: Scope, out: Sink) -> Interrupted:
    """Once for each of a list. A later parameter sees the earlier ones, and a variable called like the partial is
    bound to it."""
    names: dict[str, Any] = {}
    with scope.over(names):
        for one in node.arguments:
            names[one.name] = scope.value(one.value)
        for item in value if isinstance(value, (tuple, list)) else (value,):
            names[node.key or n.called_as(partial.name)] = item
            word = _tree(partial, scope, out)
            if word:
                return word
    return None

"""The compiler: from a tree, or from the two of a part, to one generated Python function."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailweave.liquid.budget import OUTPUT, Budget, Meter, Overrun
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.emit.calls import empty_states
from mailweave.liquid.emit.emission import Emission, Fill, Sink
from mailweave.liquid.emit.filters import setting_code
from mailweave.liquid.emit.statements import emit
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.findings import GENERATED
from mailweave.liquid.ir.nodes import Node, Part, Tree
from mailweave.liquid.locale_context import setting_of
from mailweave.liquid.loop_slices import segment, width
from mailweave.liquid.members import quoted
from mailweave.liquid.passes import optimized
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.passes.pair import pair_parts
from mailweave.liquid.runtime import (
    LOOPED,
    MISSING,
    count_down,
    count_up,
    item_getter,
    lost,
    member_getter,
    next_round,
    part,
)
from mailweave.liquid.slots import pieces
from mailweave.liquid.values import Html
from mailweave.source import Source

Slots = Mapping[str, str | list[str]]
Function = Callable[[dict[str, Any], datetime | None, list[str]], None]
PairFunction = Callable[[dict[str, Any], datetime | None, list[str], list[str], Slots, Slots], None]
EXPECTED = (NotCompilable, SyntaxError, RecursionError, MemoryError, OverflowError)

_CALLED = (
    Html,
    Meter,
    count_down,
    count_up,
    lost,
    next_round,
    part,
    pieces,
    quoted,
    segment,
    setting_of,
    width,
)
_NAMES = {one.__name__: one for one in _CALLED} | {
    "MISSING": MISSING,
    "ONCE": (None,),
    "LOOPED": LOOPED,
    "join": "".join,
}


@dataclass(frozen=True, slots=True)
class Compiled:
    """A generated function `render(data, now, out)` with its text; `out` takes the pieces."""

    source: str
    function: Function
    budget: Budget

    def render(self, data: dict[str, Any], now: datetime | None) -> str:
        """The text. Raises `Overrun`, or anything else when the interpreter has to answer."""
        out: list[str] = []
        self.parts(data, now, out)
        return out[0] if len(out) == 1 else "".join(out)

    def parts(self, data: dict[str, Any], now: datetime | None, out: list[str]) -> None:
        """The pieces of the text. Raises as `render` does."""
        before = len(out)
        self.function(data, now, out)
        if sum(map(len, out[before:])) > self.budget.output:
            raise Overrun(OUTPUT, self.budget.output)


@dataclass(frozen=True, slots=True)
class CompiledPair:
    """A generated function for the HTML and the text of a part, with its text."""

    source: str
    function: PairFunction


def compile_template(tree: Tree, dialect: Dialect, constants: Mapping[str, Any], source: Source) -> Compiled:
    """The function for a tree. Raises one of `EXPECTED` when it has to be interpreted."""
    nodes = optimized(tree.nodes, Facts(dialect, constants))
    made = Emission(nodes, dialect, constants, _lines(source), {tree.part: Sink("out")}, emit)
    text, function = _function(made, nodes, source, "data, now, out")
    return Compiled(text, function, dialect.budget)


def compile_pair(
    html: Tree,
    text: Tree,
    dialect: Dialect,
    constants: Mapping[str, Any],
    source: Source,
    shared: frozenset[str] = frozenset(),
    fill: Fill = str,
) -> CompiledPair:
    """The function for both. Raises one of `EXPECTED` when they have to be rendered one after the other.

    `fill` is done to pieces of text that are known now, or remembered.
    """
    nodes = optimized(pair_parts(html.nodes, text.nodes), Facts(dialect, constants, shared))
    sinks: dict[Part, Sink] = {"html": Sink("out"), "text": Sink("txt")}
    made = Emission(nodes, dialect, constants, _lines(source), sinks, emit, fill)
    return CompiledPair(*_function(made, nodes, source, "data, now, out, txt, slots, texts"))


def why_not(problem: Exception) -> str:
    """Why a template is not compiled, in a template author's words."""
    if isinstance(problem, NotCompilable):
        return str(problem)
    return "it is too deep or too long" if isinstance(problem, EXPECTED) else "the compiler has a fault"


def _lines(source: Source) -> Callable[[int], int]:
    return lambda offset: source.locate(offset).line


def _function(made: Emission, nodes: tuple[Node, ...], source: Source, parameters: str) -> tuple[str, Any]:
    made.nodes(nodes)
    made.flush()
    text, lines = made.writer.text(parameters, _head(made, parameters.split(", ")))
    namespace = _namespace(made)
    exec(_code(text, lines, source), namespace)
    return text, namespace["render"]


def _head(made: Emission, parameters: list[str]) -> list[str]:
    """The lines before the first node: what is read once."""
    needs = made.needs
    head = [f"{name}_add = {name}.append" for name in ("txt", "out") if name in parameters]
    if "meter" in needs:
        head.append("meter = Meter(BUDGET)")
    head += [f"{name} = 0" for name in ("out_n", "txt_n") if name in needs]
    missing = ", MISSING" if made.marks_missing else ""
    head += [f"{variable} = data.get({root!r}{missing})" for root, variable in made.globals.items()]
    head += [f"{variable} = data.get({root!r}, MISSING)" for root, variable in made.raw.items()]
    head += _clock(made)
    for name, getter in made.getters.items():
        held = made.globals[name]
        head.append(f"{getter} = {held}.get if type({held}) is dict else member({held})")
    if "slots" in needs and "slots" not in parameters:
        head.append("slots = data.get('slots')")
    if "setting" in needs:
        head.append(f"setting = {setting_code(made)}")
    head += [f"{made.local_name(name)} = MISSING" for name in sorted(made.unit.assigned)]
    return head + empty_states(made.unit.states)


def _clock(made: Emission) -> list[str]:
    """`now` and `today` are the render's, unless the data has its own."""
    absent = "MISSING" if made.marks_missing else "None"
    return [
        f"if {names[name]} is {mark} and now is not None: {names[name]} = {value}"
        for name, value in (("now", "now"), ("today", "now.date()"))
        for names, mark in ((made.globals, absent), (made.raw, "MISSING"))
        if name in names
    ]


def _namespace(made: Emission) -> dict[str, Any]:
    operators = made.dialect.operators
    item = item_getter(operators)
    return {
        **_NAMES,
        **{name: getattr(operators, name) for name in ("contains", "eq", "le", "lt", "rounds")},
        **made.names.values,
        "BUDGET": made.dialect.budget,
        "C_campaign": made.constants.get("campaign"),
        "item": item,
        "member": member_getter(item),
    }


def _code(text: str, lines: list[int], source: Source) -> Any:
    """Python's code, its line numbers those of the template: tracebacks and profilers show them."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, (ast.expr, ast.stmt)):
            node.lineno = lines[min(node.lineno, len(lines)) - 1]
            node.end_lineno = node.lineno
            node.col_offset = node.end_col_offset = 0
    shown = source.name.encode("ascii", "backslashreplace").decode().replace("\0", "")
    name = f"{GENERATED}{shown}>"
    linecache.cache[name] = (len(source.text), None, source.text.splitlines(keepends=True), name)
    return compile(tree, name, "exec")

"""The compiler: from a tree, or from the two of a part, to one generated Python function."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mailweave.liquid import runtime
from mailweave.liquid.budget import OUTPUT, Budget, Overrun
from mailweave.liquid.emit.emission import Emission, Fill, Sink
from mailweave.liquid.emit.filters import setting_code
from mailweave.liquid.emit.statements import emit
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.findings import GENERATED
from mailweave.liquid.ir.nodes import Node, Text, Tree
from mailweave.liquid.passes import optimized
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.passes.pair import pair_parts
from mailweave.source import Source

EXPECTED = (NotCompilable, SyntaxError, RecursionError, MemoryError, OverflowError)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A generated function with its text: `render(data, now, out)`, where `out` takes the pieces; that of a pair
    takes the pieces of its text and the slots of both besides."""

    source: str
    function: Callable[..., None]
    budget: Budget
    fixed: str | None = None
    """What is written for everybody alike, where that is all there is."""

    def render(self, data: dict[str, Any], now: datetime | None) -> str:
        """The text. Raises `Overrun`, or anything else when the interpreter has to answer."""
        if self.fixed is not None:
            return self.fixed
        out: list[str] = []
        self.parts(data, now, out)
        return out[0] if len(out) == 1 else "".join(out)

    def parts(self, data: dict[str, Any], now: datetime | None, out: list[str]) -> None:
        """The pieces of the text. Raises as `render` does."""
        before = len(out)
        self.function(data, now, out)
        if sum(map(len, out[before:])) > self.budget.output:
            raise Overrun(OUTPUT, self.budget.output)


def compile_template(tree: Tree, facts: Facts, source: Source) -> Compiled:
    """The function for a tree. Raises one of `EXPECTED` when it has to be interpreted."""
    nodes = optimized(tree.nodes, facts)
    made = Emission(nodes, facts, source, {"html": Sink("out")}, emit)
    return _compiled(made, nodes, "data, now, out")


def compile_pair(html: Tree, text: Tree, facts: Facts, source: Source, fill: Fill = str) -> Compiled:
    """The function for both. Raises one of `EXPECTED` when they have to be rendered one after the other.

    `fill` is done to pieces of text that are known now, or remembered.
    """
    nodes = optimized(pair_parts(html.nodes, text.nodes), facts)
    made = Emission(nodes, facts, source, {"html": Sink("out"), "text": Sink("txt")}, emit, fill)
    return _compiled(made, nodes, "data, now, out, txt, slots, texts")


def why_not(problem: Exception) -> str:
    """Why a template is not compiled, in a template author's words."""
    if isinstance(problem, NotCompilable):
        return str(problem)
    return "it is too deep or too long" if isinstance(problem, EXPECTED) else "the compiler has a fault"


def _compiled(made: Emission, nodes: tuple[Node, ...], parameters: str) -> Compiled:
    made.nodes(nodes)
    made.flush()
    text, lines = made.writer.text(parameters, _head(made, parameters))
    namespace = _namespace(made)
    exec(_code(text, lines, made.source), namespace)
    return Compiled(text, namespace["render"], made.dialect.budget, _fixed(nodes, made.dialect.budget))


def _fixed(nodes: tuple[Node, ...], budget: Budget) -> str | None:
    text = "".join(node.text for node in nodes if isinstance(node, Text))
    is_all = all(isinstance(node, Text) and node.part == "html" for node in nodes)
    return text if is_all and len(text) <= budget.output else None


def _head(made: Emission, parameters: str) -> list[str]:
    """The lines before the first node: what is read once."""
    body, _ = made.writer.text("", [])
    missing = ", MISSING" if made.marks_missing else ""
    names = made.globals
    fixed = {
        "meter": "Meter(BUDGET)",
        "out_n": "0",
        "txt_n": "0",
        "setting": setting_code(made),
        **({} if "slots" in parameters else {"slots": "data.get('slots')"}),
    }
    head = [f"{name}_add = {name}.append" for name in ("txt", "out") if name in parameters]
    head += [f"{name} = {code}" for name, code in fixed.items() if re.search(rf"{name}\b(?! ?=)", body)]
    head += [f"{variable} = data.get({root!r}{missing})" for root, variable in names.items()]
    for name, code in {"now": "now", "today": "now.date()"}.items():
        if name in names:  # they are the render's, unless the data has its own
            head.append(
                f"if {names[name]} is {missing[2:] or None} and now is not None: {names[name]} = {code}"
            )
    head += [line for variable in names.values() for line in made.getter_lines(variable)]
    return head + made.empty_variables()


def _namespace(made: Emission) -> dict[str, Any]:
    operators = made.dialect.operators
    return {
        **vars(runtime),
        **{name: getattr(operators, name) for name in ("contains", "eq", "le", "lt", "rounds")},
        **made.names.values,
        "BUDGET": made.dialect.budget,
        "C_campaign": made.constants.get("campaign"),
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

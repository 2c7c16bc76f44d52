"""The compiler: from a tree, or from the two of a part, to one generated Python function."""

from __future__ import annotations

import ast
import linecache
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from mailweave.liquid import runtime
from mailweave.liquid.budget import OUTPUT, Budget, Overrun
from mailweave.liquid.emit.emission import Emission, Fill, Sink
from mailweave.liquid.emit.filters import setting_code
from mailweave.liquid.emit.laying import laid, lay
from mailweave.liquid.emit.statements import emit
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.findings import GENERATED
from mailweave.liquid.ir.nodes import Node, Part, Slot, Text, Tree
from mailweave.liquid.passes import folded_first, optimized
from mailweave.liquid.passes.facts import Facts
from mailweave.liquid.passes.pair import joined_parts
from mailweave.liquid.spans import Filling, Spans
from mailweave.source import Source

_SINKS: Mapping[Part, str] = {"html": "out", "text": "txt", "amp": "amp"}
EXPECTED = (NotCompilable, SyntaxError, RecursionError, MemoryError, OverflowError)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A generated function with its text: `render(data, now)`."""

    source: str
    function: Callable[[dict[str, Any], datetime | None], str]
    budget: Budget
    fixed: str | None = None
    """What is written for everybody alike, where that is all there is."""

    def render(self, data: dict[str, Any], now: datetime | None) -> str:
        """The text. Raises `Overrun`, or anything else when the interpreter has to answer."""
        text = self.function(data, now)
        if len(text) > self.budget.output:
            raise Overrun(OUTPUT, self.budget.output)
        return text


def compile_template(tree: Tree, facts: Facts, source: Source) -> Compiled:
    """The function for a tree. Raises one of `EXPECTED` when it has to be interpreted."""
    nodes = optimized(tree.nodes, facts)
    made = Emission(nodes, facts, source, {"html": Sink("out")}, emit)
    made.nodes(nodes)
    made.finish("html")
    text, function = _function(made, "data, now")
    return Compiled(text, function, facts.dialect.budget, _fixed(nodes, facts.dialect.budget))


@dataclass(frozen=True, slots=True)
class CompiledParts:
    """A generated function for several parts, with its text: `render(data, now, *lists, slots, texts)`, where each list
    takes the values of its part; what stands around them is in `spans`. `slots` and `texts` hold ready HTML and text."""

    source: str
    function: Callable[..., None]
    spans: Mapping[Part, Spans]
    is_empty: bool
    """Whether the function does nothing: all is known."""
    holes: tuple[int, ...]
    """How many values each part has."""
    fillings: tuple[Filling, ...] | None
    """Each part as one text with its values; None where it has slots."""


def compile_parts(
    trees: Mapping[Part, tuple[Tree, Facts]],
    source: Source,
    shared: frozenset[str] = frozenset(),
    fill: Fill = str,
) -> CompiledParts:
    """The function for all. Raises one of `EXPECTED` when they have to be rendered one after the other.

    `shared` is as `Facts` has it; `fill` is done to pieces of text that are known now, or remembered.
    """
    nodes, known = _joined(trees)
    facts = replace(known, shared=shared)
    nodes = optimized(nodes, facts)
    places: list[Part] = ["html", *list(trees)[1:]]  # the first, or the only one, is written as HTML is
    sinks = {place: Sink(_SINKS[place], is_laid=True) for place in places}
    made = Emission(nodes, facts, source, sinks, emit, fill)
    lay(made, nodes)
    names = [sink.name for sink in sinks.values()]
    text, function = _function(made, ", ".join(["data", "now", *names, "slots=None", "texts=None"]))
    spans = {part: laid(nodes, sink, place) for part, (place, sink) in zip(trees, sinks.items(), strict=True)}
    holes = tuple(one.holes for one in spans.values())
    return CompiledParts(text, function, spans, made.writer.is_empty, holes, _fillings(spans))


def _fillings(spans: Mapping[Part, Spans]) -> tuple[Filling, ...] | None:
    if any(isinstance(piece, Slot) for one in spans.values() for piece in one.pieces):
        return None
    return tuple(Filling(one.numbered()) for one in spans.values())


def _joined(trees: Mapping[Part, tuple[Tree, Facts]]) -> tuple[tuple[Node, ...], Facts]:
    """One tree, and what is known of all. Where it is not known alike, each is worked out before."""
    nodes = {part: tree.nodes for part, (tree, _) in trees.items()}
    first, *others = (facts for _, facts in trees.values())
    if all(first.are_known_alike(other) for other in others):
        return joined_parts(nodes), first
    folded = {part: folded_first(tree.nodes, facts) for part, (tree, facts) in trees.items()}
    return joined_parts(folded), first.known_also_by(others)


def why_not(problem: Exception) -> str:
    """Why a template is not compiled, in a template author's words."""
    if isinstance(problem, NotCompilable):
        return str(problem)
    return "it is too deep or too long" if isinstance(problem, EXPECTED) else "the compiler has a fault"


def _function(made: Emission, parameters: str) -> tuple[str, Callable[..., Any]]:
    """The generated function, with its text."""
    text, lines = made.writer.text(parameters, _head(made, parameters))
    namespace = _namespace(made)
    exec(_code(text, lines, made.source), namespace)
    return text, namespace["render"]


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
        **{f"{sink.name}_n": "0" for sink in made.sinks.values()},
        "setting": setting_code(made),
        **({} if "slots" in parameters else {"slots": "data.get('slots')"}),
    }
    given, used = parameters.split(", "), [sink.name for sink in made.sinks.values()]
    head = [f"{name} = []" for name in used if name not in given and re.search(rf"\b{name}(_add)?\b", body)]
    head += [f"{name}_add = {name}.append" for name in used if re.search(rf"\b{name}_add\b", body)]
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

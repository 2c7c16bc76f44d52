"""The generated function: its head, its text, and how it is run."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from liquid.builtin.expressions.logical import is_truthy

from mailweave.liquid.budget import OUTPUT, Budget, Meter, Overrun
from mailweave.liquid.compiler.fold import Folder
from mailweave.liquid.compiler.partials import EMPTY_STATE
from mailweave.liquid.compiler.scope import Binding, Frame, Unit
from mailweave.liquid.compiler.shortcuts import Recalled
from mailweave.liquid.compiler.tags import Tags
from mailweave.liquid.compiler.usage import asks_where_stopped, assigned, counters, recurring
from mailweave.liquid.compiler.writer import NotCompilable
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.findings import GENERATED
from mailweave.liquid.interpreter import PartialText
from mailweave.liquid.operators import Html, is_vast
from mailweave.liquid.runtime import (
    MISSING,
    down,
    item_getter,
    lost,
    member_getter,
    next_turn,
    sliced,
    up,
)
from mailweave.liquid.setting import setting_of
from mailweave.liquid.slots import pieces
from mailweave.liquid.tree.nodes import context_name, next_round
from mailweave.source import Source

Function = Callable[[dict[str, Any], datetime | None, list[str]], None]
EXPECTED = (NotCompilable, SyntaxError, RecursionError, MemoryError, OverflowError)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A generated function `render(data, now, out)` with its text; `out` takes the pieces."""

    source: str
    function: Function
    budget: Budget

    def render(self, data: dict[str, Any], now: datetime | None) -> str:
        """The text. Raises `Overrun`, or anything else when the interpreter has to answer."""
        out: list[str] = []
        self.function(data, now, out)
        text = out[0] if len(out) == 1 else self._joined(out)
        if len(text) > self.budget.output:
            raise Overrun(OUTPUT, self.budget.output)
        return text

    def _joined(self, out: list[str]) -> str:
        if sum(map(len, out)) > self.budget.output:
            raise Overrun(OUTPUT, self.budget.output)
        return "".join(out)

    def parts(self, data: dict[str, Any], now: datetime | None, out: list[str]) -> None:
        """The pieces of the text. Raises as `render` does."""
        before = len(out)
        self.function(data, now, out)
        if sum(map(len, out[before:])) > self.budget.output:
            raise Overrun(OUTPUT, self.budget.output)


class Compiler(Tags):
    """One compilation of one template."""

    parameters = "data, now, out"

    def __init__(
        self, template: PartialText, dialect: Dialect, constants: Mapping[str, Any], source: Source
    ) -> None:
        super().__init__(dialect, constants, Folder(template, dialect, constants))
        self._template, self._source = template, source
        self.insertions: list[tuple[int, list[str]]] = []
        self.unit_starts: dict[int, int] = {}
        self.recurring = recurring(template.nodes)
        self.memos: dict[str, Callable[[Any], Any]] = {}
        self.inert: dict[str, tuple[str, str, str]] = {}
        self.recalled: dict[str, Recalled] = {}
        self.continues = asks_where_stopped(template.nodes)

    def locate(self, offset: int) -> int:
        return self._source.locate(offset).line

    def compile(self) -> Compiled:
        root = Unit("", assigned(self._template.nodes), counters(self._template.nodes))
        self.units.append(root)
        if not self.ours:
            root.frames.append(Frame({"partial": Binding("False")}))
        self.everything()
        text, lines = self._assemble(root)
        namespace = self._namespace()
        exec(_code(text, lines, self._source), namespace)
        return Compiled(text, namespace["render"], self.dialect.budget)

    def everything(self) -> None:
        """The whole template."""
        self.nodes(self._template.nodes)

    def _head(self, root: Unit) -> list[str]:
        head = ["out_add = out.append"]
        if "meter" in self.needs:
            head.append("meter = Meter(BUDGET)")
        if "out_n" in self.needs:
            head.append("out_n = 0")
        missing = ", MISSING" if self.marks_missing else ""
        head += [f"{variable} = data.get({root!r}{missing})" for root, variable in self.globals.items()]
        head += [f"{variable} = data.get({root!r}, MISSING)" for root, variable in self.raw.items()]
        head += self._clock()
        for name, getter in self.getters.items():
            held = self.globals[name]
            head.append(f"{getter} = {held}.get if type({held}) is dict else member({held})")
        if "slots" in self.needs:
            head.append("slots = data.get('slots')")
        if "setting" in self.needs:
            head.append(f"setting = {self.setting_code()}")
        head += [f"{self.local_in(root, name)} = MISSING" for name in sorted(root.assigned)]
        head += [f"{variable} = {EMPTY_STATE[kind]}" for kind, variable in sorted(root.states.items())]
        return head

    def local_in(self, unit: Unit, name: str) -> str:
        self.units = [unit]
        return self.local_name(name)

    def _clock(self) -> list[str]:
        """`now` and `today` are the render's, unless the data has its own."""
        lines = []
        for name, value in (("now", "now"), ("today", "now.date()")):
            for variable, absent in (
                (self.globals.get(name), "MISSING" if self.marks_missing else "None"),
                (self.raw.get(name), "MISSING"),
            ):
                if variable is not None:
                    lines.append(f"if {variable} is {absent} and now is not None: {variable} = {value}")
        return lines

    def _assemble(self, root: Unit) -> tuple[str, list[int]]:
        lines, origins = list(self.writer.lines), list(self.writer.origins)
        for at, more in sorted(self.insertions, key=lambda one: one[0], reverse=True):
            pad = _indent(lines[at] if at < len(lines) else (lines[-1] if lines else "    "))
            lines[at:at] = [pad + line for line in more]
            origins[at:at] = [origins[min(at, len(origins) - 1)] if origins else 1] * len(more)
        head = ["    " + line for line in self._head(root)]
        body, origin = [], [1] * (len(head) + 1)
        last = 0
        for line, at in zip(lines, origins, strict=True):
            if at != last:
                body.append(f"{_indent(line)}# line {at}")
                origin.append(at)
                last = at
            body.append(line)
            origin.append(at)
        return "\n".join([f"def render({self.parameters}):", *head, *body]) + "\n", origin

    def _namespace(self) -> dict[str, Any]:
        operators = self.dialect.operators
        item = item_getter(operators)
        return {
            **self.names.values,
            "MISSING": MISSING,
            "BUDGET": self.dialect.budget,
            "ONCE": (None,),
            "C_campaign": self.constants.get("campaign"),
            "Html": Html,
            "Meter": Meter,
            "columns": _columns,
            "contains": operators.contains,
            "cycle_name": context_name,
            "down": down,
            "eq": operators.eq,
            "item": item,
            "join": "".join,
            "le": operators.le,
            "lost": lost,
            "lt": operators.lt,
            "member": member_getter(item),
            "next_round": next_round,
            "next_turn": next_turn,
            "pieces": pieces,
            "rounds": operators.rounds,
            "setting_of": setting_of,
            "sliced": sliced,
            "truthy": is_truthy,
            "up": up,
        }


def _columns(value: Any) -> int:
    try:
        count = 0 if is_vast(value) else int(value)
    except ValueError:
        count = 0
    return count if count > 0 else lost()


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" "))]


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


def compile_template(
    template: PartialText, dialect: Dialect, constants: Mapping[str, Any], source: Source
) -> Compiled | None:
    """The compiled template, or None when it has to be interpreted."""
    try:
        return Compiler(template, dialect, constants, source).compile()
    except Exception:  # noqa: BLE001  # on any doubt the interpreter runs it; tests expect EXPECTED only
        return None

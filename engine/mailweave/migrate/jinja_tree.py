"""Jinja: its own parser's tree, node by node."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from mailweave.batch.extras import require
from mailweave.migrate.bench import Bench
from mailweave.migrate.filters import SHOWN_LIST
from mailweave.migrate.jinja_values import VALUE_TODO, JinjaValues
from mailweave.migrate.scope import Scope
from mailweave.migrate.tree import (
    Arm,
    Assign,
    Broken,
    Capture,
    Compare,
    Expr,
    Filtered,
    For,
    If,
    Lit,
    Node,
    Output,
    Ref,
    Tag,
    Text,
)
from mailweave.source import rows

_OTHERS: Final[Mapping[str, tuple[str, str]]] = {
    "Extends": ("a template that fills another one", "make the other one the layout: docs/layouts.md"),
    "Include": ("the snippet stands in another file", "docs/libraries.md says how snippets are shared"),
    "Import": ("the macros stand in another file", "make each a snippet or a block"),
    "FromImport": ("the macros stand in another file", "make each a snippet or a block"),
    "Macro": ("there are no macros", "make it a snippet: docs/libraries.md"),
    "CallBlock": ("there are no macros", "make it a snippet: docs/libraries.md"),
    "FilterBlock": ("a filter over a part of a template", "write the filter behind each value"),
    "ExprStmt": ("it changes the data", "have it changed in the data"),
}


class JinjaParser:
    """Reads one template."""

    def __init__(self, bench: Bench, root: Any) -> None:
        self._bench, self._root, self._scope = bench, root, Scope()
        self._values = JinjaValues(bench, self._scope)
        self._is_safe = False
        self._branches = 0  # how many branches are around, within the innermost loop
        self._rounds: list[
            dict[str, Expr]
        ] = []  # of each loop around, the names given in it and their values before
        self._nodes_of: Mapping[str, Callable[[Any], list[Node]]] = {
            "Output": self._output,
            "If": self._if,
            "For": self._for,
            "Assign": self._assign,
            "AssignBlock": self._capture,
            "With": self._with,
            "Block": lambda node: self._all(node.body),
            "Break": lambda node: [Tag("break")],
            "Continue": lambda node: [Tag("continue")],
            "Scope": lambda node: self._all(node.body),
            "ScopedEvalContextModifier": self._autoescape,
        }

    def read(self) -> tuple[Node, ...]:
        """The whole template."""
        return tuple(self._all(self._root.body))

    def _all(self, nodes: list[Any]) -> list[Node]:
        return [made for node in nodes for made in self._node(node)]

    def _node(self, node: Any) -> list[Node]:
        kind = type(node).__name__
        if kind in self._nodes_of:
            return self._nodes_of[kind](node)
        start, stop = self._values.line(node)
        why, todo = _OTHERS.get(kind, ("there is no such tag", "write what it did, or leave it out"))
        mark = self._bench.no_equal(start, stop, why, todo)
        body = tuple(self._all(node.body)) if kind in ("FilterBlock", "CallBlock") else ()
        return [mark, If((Arm(Broken(start), body),), start)] if body else [mark]

    # ---- nodes

    def _output(self, node: Any) -> list[Node]:
        made: list[Node] = []
        for each in node.nodes:
            if type(each).__name__ == "TemplateData":
                made.append(Text(each.data))
            else:
                made += self._shown(each)
        return made

    def _shown(self, node: Any) -> list[Node]:
        start, stop = self._values.line(node)
        is_safe = self._is_safe
        while type(node).__name__ == "Filter" and node.name == "safe":
            node, is_safe = node.node, True
        value = self._values.value(node)
        if isinstance(value, Broken):
            return [self._bench.kept(start, stop)]
        if value == Lit(None):
            return [Text("None")]
        if self._values.kind(value) == "list":
            self._bench.tell("MW669", start, stop, instead="its items", difference=SHOWN_LIST)
        if is_safe and not isinstance(value, Lit):
            self._bench.tell("MW661", start, stop)
        return [Output(value, is_safe, start)]

    def _if(self, node: Any) -> list[Node]:
        arms: list[Arm] = []
        self._branches += 1
        with self._scope.arms() as begin:
            for each in (node, *node.elif_):
                begin()
                test = self._values.condition(each.test)
                arms.append(Arm(test, tuple(self._all(each.body))))
            if node.else_:
                begin()
                arms.append(Arm(None, tuple(self._all(node.else_))))
        self._branches -= 1
        return [If(tuple(arms), self._values.line(node)[0])]

    def _for(self, node: Any) -> list[Node]:
        start, _ = self._values.line(node)
        if type(node.target).__name__ != "Name" or node.recursive:
            why, todo = "pairs of a record have no order here", "make it a list of records"
            return self._not_looped(node, why, todo, tuple(self._all([*node.body, *node.else_])))
        items, limit, offset, backwards = self._items(node.iter)
        if (kind := self._bench.known(items)) not in ("list", "unknown"):
            why, todo = f"a {kind} is no list", "make it a list"
            return self._not_looped(node, why, todo, tuple(self._all([*node.body, *node.else_])))
        counter = "" if node.test is None else f"shown{len(self._rounds) + 1}"
        with self._scope.item(node.target.name, items) as called:
            body = self._round(node, counter)
        otherwise = tuple(self._all(node.else_))
        if not counter:
            return [For(called, items, body, otherwise, limit, offset, backwards, start)]
        none = If((Arm(Compare("==", Ref(local=counter), Lit(0)), otherwise),), start)
        loop = For(called, items, body, (), limit, offset, backwards, start)
        return [Assign(counter, Lit(0)), loop, *([none] if otherwise else [])]

    def _round(self, node: Any, counter: str) -> tuple[Node, ...]:
        """The body of a loop; with a counter, of one that shows and counts only some of the items."""
        outer = dict(self._scope.known)
        self._rounds.append({})
        self._values.counters.append(counter)
        branches, self._branches = self._branches, 0
        test = None if node.test is None else self._values.condition(node.test)
        body = tuple(self._all(node.body))
        self._values.counters.pop()
        self._branches = branches
        before = tuple(Assign(name, value) for name, value in self._rounds.pop().items())
        self._scope.known = {name: outer[name] for name in self._scope.known if name in outer}
        if test is None:
            return (*before, *body)
        counted = Assign(counter, Filtered(Ref(local=counter), "plus", (Lit(1),)))
        return (*before, If((Arm(test, (counted, *body)),)))

    def _not_looped(self, node: Any, why: str, todo: str, held: tuple[Node, ...]) -> list[Node]:
        """A loop that has no equal: what it held is kept, and not shown."""
        start, stop = self._values.line(node)
        return [self._bench.no_equal(start, stop, why, todo), If((Arm(Broken(start), held),), start)]

    def _items(self, node: Any) -> tuple[Expr, Expr | None, Expr | None, bool]:
        """A list, how much of it from where, and whether it runs backwards."""
        if type(node).__name__ == "Filter" and node.name == "reverse":
            return self._values.value(node.node), None, None, True
        if type(node).__name__ == "Getitem" and type(node.arg).__name__ == "Slice":
            start, stop = _bound(node.arg.start, 0), _bound(node.arg.stop, None)
            if start is not None and node.arg.step is None and (node.arg.stop is None or stop is not None):
                limit = None if stop is None else Lit(max(stop - start, 0))
                return self._values.value(node.node), limit, Lit(start) if start else None, False
        return self._values.value(node), None, None, False

    def _assign(self, node: Any) -> list[Node]:
        start, stop = self._values.line(node)
        if type(node.target).__name__ != "Name":
            return [self._bench.no_equal(start, stop, "several names at once", "write one `assign` for each")]
        value = self._values.value(node.node)
        called = self._given(node.target.name, value)
        if isinstance(value, Broken):
            return [self._bench.kept(start, stop), Assign(called, Lit(None), start)]
        return [Assign(called, value, start)]

    def _given(self, name: str, value: Expr) -> str:
        """A name for a value. In a loop it is a new one in each round, and outside keeps what it had."""
        outer = self._scope.known.get(name)
        called = self._scope.give(name, value)
        if not self._rounds or called in self._rounds[-1]:
            return called
        if outer is not None:
            called = f"{called}_{len(self._rounds) + 1}"
            self._scope.known[name] = replace(self._scope.known[name], name=called)
        if self._branches:  # it may be given in one round and not in the next
            before = Lit(None) if outer is None else Ref((), outer.name, (), outer.of)
            self._rounds[-1].setdefault(called, before)
        return called

    def _capture(self, node: Any) -> list[Node]:
        body = tuple(self._all(node.body))
        if node.filter is not None or type(node.target).__name__ != "Name":
            return [
                self._bench.no_equal(
                    *self._values.line(node), "a filter over a part of a template", VALUE_TODO
                )
            ]
        return [Capture(self._given(node.target.name, Lit(None)), body, self._values.line(node)[0])]

    def _with(self, node: Any) -> list[Node]:
        outer = dict(self._scope.known)
        values = [self._values.value(each) for each in node.values]
        made: list[Node] = []
        for target, value in zip(node.targets, values, strict=True):
            kept = Lit(None) if isinstance(value, Broken) else value
            made.append(Assign(self._scope.give(target.name, value), kept))
        made += self._all(node.body)
        self._scope.known = outer
        return made

    def _autoescape(self, node: Any) -> list[Node]:
        outer = self._is_safe
        for option in node.options:
            if option.key == "autoescape" and type(option.value).__name__ == "Const":
                self._is_safe = not option.value.value
        made = self._all(node.body)
        self._is_safe = outer
        return made


def _bound(node: Any, without: int | None) -> int | None:
    if node is None:
        return without
    value = node.value if type(node).__name__ == "Const" else None
    return value if isinstance(value, int) and value >= 0 else None


def parse_jinja(bench: Bench) -> tuple[Node, ...]:
    """The tree of a template of Jinja, read with autoescape on. Raises MailweaveError: MW665 for what it cannot read,
    MW022 where Jinja is missing."""
    require("migrate", place=bench.source.name, what="--from jinja")
    jinja2 = importlib.import_module("jinja2")
    environment = jinja2.Environment(autoescape=True, extensions=["jinja2.ext.loopcontrols", "jinja2.ext.do"])
    try:
        root = environment.parse(bench.source.text)
    except jinja2.TemplateSyntaxError as problem:
        lines = rows(bench.source.text)
        raise bench.refusal(sum(map(len, lines[: problem.lineno - 1])), str(problem.message)) from None
    return JinjaParser(bench, root).read()

"""Jinja: its own parser's tree, node by node."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any, Final

from mailweave.batch.extras import require
from mailweave.migrate.bench import Bench
from mailweave.migrate.filters import JINJA, SHOWN_LIST
from mailweave.migrate.sample import Kind
from mailweave.migrate.scope import Scope, ours
from mailweave.migrate.tree import (
    Arm,
    Assign,
    Broken,
    Capture,
    Choice,
    Compare,
    Expr,
    Filtered,
    For,
    If,
    Key,
    Lit,
    Logic,
    Node,
    Not,
    Output,
    Range,
    Ref,
    Tag,
    Text,
    Truth,
)
from mailweave.source import rows

_SIGNS: Final = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
_COUNTERS: Final = {
    "index": "index", "index0": "index0", "first": "first", "last": "last", "length": "length", "revindex": "rindex",
    "revindex0": "rindex0",
}  # fmt: skip
_SUMS: Final = {"Add": "plus", "Sub": "minus", "Mul": "times", "Mod": "modulo", "FloorDiv": "divided_by"}
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
_VALUE_TODO: Final = "compute it in the data"
_NULL: Final = "null in the data takes the other value as well, where Jinja shows `None`"


class JinjaParser:
    """Reads one template."""

    def __init__(self, bench: Bench, root: Any) -> None:
        self._bench, self._root, self._scope = bench, root, Scope()
        self._is_safe = False
        self._branches = 0  # how many branches are around, within the innermost loop
        self._rounds: list[
            dict[str, Expr]
        ] = []  # of each loop around, the names given in it and their values before
        self._counters: list[
            str
        ] = []  # of each loop around, the name that counts what it shows; empty: forloop does
        self._lines = [0]
        for row in rows(bench.source.text):
            self._lines.append(self._lines[-1] + len(row))
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
        self._values: Mapping[str, Callable[[Any], Expr]] = {
            "Const": lambda node: Lit(node.value) if _is_plain(node.value) else self._broken(node),
            "TemplateData": lambda node: Lit(node.data),
            "Name": self._path,
            "Getattr": self._path,
            "Getitem": self._path,
            "Filter": self._filter,
            "CondExpr": self._choice,
            "And": lambda node: self._either(node, is_and=True),
            "Or": lambda node: self._either(node, is_and=False),
            "Not": lambda node: Not(self._condition(node.node)),
            "Compare": self._compare,
            "Test": self._asked,
            "Concat": self._concat,
            "Call": self._call,
            "Neg": lambda node: Filtered(self._value(node.node), "times", (Lit(-1),)),
            **dict.fromkeys(_SUMS, self._sum),
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
        start, stop = self._line(node)
        why, todo = _OTHERS.get(kind, ("there is no such tag", "write what it did, or leave it out"))
        mark = self._bench.no_equal(start, stop, why, todo)
        body = tuple(self._all(node.body)) if kind in ("FilterBlock", "CallBlock") else ()
        return [mark, If((Arm(Broken(start), body),), start)] if body else [mark]

    def _line(self, node: Any) -> tuple[int, int]:
        """The line of a node: the parser keeps no columns."""
        number = min(max(node.lineno, 1), len(self._lines) - 1)
        text = self._bench.source.text[self._lines[number - 1] : self._lines[number]]
        start = self._lines[number - 1] + len(text) - len(text.lstrip())
        return start, start + len(text.strip())

    def _broken(self, node: Any, why: str = "values are not computed so", todo: str = _VALUE_TODO) -> Broken:
        return self._bench.broken(*self._line(node), why, todo)

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
        start, stop = self._line(node)
        is_safe = self._is_safe
        while type(node).__name__ == "Filter" and node.name == "safe":
            node, is_safe = node.node, True
        value = self._value(node)
        if isinstance(value, Broken):
            return [self._bench.kept(start, stop)]
        if value == Lit(None):
            return [Text("None")]
        if self._kind(value) == "list":
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
                test = self._condition(each.test)
                arms.append(Arm(test, tuple(self._all(each.body))))
            if node.else_:
                begin()
                arms.append(Arm(None, tuple(self._all(node.else_))))
        self._branches -= 1
        return [If(tuple(arms), self._line(node)[0])]

    def _for(self, node: Any) -> list[Node]:
        start, _ = self._line(node)
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
        self._counters.append(counter)
        branches, self._branches = self._branches, 0
        test = None if node.test is None else self._condition(node.test)
        body = tuple(self._all(node.body))
        self._counters.pop()
        self._branches = branches
        before = tuple(Assign(name, value) for name, value in self._rounds.pop().items())
        self._scope.known = {name: outer[name] for name in self._scope.known if name in outer}
        if test is None:
            return (*before, *body)
        counted = Assign(counter, Filtered(Ref(local=counter), "plus", (Lit(1),)))
        return (*before, If((Arm(test, (counted, *body)),)))

    def _not_looped(self, node: Any, why: str, todo: str, held: tuple[Node, ...]) -> list[Node]:
        """A loop that has no equal: what it held is kept, and not shown."""
        start, stop = self._line(node)
        return [self._bench.no_equal(start, stop, why, todo), If((Arm(Broken(start), held),), start)]

    def _items(self, node: Any) -> tuple[Expr, Expr | None, Expr | None, bool]:
        """A list, how much of it from where, and whether it runs backwards."""
        if type(node).__name__ == "Filter" and node.name == "reverse":
            return self._value(node.node), None, None, True
        if type(node).__name__ == "Getitem" and type(node.arg).__name__ == "Slice":
            start, stop = _bound(node.arg.start, 0), _bound(node.arg.stop, None)
            if start is not None and node.arg.step is None and (node.arg.stop is None or stop is not None):
                limit = None if stop is None else Lit(max(stop - start, 0))
                return self._value(node.node), limit, Lit(start) if start else None, False
        return self._value(node), None, None, False

    def _assign(self, node: Any) -> list[Node]:
        start, stop = self._line(node)
        if type(node.target).__name__ != "Name":
            return [self._bench.no_equal(start, stop, "several names at once", "write one `assign` for each")]
        value = self._value(node.node)
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
                self._bench.no_equal(*self._line(node), "a filter over a part of a template", _VALUE_TODO)
            ]
        return [Capture(self._given(node.target.name, Lit(None)), body, self._line(node)[0])]

    def _with(self, node: Any) -> list[Node]:
        outer = dict(self._scope.known)
        values = [self._value(each) for each in node.values]
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

    # ---- values

    def _value(self, node: Any) -> Expr:
        make = self._values.get(type(node).__name__)
        return self._broken(node) if make is None else make(node)

    def _condition(self, node: Any) -> Expr:
        kind = type(node).__name__
        if kind in ("And", "Or"):
            parts = (self._condition(node.left), self._condition(node.right))
            return Logic("and" if kind == "And" else "or", parts)
        value = self._value(node)
        return value if isinstance(value, Not | Compare | Logic | Truth | Broken) else Truth(value)

    def _path(self, node: Any) -> Expr:
        keys: list[Key] = []
        inner = node
        while (kind := type(inner).__name__) != "Name":
            if kind == "Getattr":
                keys.append(inner.attr)
            elif kind == "Getitem" and type(inner.arg).__name__ == "Const" and _is_key(inner.arg.value):
                keys.append(inner.arg.value)
            else:
                return self._broken(node, "what stands in brackets is not known before the data are")
            inner = inner.node
        keys.append(inner.name)
        keys.reverse()
        if keys[0] == "loop" and "loop" not in self._scope.known and len(keys) == 2 and self._counters:
            return self._of_loop(str(keys[1]), node)
        return self._scope.ref(keys, self._line(node)[0], ends=False)

    def _of_loop(self, name: str, node: Any) -> Expr:
        counter = _COUNTERS.get(name)
        if counter is None:
            return self._broken(node, "a loop does not say that")
        if not self._counters[-1]:
            return ours("forloop", counter)
        shown = Ref(local=self._counters[-1])
        counted: Mapping[str, Expr] = {
            "index": shown,
            "index0": Filtered(shown, "minus", (Lit(1),)),
            "first": Compare("==", shown, Lit(1)),
        }
        why = "a loop that leaves items out does not know its end"
        return (
            counted[counter] if counter in counted else self._broken(node, why, "filter the list in the data")
        )

    def _filter(self, node: Any) -> Expr:
        if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return self._broken(node, "arguments by name")
        value = self._value(node.node)
        given = [self._value(each) for each in node.args]
        if isinstance(value, Broken) or any(isinstance(each, Broken) for each in given):
            return Broken()
        if node.name in ("default", "d"):
            return self._default(node, value, given)
        if node.name == "reverse" and self._kind(value) == "text":
            return self._broken(node, "a text is not turned around here")
        return JINJA.apply(self._bench, value, node.name, given, {}, self._line(node))

    def _default(self, node: Any, value: Expr, given: list[Expr]) -> Expr:
        """Without a second argument that holds, null is left as it is; here it is the same as what is missing."""
        other = given[0] if given else Lit("")
        if len(given) == 2 and isinstance(given[1], Lit) and bool(given[1].value):
            return Choice(Truth(value), value, other)
        if isinstance(value, Lit):
            return value
        if isinstance(value, Ref) and value.of and None in self._bench.sample.values(value.of):
            self._bench.tell("MW669", *self._line(node), instead="a choice", difference=_NULL)
        return Choice(Compare("!=", value, Lit(None)), value, other)

    def _choice(self, node: Any) -> Expr:
        no = Lit("") if node.expr2 is None else self._value(node.expr2)
        return Choice(self._condition(node.test), self._value(node.expr1), no)

    def _either(self, node: Any, *, is_and: bool) -> Expr:
        """`a or b` is a when it holds, else b."""
        left, right = self._value(node.left), self._value(node.right)
        test = self._condition(node.left)
        return Choice(test, right, left) if is_and else Choice(test, left, right)

    def _compare(self, node: Any) -> Expr:
        left = self._value(node.expr)
        parts = []
        for each in node.ops:
            right = self._value(each.expr)
            parts.append(self._compared(left, each.op, right, each.expr))
            left = right
        return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))

    def _compared(self, left: Expr, sign: str, right: Expr, written: Any) -> Expr:
        if sign in _SIGNS:
            return Compare(_SIGNS[sign], left, right)
        test: Expr = Compare("contains", right, left)
        if type(written).__name__ in ("List", "Tuple"):
            choices = tuple(Compare("==", left, self._value(each)) for each in written.items)
            test = Logic("or", choices) if choices else Lit(False)
        return test if sign == "in" else Not(test)

    def _asked(self, node: Any) -> Expr:
        value = self._value(node.node)
        given = [self._value(each) for each in node.args]
        match node.name, given:
            case "defined", []:
                return _has_item(value) or Compare("!=", value, Lit(None))
            case "undefined", [] if item := _has_item(value):
                return Not(item)
            case (("undefined" | "none"), []):
                return Compare("==", value, Lit(None))
            case (("equalto" | "eq" | "sameas"), [other]):
                return Compare("==", value, other)
            case "divisibleby", [other]:
                return Compare("==", Filtered(value, "modulo", (other,)), Lit(0))
            case ("odd" | "even") as name, []:
                return Compare("==", Filtered(value, "modulo", (Lit(2),)), Lit(int(name == "odd")))
            case ("true" | "false") as name, []:
                return Compare("==", value, Lit(name == "true"))
            case _:  # a test without an equal
                return self._broken(node, f"there is no such test as `{node.name}`")

    def _concat(self, node: Any) -> Expr:
        first, *others = [self._value(each) for each in node.nodes]
        for each in others:
            first = Filtered(first, "append", (each,))
        return first

    def _sum(self, node: Any) -> Expr:
        left, right = self._value(node.left), self._value(node.right)
        name = _SUMS[type(node).__name__]
        kinds = {self._kind(left), self._kind(right)}
        if kinds & {"text", "list"}:
            joining = "concat" if "list" in kinds else "append"
            return Filtered(left, joining, (right,)) if name == "plus" else self._broken(node)
        made = Filtered(left, name, (right,))
        is_cut = type(node).__name__ == "FloorDiv" and kinds != {"int"}
        return Filtered(made, "floor") if is_cut else made

    def _kind(self, value: Expr) -> Kind:
        """What a value is, as far as the data or the template say it."""
        match value:
            case Lit(value=str()) | Filtered(name="append" | "upcase" | "downcase" | "replace" | "join"):
                return "text"
            case Lit(value=int()):
                return "int"
            case Range() | Filtered(name="split" | "uniq" | "concat"):
                return "list"
            case Filtered(value=inner, name="reverse" | "slice" | "default"):
                return self._kind(inner)
            case _:  # a value of the data, or a number
                return self._bench.known(value)

    def _call(self, node: Any) -> Expr:
        given = [self._value(each) for each in node.args]
        if type(node.node).__name__ == "Name" and node.node.name == "range" and not node.kwargs:
            bounds = [each.value for each in given if isinstance(each, Lit) and isinstance(each.value, int)]
            if len(bounds) == len(given) and len(given) in (1, 2):
                return Range(Lit(0 if len(bounds) == 1 else bounds[0]), Lit(bounds[-1] - 1))
        if type(node.node).__name__ == "Getattr" and not node.kwargs:
            method = _METHODS.get((node.node.attr, len(given)))
            if method is not None:
                return Filtered(self._value(node.node.node), method, tuple(given))
        return self._broken(node, "functions are not called")


_METHODS: Final[Mapping[tuple[str, int], str]] = {
    ("upper", 0): "upcase",
    ("lower", 0): "downcase",
    ("strip", 0): "strip",
    ("capitalize", 0): "capitalize",
    ("replace", 2): "replace",
    ("split", 1): "split",
}


def _has_item(value: Expr) -> Compare | None:
    """Whether a list is so long that it has an item of that number; None for what is no item."""
    if not isinstance(value, Ref) or not value.tail or not isinstance(number := value.tail[-1], int):
        return None
    size = replace(value, tail=(*value.tail[:-1], "size"), of=value.of[:-1] if value.of else None)
    return Compare(">", size, Lit(number))


def _bound(node: Any, without: int | None) -> int | None:
    if node is None:
        return without
    value = node.value if type(node).__name__ == "Const" else None
    return value if isinstance(value, int) and value >= 0 else None


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))


def _is_key(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != -1


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

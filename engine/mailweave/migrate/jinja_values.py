"""The values and conditions of Jinja's tree, as ours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any, Final

from mailweave.migrate.bench import Bench
from mailweave.migrate.filters import JINJA
from mailweave.migrate.sample import Kind
from mailweave.migrate.scope import Scope, ours
from mailweave.migrate.tree import (
    Broken,
    Choice,
    Compare,
    Expr,
    Filtered,
    Key,
    Lit,
    Logic,
    Not,
    Range,
    Ref,
    Truth,
)
from mailweave.source import rows

_SIGNS: Final = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">="}
_COUNTERS: Final = {
    "index": "index", "index0": "index0", "first": "first", "last": "last", "length": "length", "revindex": "rindex",
    "revindex0": "rindex0",
}  # fmt: skip
_SUMS: Final = {"Add": "plus", "Sub": "minus", "Mul": "times", "Mod": "modulo", "FloorDiv": "divided_by"}
VALUE_TODO: Final = "compute it in the data"
_NULL: Final = "null in the data takes the other value as well, where Jinja shows `None`"
_METHODS: Final[Mapping[tuple[str, int], str]] = {
    ("upper", 0): "upcase",
    ("lower", 0): "downcase",
    ("strip", 0): "strip",
    ("capitalize", 0): "capitalize",
    ("replace", 2): "replace",
    ("split", 1): "split",
}


class JinjaValues:
    """Reads values. `counters`: of each loop around, the name that counts what it shows; empty: forloop does."""

    def __init__(self, bench: Bench, scope: Scope) -> None:
        self._bench, self._scope = bench, scope
        self.counters: list[str] = []
        self._lines = [0]
        for row in rows(bench.source.text):
            self._lines.append(self._lines[-1] + len(row))
        self._made_by: Mapping[str, Callable[[Any], Expr]] = {
            "Const": lambda node: Lit(node.value) if _is_plain(node.value) else self.broken(node),
            "TemplateData": lambda node: Lit(node.data),
            "Name": self._path,
            "Getattr": self._path,
            "Getitem": self._path,
            "Filter": self._filter,
            "CondExpr": self._choice,
            "And": lambda node: self._either(node, is_and=True),
            "Or": lambda node: self._either(node, is_and=False),
            "Not": lambda node: Not(self.condition(node.node)),
            "Compare": self._compare,
            "Test": self._asked,
            "Concat": self._concat,
            "Call": self._call,
            "Neg": lambda node: Filtered(self.value(node.node), "times", (Lit(-1),)),
            **dict.fromkeys(_SUMS, self._sum),
        }

    def line(self, node: Any) -> tuple[int, int]:
        """The line of a node: the parser keeps no columns."""
        number = min(max(node.lineno, 1), len(self._lines) - 1)
        text = self._bench.source.text[self._lines[number - 1] : self._lines[number]]
        start = self._lines[number - 1] + len(text) - len(text.lstrip())
        return start, start + len(text.strip())

    def broken(self, node: Any, why: str = "values are not computed so", todo: str = VALUE_TODO) -> Broken:
        """A value that has no equal, which is told at the line of its node."""
        return self._bench.broken(*self.line(node), why, todo)

    def value(self, node: Any) -> Expr:
        """What a node gives."""
        make = self._made_by.get(type(node).__name__)
        return self.broken(node) if make is None else make(node)

    def condition(self, node: Any) -> Expr:
        """Whether a node holds, as Jinja has it."""
        kind = type(node).__name__
        if kind in ("And", "Or"):
            parts = (self.condition(node.left), self.condition(node.right))
            return Logic("and" if kind == "And" else "or", parts)
        value = self.value(node)
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
                return self.broken(node, "what stands in brackets is not known before the data are")
            inner = inner.node
        keys.append(inner.name)
        keys.reverse()
        if keys[0] == "loop" and "loop" not in self._scope.known and len(keys) == 2 and self.counters:
            return self._of_loop(str(keys[1]), node)
        return self._scope.ref(keys, self.line(node)[0], ends=False)

    def _of_loop(self, name: str, node: Any) -> Expr:
        counter = _COUNTERS.get(name)
        if counter is None:
            return self.broken(node, "a loop does not say that")
        if not self.counters[-1]:
            return ours("forloop", counter)
        shown = Ref(local=self.counters[-1])
        counted: Mapping[str, Expr] = {
            "index": shown,
            "index0": Filtered(shown, "minus", (Lit(1),)),
            "first": Compare("==", shown, Lit(1)),
        }
        why = "a loop that leaves items out does not know its end"
        return (
            counted[counter] if counter in counted else self.broken(node, why, "filter the list in the data")
        )

    def _filter(self, node: Any) -> Expr:
        if node.node is None or node.kwargs or node.dyn_args or node.dyn_kwargs:
            return self.broken(node, "arguments by name")
        value = self.value(node.node)
        given = [self.value(each) for each in node.args]
        if isinstance(value, Broken) or any(isinstance(each, Broken) for each in given):
            return Broken()
        if node.name in ("default", "d"):
            return self._default(node, value, given)
        if node.name == "reverse" and self.kind(value) == "text":
            return self.broken(node, "a text is not turned around here")
        return JINJA.apply(self._bench, value, node.name, given, {}, self.line(node))

    def _default(self, node: Any, value: Expr, given: list[Expr]) -> Expr:
        """Without a second argument that holds, null is left as it is; here it is the same as what is missing."""
        other = given[0] if given else Lit("")
        if len(given) == 2 and isinstance(given[1], Lit) and bool(given[1].value):
            return Choice(Truth(value), value, other)
        if isinstance(value, Lit):
            return value
        if isinstance(value, Ref) and value.of and None in self._bench.sample.values(value.of):
            self._bench.tell("MW669", *self.line(node), instead="a choice", difference=_NULL)
        return Choice(Compare("!=", value, Lit(None)), value, other)

    def _choice(self, node: Any) -> Expr:
        no = Lit("") if node.expr2 is None else self.value(node.expr2)
        return Choice(self.condition(node.test), self.value(node.expr1), no)

    def _either(self, node: Any, *, is_and: bool) -> Expr:
        """`a or b` is a when it holds, else b."""
        left, right = self.value(node.left), self.value(node.right)
        test = self.condition(node.left)
        return Choice(test, right, left) if is_and else Choice(test, left, right)

    def _compare(self, node: Any) -> Expr:
        left = self.value(node.expr)
        parts = []
        for each in node.ops:
            right = self.value(each.expr)
            parts.append(self._compared(left, each.op, right, each.expr))
            left = right
        return parts[0] if len(parts) == 1 else Logic("and", tuple(parts))

    def _compared(self, left: Expr, sign: str, right: Expr, written: Any) -> Expr:
        if sign in _SIGNS:
            return Compare(_SIGNS[sign], left, right)
        test: Expr = Compare("contains", right, left)
        if type(written).__name__ in ("List", "Tuple"):
            choices = tuple(Compare("==", left, self.value(each)) for each in written.items)
            test = Logic("or", choices) if choices else Lit(False)
        return test if sign == "in" else Not(test)

    def _asked(self, node: Any) -> Expr:
        value = self.value(node.node)
        given = [self.value(each) for each in node.args]
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
                return self.broken(node, f"there is no such test as `{node.name}`")

    def _concat(self, node: Any) -> Expr:
        first, *others = [self.value(each) for each in node.nodes]
        for each in others:
            first = Filtered(first, "append", (each,))
        return first

    def _sum(self, node: Any) -> Expr:
        left, right = self.value(node.left), self.value(node.right)
        name = _SUMS[type(node).__name__]
        kinds = {self.kind(left), self.kind(right)}
        if kinds & {"text", "list"}:
            joining = "concat" if "list" in kinds else "append"
            return Filtered(left, joining, (right,)) if name == "plus" else self.broken(node)
        made = Filtered(left, name, (right,))
        is_cut = type(node).__name__ == "FloorDiv" and kinds != {"int"}
        return Filtered(made, "floor") if is_cut else made

    def kind(self, value: Expr) -> Kind:
        """What a value is, as far as the data or the template say it."""
        match value:
            case Lit(value=str()) | Filtered(name="append" | "upcase" | "downcase" | "replace" | "join"):
                return "text"
            case Lit(value=int()):
                return "int"
            case Range() | Filtered(name="split" | "uniq" | "concat"):
                return "list"
            case Filtered(value=inner, name="reverse" | "slice" | "default"):
                return self.kind(inner)
            case _:  # a value of the data, or a number
                return self._bench.known(value)

    def _call(self, node: Any) -> Expr:
        given = [self.value(each) for each in node.args]
        if type(node.node).__name__ == "Name" and node.node.name == "range" and not node.kwargs:
            bounds = [each.value for each in given if isinstance(each, Lit) and isinstance(each.value, int)]
            if len(bounds) == len(given) and len(given) in (1, 2):
                return Range(Lit(0 if len(bounds) == 1 else bounds[0]), Lit(bounds[-1] - 1))
        if type(node.node).__name__ == "Getattr" and not node.kwargs:
            method = _METHODS.get((node.node.attr, len(given)))
            if method is not None:
                return Filtered(self.value(node.node.node), method, tuple(given))
        return self.broken(node, "functions are not called")


def _has_item(value: Expr) -> Compare | None:
    """Whether a list is so long that it has an item of that number; None for what is no item."""
    if not isinstance(value, Ref) or not value.tail or not isinstance(number := value.tail[-1], int):
        return None
    size = replace(value, tail=(*value.tail[:-1], "size"), of=value.of[:-1] if value.of else None)
    return Compare(">", size, Lit(number))


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, str | int) or (isinstance(value, float) and isfinite(value))


def _is_key(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != -1

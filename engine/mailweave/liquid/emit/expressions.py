"""Expressions: Python source of paths, literals and ranges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from mailweave.liquid.emit.emission import Emission
from mailweave.liquid.emit.filters import filtered
from mailweave.liquid.emit.scope import Round
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir.expressions import Compare, Const, Expression, Filtered, Logic, Not, Path, Range
from mailweave.liquid.loop_slices import integers
from mailweave.liquid.members import COMMANDS

_FORLOOP = {
    "index": "({i} + 1)",
    "index0": "{i}",
    "rindex": "({n} - {i})",
    "rindex0": "({n} - {i} - 1)",
    "first": "({i} == 0)",
    "last": "({i} == {n} - 1)",
    "length": "{n}",
}
_TABLEROW = _FORLOOP | {
    "col": "({i} % {c} + 1)",
    "col0": "({i} % {c})",
    "col_first": "({i} % {c} == 0)",
    "col_last": "({i} % {c} == {c} - 1)",
    "row": "({i} // {c} + 1)",
}
INTEGERS = frozenset({"index", "index0", "rindex", "rindex0", "length", "col", "col0", "row"})
LOOPS = frozenset({"forloop", "tablerowloop"})

Getter = Callable[[], str]


def value(e: Emission, node: Expression) -> str:
    """Python source of an expression."""
    match node:
        case Const():
            return e.names.literal(node.value)
        case Range():
            maker = e.names.constant(integers, "R")
            return f"{maker}({value(e, node.start)}, {value(e, node.stop)})"
        case Path():
            return _path(e, node)
        case Filtered():
            code = value(e, node.left)
            for step in node.steps:
                code = filtered(e, code, step, partial(value, e))
            return code
        case Compare() | Logic() | Not():
            raise NotCompilable("it has a condition where a value stands")


def _path(e: Emission, node: Path) -> str:
    """A name and what hangs on it."""
    root, *rest = node.keys
    if not isinstance(root, str):
        raise NotCompilable("it has a path that starts with an index")
    if root == "self":
        raise NotCompilable("it reads `self`")
    code = _loop_member(e, root, rest, node) if root in LOOPS else None
    if code is not None:
        return code
    missing = "None" if node.optional else "MISSING"
    code, getter = named(e, root, missing)
    for position, key in enumerate(rest):
        if position == 0 and getter and isinstance(key, str) and key not in COMMANDS:
            code = f"{getter()}({key!r}{'' if node.optional else ', MISSING'})"
        else:
            code = _member(e, code, key, "" if node.optional else ", MISSING")
    if node.optional:
        return code
    t = e.temporary()
    return f"({t} if ({t} := {code}) is not MISSING else lost())"


def _member(e: Emission, code: str, key: str | int | Expression, default: str) -> str:
    if not isinstance(key, (str, int)):
        return f"item({code}, quoted({value(e, key)}){default})"
    if isinstance(key, int):
        return f"item({code}, {key!r}{default})"
    t = e.temporary()
    if key == "size":
        return f"(len({t}) if type({t} := {code}) is list else item({t}, 'size'{default}))"
    if key in COMMANDS:
        at = 0 if key == "first" else -1
        return f"({t}[{at}] if type({t} := {code}) is list and {t} else item({t}, {key!r}{default}))"
    return f"({t}.get({key!r}{default}) if type({t} := {code}) is dict else item({t}, {key!r}{default}))"


# --- names ---


def named(e: Emission, name: str, missing: str) -> tuple[str, Getter | None]:
    """The source for a name, and what makes the source for the getter of its members."""
    bound = e.unit.bound(name)
    if bound is None:
        return _beneath(e, name, missing)
    if bound.maybe:
        outer, _ = _beneath(e, name, missing)
        return f"({bound.code} if {bound.code} is not MISSING else {outer})", None
    return bound.code, partial(str, bound.getter) if bound.getter else None


def _beneath(e: Emission, name: str, missing: str) -> tuple[str, Getter | None]:
    """A variable, or what a name means where it has none."""
    if name not in e.unit.assigned:
        return _outer(e, name, missing)
    local = e.local_name(name)
    if name in e.unit.sure:
        return local, None
    return f"({local} if {local} is not MISSING else {_outer(e, name, missing)[0]})", None


def _outer(e: Emission, name: str, missing: str) -> tuple[str, Getter | None]:
    """A parameter of a rendered partial, a counter, or a global name."""
    argument = e.unit.arguments.get(name)
    if argument is not None and argument.maybe and missing == "None":
        return f"(None if {argument.code} is MISSING else {argument.code})", None
    if argument is not None:
        return argument.code, partial(str, argument.getter) if argument.getter else None
    if name in e.unit.counters:
        counters, t = e.state("counters"), e.temporary()
        beneath, _ = data(e, name, missing)
        return f"({t} if ({t} := {counters}.get({name!r}, MISSING)) is not MISSING else {beneath})", None
    return data(e, name, missing)


def data(e: Emission, name: str, missing: str) -> tuple[str, Getter | None]:
    """What the data, or the campaign, holds under a name."""
    if name in e.constants:
        return e.names.constant(e.constants[name], "C", name), None
    variable = e.global_name(name)
    if missing == "None" and e.marks_missing:
        variable = f"(None if {variable} is MISSING else {variable})"
    return variable, partial(e.getter_of, name)


# --- loops ---


def _loop_member(e: Emission, root: str, rest: Sequence[object], node: Path) -> str | None:
    """`forloop.index` and the like, as arithmetic; None when the name is not a loop's."""
    rounds = e.unit.rounds_called(root)
    if not rounds:
        return None
    if e.unit.bound(root) is not None:
        raise NotCompilable("it has a variable called like the loop")
    *parents, last = rest or (None,)
    if any(key != "parentloop" for key in parents) or not isinstance(last, str):
        raise NotCompilable("it uses a loop as a value")
    if len(parents) >= len(rounds):
        return _nothing(node)
    return _position(rounds[len(parents)], last, node)


def _position(around: Round, word: str, node: Path) -> str:
    table = _TABLEROW if around.columns else _FORLOOP
    if word in table:
        return table[word].format(i=around.index, n=around.length, c=around.columns)
    if word == "name" and around.title:
        return repr(around.title)
    if word in ("name", "size", "parentloop"):
        raise NotCompilable("it uses a loop as a value")
    return _nothing(node)


def _nothing(node: Path) -> str:
    return "None" if node.optional else "lost()"


def is_position(e: Emission, node: Expression) -> bool:
    """Whether a value is certainly a whole number: a loop's index or length."""
    if not isinstance(node, Path) or len(node.keys) != 2 or node.keys[0] not in LOOPS:
        return False
    root = str(node.keys[0])
    return node.keys[1] in INTEGERS and e.unit.bound(root) is None and bool(e.unit.rounds_called(root))

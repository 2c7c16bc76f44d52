"""Expressions: Python source of paths, literals and ranges."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from mailweave.liquid.emit.emission import Emission
from mailweave.liquid.emit.filters import filtered
from mailweave.liquid.emit.scope import Round
from mailweave.liquid.failures import NotCompilable
from mailweave.liquid.ir.expressions import Compare, Const, Expression, Filtered, Logic, Not, Path, Range
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
_OF_LISTS = {
    "size": "len({0}) if type({0} := {1}) is list",
    "first": "{0}[0] if type({0} := {1}) is list and {0}",
    "last": "{0}[-1] if type({0} := {1}) is list and {0}",
}
_COMPARED = {
    "==": "eq({0}, {1}{2})",
    "!=": "(not eq({0}, {1}{2}))",
    "<": "lt({0}, {1}{2})",
    "<=": "le({0}, {1}{2})",
    ">": "lt({1}, {0}{2})",
    ">=": "le({1}, {0}{2})",
    "contains": "contains({0}, {1}{2})",
}
_AT_ONCE = {"==": (int, str), "!=": (int, str), "contains": (str,)}  # the others: numbers
_LONGEST = 4096  # characters that are compared for nothing
LOOPS = frozenset({"forloop", "tablerowloop"})


def value(e: Emission, node: Expression) -> str:
    """Python source of an expression."""
    match node:
        case Const():
            return e.names.literal(node.value)
        case Range():
            return f"integers({value(e, node.start)}, {value(e, node.stop)})"
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
    if root in LOOPS and e.unit.rounds_called(root):
        return _loop_member(e, root, rest, node)
    code, default = named(e, root), "" if node.optional else ", MISSING"
    has_getter = code in e.holders or code == e.globals.get(root)
    if rest and has_getter and isinstance(rest[0], str) and rest[0] not in COMMANDS:
        code = f"{e.getter_of(code)}({rest.pop(0)!r}{default})"
    for key in rest:
        code = _member(e, code, key, default)
    if node.optional:
        return code if len(node.keys) > 1 else or_nil(e, code)
    t = e.temporary()
    return f"({t} if ({t} := {code}) is not MISSING else lost())"


def _member(e: Emission, code: str, key: str | int | Expression, default: str) -> str:
    if not isinstance(key, (str, int)):
        return f"item({code}, quoted({value(e, key)}){default})"
    if isinstance(key, int):
        return f"item({code}, {key!r}{default})"
    t = e.temporary()
    quick = f"{t}.get({key!r}{default}) if type({t} := {code}) is dict"
    if key in COMMANDS:
        quick = _OF_LISTS[key].format(t, code)
    return f"({quick} else item({t}, {key!r}{default}))"


# --- names ---


def named(e: Emission, name: str) -> str:
    """The source for a name: of a loop or parameter, a variable, or what the name means where there is none."""
    return e.unit.bound(name) or _beneath(e, name)


def _beneath(e: Emission, name: str) -> str:
    if name not in e.unit.assigned:
        return _outer(e, name)
    local = e.local_name(name)
    return local if name in e.unit.sure else f"({local} if {local} is not MISSING else {_outer(e, name)})"


def _outer(e: Emission, name: str) -> str:
    """A parameter of a rendered partial, a counter, or a global name."""
    if name in e.unit.arguments:
        return e.unit.arguments[name]
    if name not in e.unit.counters:
        return data(e, name)
    counters, t = e.state("counters"), e.temporary()
    return f"({t} if ({t} := {counters}.get({name!r}, MISSING)) is not MISSING else {data(e, name)})"


def data(e: Emission, name: str) -> str:
    """What the data, or the campaign, holds under a name."""
    is_known = name in e.constants
    return e.names.constant(e.constants[name], "C", name) if is_known else e.global_name(name)


def or_nil(e: Emission, code: str) -> str:
    """Source for what may be missing, which is nil then."""
    if not e.marks_missing:
        return code
    t = e.temporary()
    return f"(None if ({t} := {code}) is MISSING else {t})"


# --- loops ---


def _loop_member(e: Emission, root: str, rest: Sequence[object], node: Path) -> str:
    """`forloop.index` and the like, as arithmetic."""
    rounds = e.unit.rounds_called(root)
    if e.unit.bound(root) is not None:
        raise NotCompilable("it has a variable called like the loop")
    *parents, last = rest or (None,)
    if any(key != "parentloop" for key in parents) or not isinstance(last, str):
        raise NotCompilable("it uses a loop as a value")
    if len(parents) >= len(rounds):
        return _nothing(node)
    return _position(e, rounds[len(parents)], last, node)


def _position(e: Emission, around: Round, word: str, node: Path) -> str:
    table = _TABLEROW if around.columns else _FORLOOP
    if word in table:
        code = table[word].format(i=around.index, n=around.length, c=around.columns)
        e.numbers |= set() if "==" in code else {code}
        return code
    if word == "name" and around.title:
        return repr(around.title)
    if word in ("name", "size", "parentloop"):
        raise NotCompilable("it uses a loop as a value")
    return _nothing(node)


def _nothing(node: Path) -> str:
    return "None" if node.optional else "lost()"


# --- conditions ---


def condition(e: Emission, node: Expression) -> str:
    """Source that is true exactly when the expression is."""
    match node:
        case Const():
            return repr(node.value is not None and node.value is not False)
        case Logic():
            return f"({f' {node.word} '.join(condition(e, one) for one in node.parts)})"
        case Not():
            return f"(not {condition(e, node.right)})"
        case Compare():
            return compared(e, node)
        case Path() | Range() | Filtered():
            t = e.temporary()
            return f"(({t} := {value(e, node)}) is not None and {t} is not False)"


def compared(e: Emission, node: Compare) -> str:
    """A comparison: at once where what is written there meets its like, else a call that charges for what is long."""
    code, general = value(e, node.left), _COMPARED[node.sign]
    known = node.right.value if isinstance(node.right, Const) else None
    if type(known) not in _AT_ONCE.get(node.sign, (int,)) or (type(known) is str and len(known) >= _LONGEST):
        return general.format(code, value(e, node.right), ", meter")
    t, literal = e.temporary(), e.names.literal(known)
    is_like = f"type({t} := {code}) is {type(known).__name__}"
    if node.sign == "contains":
        is_like += f" and len({t}) < {_LONGEST}"
        return f"({literal} in {t} if {is_like} else {general.format(t, literal, ', meter')})"
    return f"({t} {node.sign} {literal} if {is_like} else {general.format(t, literal, '')})"

"""Conditions in Liquid that hold for the same values as those of the old system."""

from __future__ import annotations

from collections.abc import Callable

from mailweave.migrate.sample import Kind
from mailweave.migrate.tree import (
    ITEM,
    Broken,
    Choice,
    Compare,
    Expr,
    Filtered,
    Lit,
    Logic,
    Not,
    Path,
    Range,
    Ref,
    Special,
    Truth,
)

_OPPOSITE = {"==": "!=", "!=": "=="}
_AROUND = {"and": "or", "or": "and"}
NEVER = "false"
"""A condition that does not hold."""

_HOLDS: dict[Kind, str] = {
    "bool": "{0}",
    "text": '{0} and {0} != ""',
    "number": "{0} and {0} != 0",
    "int": "{0} and {0} != 0",
    "list": "{0} and {0} != empty",
    "record": "{0}",
    "unknown": "{0} and {0} != empty and {0} != 0",
}
_LACKS: dict[Kind, str] = {
    "bool": "{0} != true",
    "text": '{0} == nil or {0} == ""',
    "number": "{0} == nil or {0} == 0",
    "int": "{0} == nil or {0} == 0",
    "list": "{0} == nil or {0} == empty",
    "record": "{0} == nil",
    "unknown": "{0} == nil or {0} == false or {0} == empty or {0} == 0",
}


class Conditions:
    """Writes conditions. value: writes an operand as a name or a literal; kind: what stands at a path;
    members: the single values of a record, which here has none of its own; settled: a comparison as the old system
    has it."""

    def __init__(
        self,
        value: Callable[[Expr], str],
        kind: Callable[[Expr], Kind],
        members: Callable[[Path], list[str]],
        settled: Callable[[Compare], Expr],
    ) -> None:
        self._value, self._kind, self._members, self._settled = value, kind, members, settled

    def write(self, test: Expr, *, opposite: bool = False) -> str:
        """A condition, or its opposite, as one text."""
        match test:
            case Not(right=right):
                return self.write(right, opposite=not opposite)
            case Logic(word=word, parts=parts):
                joined = _AROUND[word] if opposite else word
                return f" {joined} ".join(self._part(part, joined, opposite) for part in parts)
            case Compare():
                return self._either(self._settled(test), opposite)
            case Truth(value=value, as_liquid=as_liquid):
                return self._true(value, as_liquid, opposite)
            case Broken():
                return self._never(test)
            case Lit() | Ref() | Filtered() | Range() | Choice() | Special():
                return self._true(test, False, opposite)

    def _never(self, *parts: Expr) -> str:
        """What does not hold; writing its parts leaves a comment in front for those that are broken."""
        for part in parts:
            self._value(part)
        return NEVER

    def _part(self, part: Expr, around: str, opposite: bool) -> str:
        text = self.write(part, opposite=opposite)
        inner = {" and ", " or "} - {f" {around} "}
        return f"({text})" if any(word in text for word in inner) else text

    def _either(self, test: Expr, opposite: bool) -> str:
        """A comparison, or the constant that it is."""
        if isinstance(test, Compare):
            return self._compared(test.sign, test.left, test.right, opposite)
        return self._true(test, False, opposite)

    def _compared(self, sign: str, left: Expr, right: Expr, opposite: bool) -> str:
        if isinstance(left, Broken) or isinstance(right, Broken):
            return self._never(left, right)
        a, b = self._value(left), self._value(right)
        if not opposite:
            return f"{a} {sign} {b}"
        if sign in _OPPOSITE:
            return f"{a} {_OPPOSITE[sign]} {b}"
        turned = self._value(Choice(Compare(sign, left, right), Lit(False), Lit(True)))
        return f"{turned} == true"

    def _true(self, value: Expr, as_liquid: bool, opposite: bool) -> str:
        if isinstance(value, Broken):
            return self._never(value)
        if isinstance(value, Lit):
            holds = bool(value.value) if not as_liquid else value.value not in (None, False)
            return "true" if holds != opposite else NEVER
        if isinstance(value, Logic | Not | Compare | Truth):
            return self.write(value, opposite=opposite)
        kind = self._kind(value)
        if kind == "record" and isinstance(value, Ref) and value.of and ITEM not in value.of:
            return self._record(value.of, opposite)
        name = self._value(value)
        if as_liquid:
            lacks = f"{name} != true" if kind == "bool" else f"{name} == nil"
            lacks = lacks if kind != "unknown" else f"{name} == nil or {name} == false"
            return lacks if opposite else name
        return (_LACKS if opposite else _HOLDS)[kind].format(name)

    def _record(self, path: Path, opposite: bool) -> str:
        members = self._members(path)
        sign, word = ("==", "and") if opposite else ("!=", "or")
        return f" {word} ".join(f"{name} {sign} nil" for name in members) or ("true" if opposite else NEVER)

"""Comparisons of values of two types, which Liquid here refuses, as the old system has them."""

from __future__ import annotations

from typing import Final, Literal

from mailweave.migrate.sample import Kind
from mailweave.migrate.tree import Compare, Expr, Lit

Comparing = Literal["strict", "python", "unknown"]
"""What is equal in a dialect: strict: values of one type alone; python: also true and 1, false and 0."""

_CLASSES: Final[dict[Kind, Kind]] = {"int": "number"}


def settled(test: Compare, kinds: tuple[Kind, Kind], comparing: Comparing) -> Expr:
    """A comparison with a literal of another type as the constant that it is; any other one as it stands.

    kinds: those of both sides, `unknown` where the data do not say it.

    >>> from mailweave.migrate.tree import Ref
    >>> flag = Ref(("flag",))
    >>> settled(Compare("==", flag, Lit("1")), ("bool", "unknown"), "python")
    Lit(value=False)
    >>> settled(Compare("==", flag, Lit(1)), ("bool", "unknown"), "python").right
    Lit(value=True)
    """
    if comparing == "unknown" or test.sign not in ("==", "!="):
        return test
    match test.left, test.right:
        case Lit(), Lit():
            return test
        case Lit() as literal, other:
            kind = kinds[1]
        case other, Lit() as literal:
            kind = kinds[0]
        case _:  # two values, which both may be missing
            return test
    there, here = _kind(literal), _CLASSES.get(kind, kind)
    if "unknown" in (there, here) or there == here:
        return test
    alike = _alike(literal, here) if comparing == "python" else None
    return Lit(test.sign == "!=") if alike is None else Compare(test.sign, other, alike)


def _kind(literal: Lit) -> Kind:
    match literal.value:
        case bool():
            return "bool"
        case int() | float():
            return "number"
        case str():
            return "text"
        case None:
            return "unknown"


def _alike(literal: Lit, kind: Kind) -> Lit | None:
    """The literal of another type that Python takes for the same."""
    match literal.value, kind:
        case bool() as flag, "number":
            return Lit(int(flag))
        case (0 | 1) as number, "bool":
            return Lit(bool(number))
        case _:  # nothing of that type
            return None

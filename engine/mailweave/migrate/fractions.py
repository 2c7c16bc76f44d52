"""Numbers that may have digits behind the point, which Liquid writes with `.0` where they have none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mailweave.migrate.sample import Kind
from mailweave.migrate.tree import ITEM, Expr, Filtered, Lit, Ref
from mailweave.migrate.uses import Uses

MAKE_NUMBERS: Final = frozenset(
    "size plus minus times divided_by modulo abs at_least at_most ceil floor round sum".split()
)
"""Filters that make a number."""
READ_NUMBERS: Final = MAKE_NUMBERS | frozenset(
    "default first last money number percent plural ordinal unit date time datetime".split()
)
"""Filters that read a number as one; all others read a text, in which a whole number has no `.0`."""
_WHOLE: Final = frozenset(("size", "ceil", "floor"))


class Fractions:
    """Which values are such numbers. kind: what a value is; names: those that the template gives to such numbers."""

    def __init__(self, uses: Uses, kind: Callable[[Expr], Kind]) -> None:
        self._uses, self._kind = uses, kind
        self.names: set[str] = set()

    def has(self, value: Expr) -> bool:
        """Whether a value is one."""
        match value:
            case Ref(local=name, tail=(), of=None) if name:
                return name in self.names
            case Ref():
                return self._kind(value) == "number"
            case Filtered(value=Ref() as items, name="sum" | "first" | "last", arguments=arguments):
                return self.are_in(items, *arguments)
            case Filtered(value=inner, name=name, arguments=arguments) if name in (*MAKE_NUMBERS, "default"):
                is_whole = name in _WHOLE or (name == "round" and not arguments)
                return not is_whole and self._is_sum(inner, *arguments)
            case _:  # a literal is shown as it was, and a choice is made before it is shown
                return False

    def _is_sum(self, *parts: Expr) -> bool:
        """With a literal such as 1.5 the result has a `.0` in the old system as well."""
        is_exact = any(isinstance(each, Lit) and isinstance(each.value, float) for each in parts)
        return not is_exact and any(map(self.has, parts))

    def are_in(self, items: Ref, *field: Expr) -> bool:
        """Whether a list holds them, itself or in a field of its items."""
        names = [each.value for each in field if isinstance(each, Lit) and isinstance(each.value, str)]
        return items.of is not None and self._uses.kind((*items.of, ITEM, *names)) == "number"

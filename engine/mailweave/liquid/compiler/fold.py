"""What is known already when a template is compiled: constants, and whatever is made of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from liquid.builtin.expressions import BooleanExpression, FilteredExpression, Literal, Nil, Path
from liquid.builtin.expressions.filtered import Filter as FilterCall
from liquid.builtin.expressions.logical import (
    LogicalAndExpression,
    LogicalNotExpression,
    LogicalOrExpression,
)
from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.expression import Expression

from mailweave.liquid.budget import Budget, Meter
from mailweave.liquid.compiler.scope import Unit
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.interpreter import Context, PartialText
from mailweave.liquid.operators import PLAIN
from mailweave.liquid.tree.nodes import COMPARISONS, OptionalPath

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_COMPARING = (*COMPARISONS, *COMPARISONS.values())
_CHEAP = Budget(steps=10_000, allocation=200_000)
_UNKNOWN = (False, None)


class Folder:
    """Evaluates what does not depend on the recipient, with the interpreter's own code."""

    def __init__(self, template: PartialText, dialect: Dialect, constants: Mapping[str, Any]) -> None:
        self._template, self._dialect, self._constants = template, dialect, constants
        self.scopes: list[dict[str, Any]] = []

    def known(self, node: Expression, unit: Unit) -> tuple[bool, Any]:
        """(True, the value) when it is the same for every recipient."""
        if not self._is_static(node, unit):
            return _UNKNOWN
        context = Context(self._template, globals=self._constants)
        context.bound(self._dialect, Meter(_CHEAP), None)
        for scope in self.scopes:
            context.scope.push(scope)
        try:
            value = node.evaluate(context)
        except Exception:  # noqa: BLE001  # then it is left to the render, which fails with a place
            return _UNKNOWN
        return (True, value) if type(value) in PLAIN or isinstance(node, Literal) else _UNKNOWN

    def _is_static(self, node: Expression, unit: Unit) -> bool:
        if isinstance(node, (Literal, Nil, Empty, Blank)):
            return True
        if isinstance(node, Path):
            return self._path(node, unit)
        if isinstance(node, FilteredExpression):
            return self._is_static(node.left, unit) and all(
                self._filter(step, node, unit) for step in node.filters or ()
            )
        if isinstance(node, BooleanExpression):
            return self._is_static(node.expression, unit)
        if isinstance(node, (LogicalAndExpression, LogicalOrExpression, LogicalNotExpression, *_COMPARING)):
            return all(self._is_static(child, unit) for child in node.children())
        return False

    def _path(self, node: Path, unit: Unit) -> bool:
        root = node.path[0]
        if not isinstance(root, str) or not all(isinstance(key, (str, int)) for key in node.path):
            return False
        bound = unit.bound(root)
        if bound is not None:
            return bound.static
        if root in unit.assigned or root in unit.counters or root in unit.arguments:
            return False
        return root in self._constants and (isinstance(node, OptionalPath) or self._exists(node))

    def _exists(self, node: Path) -> bool:
        """A missing member of a constant is not folded where it would be an error or an object."""
        if self._dialect.nil_for_missing and self._dialect.undefined == "lenient":
            return True
        value: Any = self._constants
        try:
            for key in node.path:
                value = self._dialect.operators.item(value, key)
        except (KeyError, IndexError, TypeError):
            return False
        return True

    def _filter(self, step: FilterCall, node: FilteredExpression, unit: Unit) -> bool:
        spec = self._dialect.filters.get(step.name)
        if spec is None or not all(self._is_static(arg.value, unit) for arg in step.args):
            return False
        if step.name == "date":
            return self._is_day(node, step, unit)
        return spec.pure and (not spec.setting or "campaign" in self._constants)

    def _is_day(self, node: FilteredExpression, step: FilterCall, unit: Unit) -> bool:
        """A written-out day in a fixed form reads the same at all times and places."""
        if not node.filters or node.filters[0] is not step:
            return False
        form = self.known(step.args[0].value, unit)[1] if step.args else None
        if not isinstance(form, str) or "%" not in form:
            return False  # the forms that have names follow the locale
        fixed, value = self.known(node.left, unit)
        return fixed and isinstance(value, str) and bool(ISO_DAY.fullmatch(value))

"""What a stock block reads and the rules do not declare: one finding a part, where the author chose the block.

An author cannot mend a stock block. What it needs is told with the declaration that gives it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mailweave.diagnostics import Diagnostic, Related, Severity, diagnose
from mailweave.liquid.contract import Contract, Path, Shape, str_path, undeclared
from mailweave.source import Source, Span

_SHAPES = (
    (re.compile(r"-?[0-9]+\.[0-9]{2}"), "money({currency})"),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), "date"),
    (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T.*"), "instant"),
)


@dataclass(frozen=True, slots=True)
class StockUse:
    """A stock block that the author chose, `block` by name, at a place of their own.

    sample: what it shows as an example, from which the types of its data are read.
    """

    block: str
    source: Source
    span: Span
    sample: Mapping[str, Any]
    currency: str

    def told(
        self, found: Iterable[Diagnostic], contract: Contract, roots: Mapping[str, Shape]
    ) -> Iterator[Diagnostic]:
        """The findings on its templates, as an author can act on them."""
        for path in dict.fromkeys(undeclared(contract, roots)):
            declaration = self._declaration(path)
            yield diagnose(
                "MW059",
                self.source,
                self.span,
                block=self.block,
                path=str_path(path),
                declaration=declaration,
            )
        for one in found:
            if one.code != "MW470" and one.severity is not Severity.NOTE:
                yield self._at_home(one)

    def _at_home(self, one: Diagnostic) -> Diagnostic:
        inside = (
            () if one.source is None or one.span is None else (Related("read here", one.source, one.span),)
        )
        return replace(one, source=self.source, span=self.span, related=(*one.related, *inside))

    def _declaration(self, path: Path) -> str:
        root, *rest = path
        value = self._sampled(path)
        if root == "lists":
            return f'catalog items {self._record(value)}` and `list {rest[0]} of items by "engine" max 4 else "all"'
        name = rest[-1] if rest else root
        return f"{name} : {self._type(value)}"

    def _sampled(self, path: Path) -> Any:
        """The value at a path of the sample; of a list, its items together."""
        value: Any = self.sample
        for name in path:
            if isinstance(value, list):
                value = _together(value)
            value = value.get(name, value) if isinstance(value, Mapping) else None
        return value

    def _type(self, value: Any) -> str:
        if isinstance(value, list):
            is_records = any(isinstance(item, Mapping) for item in value)
            return f"list of {self._record(value)}" if is_records else "set of text"
        if isinstance(value, bool):
            return "bool"
        if isinstance(value, int):
            return "int"
        found = (type for shape, type in _SHAPES if isinstance(value, str) and shape.fullmatch(value))
        return next(found, "text").format(currency=self.currency)

    def _record(self, items: Any) -> str:
        fields = _together(items if isinstance(items, list) else [])
        return "{ " + ", ".join(f"{name}: {self._type(value)}" for name, value in fields.items()) + " }"


def _together(items: list[Any]) -> dict[str, Any]:
    return {name: value for item in items if isinstance(item, Mapping) for name, value in item.items()}

"""The data that a template reads, as a whole: paths, a table, a JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mailweave.liquid.contract.json_schema import schema_of
from mailweave.liquid.contract.model import Occurrence, Path, Read, str_path


@dataclass(frozen=True, slots=True)
class Contract:
    """The data that a template reads, by path, in the order of the paths.

    >>> from mailweave.liquid.contract import contract_of
    >>> contract = contract_of("{% for item in cart %}{{ item.price | money }}{% endfor %}")
    >>> [str_path(read.path) for read in contract.reads]
    ['cart', 'cart[].price']
    """

    reads: tuple[Read, ...]

    def paths(self) -> tuple[str, ...]:
        """The paths as people write them."""
        return tuple(str_path(read.path) for read in self.reads)

    def to_text(self) -> str:
        """A table: path, type, the first place that reads it."""
        rows = [(str_path(r.path), r.type + ("" if r.required else "?"), _places(r)) for r in self.reads]
        widths = [max((len(row[i]) for row in rows), default=0) for i in (0, 1)]
        return "".join(f"{a:<{widths[0]}}  {b:<{widths[1]}}  {c}\n" for a, b, c in rows)

    def to_json_schema(self) -> dict[str, Any]:
        """A JSON Schema (2020-12) that data for this template satisfies."""
        return schema_of(self.reads)


def _places(read: Read) -> str:
    first = read.occurrences[0]
    more = len(read.occurrences) - 1
    return f"{first.source.locate(first.span.start)}" + (f" and {more} more" if more else "")


def contract_from(occurrences: Iterable[Occurrence]) -> Contract:
    """The contract of these places, sorted and without doubles."""
    by_path: dict[Path, dict[Occurrence, None]] = {}
    for occurrence in occurrences:
        by_path.setdefault(occurrence.path, {})[occurrence] = None
    return Contract(tuple(Read(path, tuple(by_path[path])) for path in sorted(by_path)))


def merged(contracts: Iterable[Contract]) -> Contract:
    """What several templates read together."""
    return contract_from(o for contract in contracts for read in contract.reads for o in read.occurrences)

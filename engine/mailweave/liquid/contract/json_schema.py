"""A contract as a JSON Schema."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from mailweave.liquid.contract.model import ANY, ITEM, REST, Path, Read

_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": ["string", "number", "boolean"]},
    "number": {"type": ["number", "string"]},
    "money": {"type": ["number", "string"]},
    "date": {"type": ["string", "number"]},
    "any": {},
}
_OF_LISTS = ("first", "last", "size")


@dataclass(slots=True)
class _Node:
    """One place in the data, with the places below it."""

    read: Read | None = None
    below: dict[str, _Node] = field(default_factory=dict)

    def at(self, path: Path) -> _Node:
        node = self
        for name in path:
            if name == REST:
                break
            node = node.below.setdefault(name, _Node())
        return node


def schema_of(reads: Iterable[Read]) -> dict[str, Any]:
    """JSON Schema (2020-12) of the data that the contract speaks of."""
    root = _Node()
    for read in reads:
        node = root.at(read.path)
        node.read = node.read or read
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_schema(root)}


def _schema(node: _Node) -> dict[str, Any]:
    kind = node.read.type if node.read else "any"
    is_list = kind == "list" or ITEM in node.below
    names = {name: one for name, one in node.below.items() if not (is_list and name in _OF_LISTS)}
    if is_list and not set(names) - {ITEM, ANY}:
        items = [node.below[name] for name in (ITEM, "first", "last", ANY) if name in node.below]
        return {"type": "array", "items": _all(items)}
    if not names or set(names) <= {"size"}:
        return dict(_TYPES[kind]) if not names else {}
    return _object(names)


def _object(names: dict[str, _Node]) -> dict[str, Any]:
    known = {name: one for name, one in names.items() if name not in (ANY, ITEM)}
    schema: dict[str, Any] = {"type": "object"}
    if known:
        schema["properties"] = {name: _schema(one) for name, one in sorted(known.items())}
    required = sorted(name for name, one in known.items() if _is_required(one))
    if required:
        schema["required"] = required
    if ANY in names:
        schema["additionalProperties"] = _schema(names[ANY])
    return schema


def _is_required(node: _Node) -> bool:
    """Whether the template is not ready for this to be missing."""
    if node.read is not None and node.read.required:
        return True
    return any(_is_required(one) for name, one in node.below.items() if name != ITEM) and node.read is None


def _all(items: list[_Node]) -> dict[str, Any]:
    schemas = [_schema(one) for one in items]
    known = [schema for schema in schemas if schema]
    return known[0] if len(known) == 1 else {"allOf": known} if known else {}

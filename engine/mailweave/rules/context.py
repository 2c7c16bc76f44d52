"""The campaign-wide snapshot of a moment: what lookups find, and the catalogues that lists name items of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from mailweave.rules.codecs import Normal
from mailweave.schema.model import CatalogType, Schema
from mailweave.values.invalid_value import InvalidValue, mistyped


@dataclass(frozen=True, slots=True)
class Context:
    """A snapshot made ready once, for many recipients.

    `lookups`: {lookup: {key: value, or {"value", "at"}}}. `catalogs`: {catalogue: {key: item}}.
    """

    lookups: Mapping[str, Mapping[Any, object]] = field(default_factory=dict)
    catalogs: Mapping[str, Mapping[str, Mapping[str, object]]] = field(default_factory=dict)
    items: dict[str, dict[Any, dict[str, object]]] = field(default_factory=dict, repr=False, compare=False)
    """Items of catalogues, by catalogue and key as lists name it, as plain values: read when first named."""
    everybody: dict[str, tuple[dict[str, object], ...]] = field(
        default_factory=dict, repr=False, compare=False
    )
    """What a list holds for those who have no items of their own, by list: read when first shown."""

    @classmethod
    def of(cls, context: Mapping[str, object] | Context | None, schema: Schema) -> Context:
        """The snapshot as callers give it: `lookups` and `catalogs`, both optional.

        Raises InvalidValue, with the place in `path`, for what is no such mapping.
        """
        if context is None:
            return _NONE
        if isinstance(context, Context):
            return context
        context = _mapping(context, "context")
        lookups = _mapping(context.get("lookups"), "lookups")
        catalogs = _mapping(context.get("catalogs"), "catalogs")
        return cls(
            {name: _mapping(lookups.get(name), f"lookups.{name}") for name in schema.lookups},
            {name: _by_key(catalogs.get(name), catalog) for name, catalog in schema.catalogs.items()},
        )


_NONE = Context()
_BITS = 64


def _mapping(value: object, place: str) -> Mapping[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise mistyped(value, "a mapping").at(place)
    return value


def _by_key(items: object, catalog: CatalogType) -> Mapping[str, Mapping[str, object]]:
    place = f"catalogs.{catalog.name}"
    if items is None:
        return {}
    if isinstance(items, str | bytes | Mapping) or not isinstance(items, Iterable):
        raise mistyped(items, "a list of items").at(place)
    found: dict[str, Mapping[str, object]] = {}
    column = catalog.fields[catalog.key].column or catalog.key
    for at, item in enumerate(items):
        if not isinstance(item, Mapping):
            raise mistyped(item, "a mapping").at(f"{place}[{at}]")
        key = item.get(column)
        if isinstance(key, str | int):
            found.setdefault(key_text(key), item)
    return found


def key_text(key: Normal) -> str:
    """A key as JSON writes it in an object: text. Raises InvalidValue for a number that is too long to write."""
    if isinstance(key, int) and key.bit_length() > _BITS:
        raise InvalidValue("is a key of more digits than 64 bits hold")
    return str(key).lower() if isinstance(key, bool) else str(key)


def looked_up(table: Mapping[Any, object], key: Normal) -> object:
    """What a table holds for a key; JSON has text keys, Python may have others."""
    found = table.get(key)
    return table.get(key_text(key)) if found is None and not isinstance(key, str) else found

"""Recommended lists: the items that came for a recipient, or that their keys name in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from mailweave.rules.context import Context, key_text
from mailweave.rules.records import compile_items_reader
from mailweave.schema.model import RecommendedList, Schema
from mailweave.values.refused import Refused

Item: TypeAlias = dict[str, object]
"""An item of a catalogue as plain JSON types, money as Decimal."""


class Lists:
    """Reads the lists of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._lists = schema.lists
        self._readers = {
            name: compile_items_reader(catalog.fields.values()) for name, catalog in schema.catalogs.items()
        }

    def read(self, given: Mapping[str, Any], context: Context) -> dict[str, tuple[Item, ...]]:
        """Every declared list; items that the catalogue does not know are left out. Raises Refused."""
        return {name: self._items(wanted, given, context) for name, wanted in self._lists.items()}

    def _items(self, wanted: RecommendedList, given: Mapping[str, Any], context: Context) -> tuple[Item, ...]:
        # given for the list, or by its recommender, or by the other one; an empty list recommends nothing
        items = given.get(wanted.name) or given.get(wanted.by) or given.get(wanted.otherwise) or ()
        if not isinstance(items, list | tuple):
            raise Refused("is not a list of items", f".{wanted.name}")
        known = context.catalogs.get(wanted.catalog, {})
        whole = [item if item.__class__ is dict else _whole(item, known, wanted.name) for item in items]
        kept = [item for item in whole if item is not None][: wanted.max]
        try:
            return tuple(self._readers[wanted.catalog](kept))
        except Refused as refusal:
            raise Refused(refusal.reason, f".{wanted.name}{refusal.path}") from None


def _whole(item: object, known: Mapping[str, Mapping[str, object]], name: str) -> Mapping[str, object] | None:
    if isinstance(item, Mapping):
        return item
    if isinstance(item, str | int):
        return known.get(key_text(item))
    raise Refused("holds what is neither an item nor a key", f".{name}")

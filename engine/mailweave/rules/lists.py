"""Recommended lists: the items that came for a recipient, or that their keys name in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, TypeAlias

from mailweave.rules.context import Context, key_text
from mailweave.rules.record_codecs import compile_items_reader
from mailweave.schema.model import RecommendedList, Schema
from mailweave.values.invalid_value import InvalidValue, mistyped

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
        """Every declared list; items that the catalogue does not know are left out. Raises InvalidValue."""
        return {name: self._items(wanted, given, context) for name, wanted in self._lists.items()}

    def _items(self, wanted: RecommendedList, given: Mapping[str, Any], context: Context) -> tuple[Item, ...]:
        found = self._given(wanted, given, context)
        return found if found or wanted.everybody is None else self._of_everybody(wanted, context)

    def _of_everybody(self, wanted: RecommendedList, context: Context) -> tuple[Item, ...]:
        """The first items of a catalogue, which are read once for all recipients."""
        if wanted.name not in context.everybody:
            known = context.catalogs.get(wanted.everybody or "", _NOTHING)
            try:
                items = self._readers[wanted.catalog](list(islice(known.values(), wanted.max)))
            except InvalidValue as refusal:
                raise refusal.at(f".{wanted.name}") from None
            context.everybody[wanted.name] = tuple(items)
        return context.everybody[wanted.name]

    def _given(self, wanted: RecommendedList, given: Mapping[str, Any], context: Context) -> tuple[Item, ...]:
        # given for the list, or by its recommender, or by the other one; an empty list recommends nothing
        try:
            instead = wanted.otherwise or wanted.by
            items = given.get(wanted.name) or given.get(wanted.by) or given.get(instead) or ()
        except (TypeError, ValueError):  # an array, which is neither full nor empty
            raise InvalidValue("is not a list of items", f".{wanted.name}") from None
        if not isinstance(items, list | tuple):
            raise mistyped(items, "a list of items").at(f".{wanted.name}")
        read = self._readers[wanted.catalog]
        try:
            kinds = set(map(type, items))
            if kinds <= _PLAIN:
                return tuple(read(items[: wanted.max]))
            ready = context.items.get(wanted.catalog)
            if ready and kinds <= _KEYS:
                try:
                    return tuple(map(ready.__getitem__, items[: wanted.max]))
                except KeyError:
                    pass  # rare: a key that was not seen before
            return self._found(wanted, items, context)
        except InvalidValue as refusal:
            raise refusal.at(f".{wanted.name}") from None

    def _found(self, wanted: RecommendedList, items: Sequence[object], context: Context) -> tuple[Item, ...]:
        """Items of which some are keys; what a key names is read once for all recipients."""
        known = context.catalogs.get(wanted.catalog, _NOTHING)
        whole = [(item, _whole(item, known)) for item in items]
        kept = [(key, item) for key, item in whole if item is not None][: wanted.max]
        read, ready = self._readers[wanted.catalog], context.items.setdefault(wanted.catalog, {})
        found = []
        for key, item in kept:
            if key.__class__ not in _KEYS:
                found += read([item])
            elif key in ready:
                found.append(ready[key])
            else:
                ready[key] = read([item])[0]
                found.append(ready[key])
        return tuple(found)


def knowing(schema: Schema, context: Mapping[str, object]) -> Schema:
    """The schema with what a snapshot says of its lists: whose catalogue for everybody has items.

    Of a snapshot that is refused nothing is known.
    """
    try:
        known = Context.of(context, schema).catalogs
    except InvalidValue:
        return schema
    full = {
        name: replace(each, is_filled=bool(known.get(each.everybody or "")))
        for name, each in schema.lists.items()
    }
    return schema if full == schema.lists else replace(schema, lists=full)


_PLAIN = frozenset({dict})
_KEYS = frozenset({str, int})  # not bool: `True` would be the key 1
_NOTHING: Mapping[str, Mapping[str, object]] = {}


def _whole(item: object, known: Mapping[str, Mapping[str, object]]) -> Mapping[str, object] | None:
    """The item itself, or the one that it is the key of; None for a key that the catalogue does not know."""
    if isinstance(item, Mapping):
        return item
    if isinstance(item, str | int):
        return known.get(key_text(item))
    raise mistyped(item, "an item or a key", "holds what is neither an item nor a key")

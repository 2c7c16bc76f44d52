"""A context looked at as a whole, once: shapes, every value of every lookup, every item of every catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mailweave.rules.codecs import reader
from mailweave.rules.context import Context
from mailweave.rules.record_codecs import compile_items_reader
from mailweave.schema.expected import expected
from mailweave.schema.model import Schema
from mailweave.schema.types import Instant, Type
from mailweave.values.invalid_value import InvalidValue, shown
from mailweave.values.plain_data import check_plain


class ContextCheck:
    """Checks contexts for one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._lookups = {name: _LookupValue(one.type) for name, one in schema.lookups.items()}
        self._items = {
            name: compile_items_reader(catalog.fields.values()) for name, catalog in schema.catalogs.items()
        }

    def __call__(self, context: Mapping[str, Any]) -> Context:
        """The context made ready. Raises InvalidValue, whose `path` names the member."""
        try:
            check_plain(context)
        except InvalidValue as refusal:
            raise refusal.moved(refusal.path.removeprefix(".")) from None
        ready = Context.of(context, self._schema)
        for name, check in self._lookups.items():
            for key, value in ready.lookups[name].items():
                check(value, f"lookups.{name}.{shown(key)}")
        for name in self._items:
            self._check_items(name, (context.get("catalogs") or {}).get(name) or ())
        return ready

    def _check_items(self, name: str, items: Any) -> None:
        read = self._items[name]
        try:
            read(items)
        except InvalidValue:  # rare: once more, to say which item it was
            for at, item in enumerate(items):
                try:
                    read([item])
                except InvalidValue as refusal:
                    raise refusal.at(f"catalogs.{name}[{at}]") from None


class _LookupValue:
    """Checks what a lookup holds for a key: a bare value, or {"value", "at"}."""

    def __init__(self, type: Type) -> None:
        self._type = type
        self._read = {one: reader(one) for one in (type, Instant())}

    def __call__(self, given: object, place: str) -> None:
        if isinstance(given, Mapping):
            self._check(self._type, given.get("value"), f"{place}.value")
            self._check(Instant(), given.get("at"), f"{place}.at")
        else:
            self._check(self._type, given, place)

    def _check(self, type: Type, value: object, place: str) -> None:
        if value is None:
            return
        try:
            self._read[type](value)
        except InvalidValue as refusal:
            found = InvalidValue(refusal.reason, place, expected=expected(type), got=refusal.got)
            raise found from None

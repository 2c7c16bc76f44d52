"""What lookups find at the moment of the query, from the snapshot that the campaign gives."""

from __future__ import annotations

from collections.abc import Mapping

from mailweave.rules.codecs import Normal, reader
from mailweave.rules.context import Context, key_text
from mailweave.rules.validation import BadData
from mailweave.schema.model import LookupType
from mailweave.schema.types import Bool, Int, Type
from mailweave.values.instants import to_instant
from mailweave.values.invalid_value import InvalidValue


def fresh(lookup: LookupType, context: Context, now: int) -> dict[Normal, Normal]:
    """The values of a lookup that are not stale, by key. Raises BadData for what breaks its type."""
    found: dict[Normal, Normal] = {}
    for key, given in context.lookups.get(lookup.name, {}).items():
        own = _key(lookup.key, key)
        value, at = (given.get("value"), given.get("at")) if isinstance(given, Mapping) else (given, None)
        if own is None or value is None:
            continue
        try:
            normal = reader(lookup.type)(value)
            if at is None or to_instant(at) >= now - lookup.ttl:
                found.setdefault(own, normal)
        except InvalidValue as refusal:
            raise BadData(f"lookups.{lookup.name}{refusal.path}", refusal.reason) from None
    return found


def _key(type: Type, key: object) -> Normal:
    """A key of the snapshot as the value that it stands for; None when no value is written like it."""
    text = key_text(key)
    match type:
        case Int():
            whole = int(text) if text.removeprefix("-").isdecimal() else None
            return whole if whole is not None and str(whole) == text else None
        case Bool():
            return {"true": True, "false": False}.get(text)
        case _:  # the checker lets only texts through besides
            return text

"""Plain values: what a made-up recipient has where nothing depends on it."""

from __future__ import annotations

from typing import Any

from mailweave.rules.codecs import writer
from mailweave.schema import types as t
from mailweave.schema.model import CatalogType
from mailweave.schema.types import Field
from mailweave.values.durations import SECOND, spoken
from mailweave.values.instants import to_day, to_instant

NOW = to_instant("2026-12-01T09:00:00Z")
"""The moment of a made-up decision, where the text names none."""
BIRTHDAY = to_day("1990-05-17")
_SIGNUP = to_instant("2026-01-15T09:00:00Z")


def normal(field: Field) -> Any:
    """A plain value of a field, in its normal form, within its bounds."""
    found = _of_type(field.type, field.name)
    if field.minimum is None and field.maximum is None:
        return found
    if isinstance(field.type, t.Enum):
        return field.minimum if field.minimum is not None else found
    low, high = field.minimum, field.maximum
    if low is not None and found < low:
        return low
    return high if high is not None and found > high else found


def item(catalog: CatalogType) -> dict[str, Any]:
    """A plain item of a catalogue, as JSON."""
    return {f.name: plain(f.type, normal(f)) for f in catalog.fields.values() if not f.optional}


def plain(type_: t.Type, value: Any) -> Any:
    """A value in its normal form as JSON: money as text, durations in whole seconds."""
    if isinstance(type_, t.Duration) and value is not None:
        return spoken(max(0, value) // SECOND * SECOND)
    written = writer(type_)(value)
    return _json(written)


def _json(value: Any) -> Any:
    if isinstance(value, list):
        return [_json(each) for each in value]
    if isinstance(value, dict):
        return {key: _json(each) for key, each in value.items()}
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _of_type(type_: t.Type, name: str) -> Any:
    match type_:
        case t.Text() | t.Key():
            return _text(name)
        case t.Bool():
            return False
        case t.Int() | t.Money() | t.Duration():
            return 0
        case t.Number() | t.Ratio():
            return 0.0
        case t.Date():
            return BIRTHDAY
        case t.Instant():
            return _SIGNUP
        case t.Zone():
            return "UTC"
        case t.Enum(members=members):
            return members[0]
        case t.SetOf():
            return frozenset()
        case t.ListOf():
            return ()


def _text(name: str) -> str:
    """What a field of this name holds, near enough to read a mail with it."""
    if "mail" in name:
        return "ann@example.org"
    if name in ("id", "key") or name.endswith("_id"):
        return "ann"
    if name.endswith(("url", "link", "href")):
        return "https://example.org/"
    if name.endswith(("image", "picture", "photo", "img")):
        return "https://example.org/a.png"
    return "Ann" if "name" in name else name.replace("_", " ")

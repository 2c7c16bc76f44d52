"""Rows as they come from other programs, read by the declared types: what a batch does to the texts of a list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from enum import Enum as PythonEnum
from typing import Any, Protocol
from uuid import UUID

from mailweave.diagnostics import ArgumentError
from mailweave.rules.codecs import field_reader
from mailweave.rules.rows import is_absent, members, plain
from mailweave.schema import types as t
from mailweave.schema.cell import cell, json_value
from mailweave.schema.expected import expected
from mailweave.schema.model import Schema
from mailweave.values.instants import to_datetime, to_instant
from mailweave.values.invalid_value import InvalidValue, shown, type_name

_EXACT = 2**53  # whole numbers up to here are all doubles


class HasSchema(Protocol):
    """A compiled campaign or rule text."""

    @property
    def schema(self) -> Schema: ...


def coerce(row: object, schema: Schema | HasSchema) -> dict[str, Any]:
    """A row of another program as a profile that `Campaign.render` takes.

    row: a mapping (of polars, of a database), a dataclass, a model of pydantic or attrs, a named tuple, a Series of
    pandas, a struct of Arrow, a record of numpy. schema: a campaign, or its `schema`.

    Values are read by the declared types, and never guessed: numbers of numpy, `Decimal("3")` and 3.0 as whole numbers, a
    `datetime` at midnight as a date, a UUID or a whole number as a key, members of enums by their value, texts as a
    batch reads them (`"true"`, `"3"`, `"2026-01-02"`, JSON for lists and records). None, NaN and NaT are absent. Columns
    `consent.x`, `scores.x`, `scores.x.value`, `scores.x.at` and `lists.x` go to their places. What no rule declares
    stays as it is.

    Raises ArgumentError (MW043), with `field`, `expected` and the type that came in `got`. What is required and absent
    is for `render` to say.

    >>> from dataclasses import dataclass
    >>> from mailweave import Environment
    >>> campaign = Environment().compile("fixtures/campaigns/smallest")
    >>> coerce({"id": 7, "email": "ann@example.com", "consent.marketing": "true"}, campaign)
    {'id': '7', 'email': 'ann@example.com', 'consent': {'marketing': True}}
    """
    declared = schema if isinstance(schema, Schema) else getattr(schema, "schema", None)
    if not isinstance(declared, Schema):
        raise ArgumentError("MW040", "schema", "a campaign, or its `schema`", type_name(schema))
    held = members(row)
    if held is None:
        raise ArgumentError("MW040", "row", "a mapping, a dataclass, a model or a Series", type_name(row))
    return _Coercion(declared).profile(held)


class _Coercion:
    """Reads rows of one schema."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._fields = {field.column or name: field for name, field in schema.profile.items()}
        self._roots: dict[str, Callable[[str, Any], Any]] = {
            "consent": self._consent,
            "scores": self._score,
            "lists": self._list,
        }

    def profile(self, row: Mapping[Any, Any]) -> dict[str, Any]:
        profile: dict[str, Any] = {}
        flat: list[tuple[str, Any]] = []
        for name, value in row.items():
            root = name.partition(".")[0] if isinstance(name, str) else ""
            if is_absent(value):
                continue
            if name in self._fields:
                profile[name] = read_field(self._fields[name], value, name)
            elif root in self._roots and root != name:
                flat.append((name, value))
            else:
                profile[name] = self._members(name, value) if root in self._roots else value
        for name, value in sorted(flat, key=lambda member: member[0].count(".")):
            self._put(profile, name, value)
        return profile

    def _members(self, root: str, value: Any) -> dict[Any, Any]:
        held = _record(value, root)
        read = self._roots[root]
        return {name: read(name, one) for name, one in held.items() if not is_absent(one)}

    def _put(self, profile: dict[str, Any], place: str, value: Any) -> None:
        """A column of a member's own: `consent.marketing`, `scores.churn.value`."""
        root, _, name = place.partition(".")
        holder = profile.setdefault(root, {})
        part = name.rpartition(".")[2] if root == "scores" and name not in self._schema.scores else ""
        if part in ("value", "at"):
            name = name.removesuffix(f".{part}")
            whole = holder.setdefault(name, {})
            if not isinstance(whole, dict) or part in whole:
                raise _twice(place)
            whole.update(self._score(name, {part: value}))
        elif name in holder:
            raise _twice(place)
        else:
            holder[name] = self._roots[root](name, value)

    def _consent(self, name: str, value: Any) -> Any:
        if name not in self._schema.consents:
            return value
        return read_field(t.Field(name, t.Bool()), value, f"consent.{shown(name)}")

    def _score(self, name: str, value: Any) -> Any:
        score = self._schema.scores.get(name)
        if score is None:
            return value
        held, place = members(value), f"scores.{name}"
        if held is None and isinstance(value, str) and value.lstrip().startswith("{"):
            held = _record(value, place)
        if held is None:
            return read_field(t.Field(name, score.type), value, place)
        types = {"value": score.type, "at": t.Instant()}
        known = ((part, held[part]) for part in types if not is_absent(held.get(part)))
        return {part: read_field(t.Field(part, types[part]), one, f"{place}.{part}") for part, one in known}

    def _list(self, name: str, value: Any) -> Any:
        wanted = next((w for w in self._schema.lists.values() if name in w.given), None)
        if wanted is None:
            return value
        fields = tuple(self._schema.catalogs[wanted.catalog].fields.values())
        place = f"lists.{shown(name)}"
        return [self._item(item, fields, f"{place}[{at}]") for at, item in enumerate(_listed(value, place))]

    def _item(self, item: Any, fields: tuple[t.Field, ...], place: str) -> Any:
        item = str(item) if isinstance(item, UUID) else plain(item)
        if isinstance(item, str) or (isinstance(item, int) and not isinstance(item, bool)):
            return item
        return dict(_fields_of(item, fields, place))


def read_field(field: t.Field, value: Any, place: str) -> Any:
    """A value in a form that admission takes. Raises ArgumentError."""
    try:
        found = _of_type(value, field.type, place)
        field_reader(field, partial=True)(found)
    except InvalidValue as refusal:
        wanted = refusal.expected or expected(field.type)
        got = type_name(value) if refusal.got else f"what {refusal.reason}"
        raise ArgumentError("MW043", place + refusal.path, wanted, got) from None
    return found


def _of_type(value: Any, type: t.Type, place: str) -> Any:
    value = _of_enum(plain(value), type)
    match type:
        case t.SetOf(item=item):
            inner = t.Field("item", item)
            return [read_field(inner, one, f"{place}[{at}]") for at, one in enumerate(_listed(value, place))]
        case t.ListOf(fields=fields):
            rows = enumerate(_listed(value, place))
            return [dict(_fields_of(row, fields, f"{place}[{at}]")) for at, row in rows]
        case t.Instant() if isinstance(value, datetime):
            return to_datetime(to_instant(value))
    if isinstance(value, str):
        return cell(type)(value)
    return _SCALARS.get(type.__class__, _same)(value)


def _of_enum(value: Any, type: t.Type) -> Any:
    if not isinstance(value, PythonEnum):
        return value
    if isinstance(type, t.Enum) and value.value not in type.members:
        return value.name
    return value.value


def _fields_of(row: Any, fields: tuple[t.Field, ...], place: str) -> Iterator[tuple[str, Any]]:
    held = _record(row, place)
    for field in fields:
        name = field.column or field.name
        if not is_absent(held.get(name)):
            yield name, read_field(field, held[name], f"{place}.{field.name}")


def _record(value: Any, place: str) -> dict[Any, Any]:
    held = members(json_value(value) if isinstance(value, str) else value)
    if held is None:
        raise ArgumentError("MW043", place, "a mapping, a model, or JSON text of an object", type_name(value))
    return held


def _listed(value: Any, place: str) -> list[Any]:
    found = json_value(value) if isinstance(value, str) else plain(value)
    if isinstance(found, set | frozenset):
        return sorted(found, key=lambda one: (type_name(one), str(one)))
    if hasattr(found, "tolist") and not isinstance(found, list | tuple):
        found = found.tolist()
    if not isinstance(found, list | tuple):
        raise ArgumentError("MW043", place, "a list, or JSON text of one", type_name(value))
    return list(found)


def _twice(place: str) -> ArgumentError:
    return ArgumentError("MW043", shown(place), "said once", "it in its record and in a column of its own")


# ---- one reader for each type of values that are no texts; what they do not know is for admission to refuse


def _same(value: Any) -> Any:
    return value


def _key(value: Any) -> Any:
    known = isinstance(value, UUID) or (isinstance(value, int) and not isinstance(value, bool))
    return str(value) if known and not (isinstance(value, int) and value.bit_length() > 64) else value


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


def _bool(value: Any) -> Any:
    return value == 1 if value.__class__ is int and value in (0, 1) else value


def _int(value: Any) -> Any:
    if isinstance(value, float | Decimal) and -_EXACT <= value <= _EXACT and value == int(value):
        return int(value)
    return value


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) and value.is_finite() else value


def _date(value: Any) -> Any:
    at_midnight = isinstance(value, datetime) and value.time() == time.min
    return date(value.year, value.month, value.day) if at_midnight else value


def _zone(value: Any) -> Any:
    return getattr(value, "key", value) if isinstance(value, tzinfo) else value


_SCALARS: Mapping[type, Callable[[Any], Any]] = {
    t.Key: _key,
    t.Text: _text,
    t.Bool: _bool,
    t.Int: _int,
    t.Number: _number,
    t.Ratio: _number,
    t.Date: _date,
    t.Zone: _zone,
}

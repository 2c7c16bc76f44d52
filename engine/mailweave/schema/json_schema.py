"""A profile as JSON Schema (draft 2020-12), and back.

What JSON Schema has no word for (currencies, order of enums, labels) stands under the key `x-mailweave`; a schema
without it is read as far as its words go.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from mailweave.schema import types as t
from mailweave.schema.names import SchemaError, attribute_name
from mailweave.schema.plain import normal, plain
from mailweave.values.invalid_value import InvalidValue

OURS = "x-mailweave"
_AMOUNT = r"^-?[0-9]{1,14}(\.[0-9]{1,4})?$"
_WORDS: Mapping[type[t.Type], dict[str, Any]] = {
    t.Text: {"type": "string"},
    t.Key: {"type": "string", OURS: {"type": "key"}},
    t.Bool: {"type": "boolean"},
    t.Int: {"type": "integer"},
    t.Number: {"type": "number"},
    t.Ratio: {"type": "number", "minimum": 0, "maximum": 1, OURS: {"type": "ratio"}},
    t.Date: {"type": "string", "format": "date"},
    t.Instant: {"type": "string", "format": "date-time"},
    t.Duration: {"type": "string", "format": "duration"},
    t.Zone: {"type": "string", OURS: {"type": "zone"}},
}
_FORMATS: Mapping[str, t.Type] = {
    "date": t.Date(),
    "date-time": t.Instant(),
    "duration": t.Duration(),
}
_NAMED: Mapping[str, t.Type] = {"key": t.Key(), "zone": t.Zone(), "ratio": t.Ratio()}
_KINDS: Mapping[str, t.Type] = {"boolean": t.Bool(), "integer": t.Int(), "number": t.Number()}
_BOUNDED_BY_WORDS = (t.Int, t.Number, t.Ratio)


# ---- to JSON Schema


def to_json_schema(fields: Mapping[str, t.Field], *, title: str = "Profile") -> dict[str, Any]:
    """The JSON Schema of a profile.

    fields: the attributes by name, as in `Schema.profile`.

    >>> schema = to_json_schema({"orders": t.Field("orders", t.Int(), minimum=0)})
    >>> schema["properties"], schema["required"]
    ({'orders': {'type': 'integer', 'minimum': 0}}, ['orders'])
    """
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title} | _object(fields)


def _object(fields: Mapping[str, t.Field]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.column or field.name: _property(field) for field in fields.values()},
        "required": [field.column or field.name for field in fields.values() if _required(field)],
    }


def _required(field: t.Field) -> bool:
    collection = isinstance(field.type, t.SetOf | t.ListOf)
    return not field.optional and field.default is None and not collection


def _property(field: t.Field) -> dict[str, Any]:
    words = _type_words(field.type)
    ours = dict(words.pop(OURS, {})) | _labels(field)
    bounds = {"minimum": field.minimum, "maximum": field.maximum}
    for word, value in bounds.items():
        if isinstance(value, bool | int | float | str):
            target = words if isinstance(field.type, _BOUNDED_BY_WORDS) else ours
            target[word] = plain(value, field.type)
    if isinstance(field.default, bool | int | float | str):
        words["default"] = plain(field.default, field.type)
    if field.optional:
        words = _or_null(words)
    return words | ({OURS: ours} if ours else {})


def _labels(field: t.Field) -> dict[str, Any]:
    found: dict[str, Any] = {"pii": True} if field.pii else {}
    found |= {"sensitive": True} if field.sensitive else {}
    found |= {"needs": field.needs} if field.needs else {}
    return found | ({"name": field.name} if field.column else {})


def _type_words(type_: t.Type) -> dict[str, Any]:
    match type_:
        case t.Money(currency=currency):
            return {"type": "string", "pattern": _AMOUNT, OURS: {"type": "money", "currency": currency}}
        case t.Enum(members=members, ordered=ordered):
            words: dict[str, Any] = {"type": "string", "enum": list(members)}
            return words | ({OURS: {"ordered": True}} if ordered else {})
        case t.SetOf(item=item):
            return {"type": "array", "uniqueItems": True, "items": _type_words(item)}
        case t.ListOf(fields=fields):
            return {"type": "array", "items": _object({field.name: field for field in fields})}
        case _:  # a KeyError for a type without words
            return dict(_WORDS[type(type_)])


def _or_null(words: dict[str, Any]) -> dict[str, Any]:
    nullable = words | {"type": [words["type"], "null"]}
    return nullable | ({"enum": [*words["enum"], None]} if "enum" in words else {})


# ---- from JSON Schema


def from_json_schema(schema: Mapping[str, Any], *, reserved: Collection[str] = ()) -> dict[str, t.Field]:
    """The attributes that a JSON Schema of an object describes.

    reserved: words that no attribute may be called (those of the rule language). Names that rules cannot write
    are changed; the name in the data is kept as the column.

    Raises SchemaError, which names the property, for what a profile cannot hold.

    >>> fields = from_json_schema({"type": "object", "properties": {"first-name": {"type": "string"}}})
    >>> fields["first_name"].column, fields["first_name"].optional
    ('first-name', True)
    """
    return _Reader(schema, reserved).fields(schema, "")


class _Reader:
    def __init__(self, root: Mapping[str, Any], reserved: Collection[str]) -> None:
        self.root = root
        self.reserved = reserved

    def fields(self, schema: Mapping[str, Any], place: str) -> dict[str, t.Field]:
        found: dict[str, t.Field] = {}
        if place.count("[]") > 1:
            raise SchemaError(place, "is a list within a list")
        properties, required = _mapped(schema, "properties", place), _listed(schema, "required", place)
        for column, words in properties.items():
            where = f"{place}.{column}" if place else str(column)
            field = self._field(str(column), self._resolved(words, where), column in required, where, found)
            found[field.name] = field
        return found

    def _resolved(self, words: Any, place: str) -> dict[str, Any]:
        """A property with references followed, and `anyOf` with null written as a nullable type."""
        for _ in range(20):
            if not isinstance(words, Mapping):
                raise SchemaError(place, "is no schema of an object")
            if "$ref" in words:
                words = self._target(str(words["$ref"]), place) | {k: words[k] for k in words if k != "$ref"}
                continue
            options = _listed(words, "anyOf", place) or _listed(words, "oneOf", place)
            if not options:
                return dict(words)
            if not all(isinstance(each, Mapping) for each in options):
                raise SchemaError(place, "has an alternative that is no schema")
            real = [each for each in options if each.get("type") != "null"]
            if len(real) != 1:
                raise SchemaError(place, "may be of several types")
            rest = {k: v for k, v in words.items() if k not in ("anyOf", "oneOf")}
            words = self._resolved(real[0], place) | rest
            words = _or_null(words) if len(real) < len(options) else words
        raise SchemaError(place, "refers to itself")

    def _target(self, reference: str, place: str) -> dict[str, Any]:
        found: Any = self.root
        for part in reference.lstrip("#/").split("/") if reference.strip("#/") else ():
            if not isinstance(found, Mapping) or part not in found:
                raise SchemaError(place, f"refers to {reference}, which is not there")
            found = found[part]
        if not isinstance(found, Mapping):
            raise SchemaError(place, f"refers to {reference}, which is no schema")
        return dict(found)

    def _field(
        self, column: str, words: dict[str, Any], required: bool, place: str, taken: Collection[str]
    ) -> t.Field:
        ours = _mapped(words, OURS, place)
        nullable = _nullable(words)
        type_ = self._type(words, place)
        name = str(ours.get("name") or attribute_name(column, taken, self.reserved))
        collection = isinstance(type_, t.SetOf | t.ListOf)
        default = self._value(words, "default", type_, place)
        optional = nullable or not (required or collection or default is not None)
        low, high = (self._bound(words, word, type_, place) for word in ("minimum", "maximum"))
        return t.Field(
            name, type_, optional, bool(ours.get("pii")), ours.get("needs"), low, high, default,
            None if column == name else column, bool(ours.get("sensitive")),
        )  # fmt: skip

    def _bound(self, words: dict[str, Any], word: str, type_: t.Type, place: str) -> Any:
        if isinstance(type_, t.Ratio) and words.get(word) == {"minimum": 0, "maximum": 1}[word]:
            return None
        return self._value(words.get(OURS, {}) if word not in words else words, word, type_, place)

    def _value(self, words: Mapping[str, Any], word: str, type_: t.Type, place: str) -> Any:
        value = words.get(word)
        if value is None or isinstance(type_, t.SetOf | t.ListOf):
            return None
        try:
            return normal(value, type_)
        except InvalidValue as error:
            raise SchemaError(place, f"its {word} {error}") from None

    def _type(self, words: dict[str, Any], place: str) -> t.Type:
        ours = _mapped(words, OURS, place)
        named = str(ours.get("type"))
        if named == "money":
            return t.Money(str(ours.get("currency")))
        if "enum" in words or "const" in words:
            return self._enum(words, place)
        kind = _kind(words)
        if kind == "array":
            return self._collection(words, place)
        if named in _NAMED:
            return _NAMED[named]
        found = _FORMATS.get(str(words.get("format")), t.Text()) if kind == "string" else _KINDS.get(kind)
        if found is None:
            raise SchemaError(place, f"is of type {kind or 'nothing'}, which a profile cannot hold")
        return found

    def _enum(self, words: dict[str, Any], place: str) -> t.Enum:
        listed = _listed(words, "enum", place) if "enum" in words else [words.get("const")]
        values = [each for each in listed if each is not None]
        wrong = [v for v in values if not isinstance(v, str) or v != attribute_name(v, (), self.reserved)]
        if wrong or not values:
            raise SchemaError(place, "has members that rules cannot write as names")
        return t.Enum(tuple(values), bool(_mapped(words, OURS, place).get("ordered")))

    def _collection(self, words: dict[str, Any], place: str) -> t.Type:
        items = self._resolved(words.get("items", {}), f"{place}[]")
        if _kind(items) == "object":
            return t.ListOf(tuple(self._item_fields(items, f"{place}[]")))
        item = self._type(items, f"{place}[]")
        if isinstance(item, t.SetOf | t.ListOf):
            raise SchemaError(place, "is a list of lists")
        return t.SetOf(item)

    def _item_fields(self, items: dict[str, Any], place: str) -> list[t.Field]:
        found = list(self.fields(items, place).values())
        for field in found:
            if isinstance(field.type, t.SetOf | t.ListOf) or field.column is not None:
                raise SchemaError(f"{place}.{field.column or field.name}", "cannot be a field of a list item")
        return found


def _mapped(words: Any, word: str, place: str) -> Mapping[str, Any]:
    found = words.get(word, {}) if isinstance(words, Mapping) else None
    if not isinstance(found, Mapping):
        raise SchemaError(place or "the schema", f"has no mapping under `{word}`")
    return found


def _listed(words: Mapping[str, Any], word: str, place: str) -> list[Any]:
    found = words.get(word, [])
    if not isinstance(found, list):
        raise SchemaError(place or "the schema", f"has no list under `{word}`")
    return found


def _nullable(words: Mapping[str, Any]) -> bool:
    kind = words.get("type")
    return isinstance(kind, list) and "null" in kind


def _kind(words: Mapping[str, Any]) -> str:
    kind = words.get("type")
    if isinstance(kind, list):
        real = [each for each in kind if each != "null"]
        kind = real[0] if len(real) == 1 else "several"
    return str(kind or ("object" if "properties" in words else ""))

"""A profile as a pydantic model, and back.

What Python's types have no word for stands in `Annotated`: a type of `mailweave.schema.types` (money with its
currency, a key, a zone, a ratio, an enum with an order) and `Labels`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum as PythonEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from annotated_types import Ge, Interval, Le
from pydantic import AwareDatetime, BaseModel, create_model
from pydantic import Field as ModelField
from pydantic.fields import FieldInfo

from mailweave.schema import types as t
from mailweave.schema.names import SchemaError, attribute_name
from mailweave.schema.plain import normal, plain
from mailweave.values import instants, money
from mailweave.values.invalid_value import InvalidValue


@dataclass(frozen=True, slots=True)
class Labels:
    """What a profile says of an attribute beside its type."""

    pii: bool = False
    needs: str | None = None
    sensitive: bool = False


_PYTHON: Mapping[type[t.Type], Any] = {
    t.Text: str,
    t.Key: Annotated[str, t.Key()],
    t.Bool: bool,
    t.Int: int,
    t.Number: float,
    t.Ratio: Annotated[float, t.Ratio()],
    t.Date: date,
    t.Instant: AwareDatetime,
    t.Duration: timedelta,
    t.Zone: Annotated[str, t.Zone()],
}
_OURS: Mapping[type[Any], t.Type] = {
    str: t.Text(),
    bool: t.Bool(),
    int: t.Int(),
    float: t.Number(),
    date: t.Date(),
    datetime: t.Instant(),
    AwareDatetime: t.Instant(),
    timedelta: t.Duration(),
}
_TYPES = (
    t.Text, t.Key, t.Bool, t.Int, t.Number, t.Ratio, t.Money, t.Date, t.Instant, t.Duration, t.Zone, t.Enum,
    t.SetOf, t.ListOf,
)  # fmt: skip


# ---- to pydantic


def to_pydantic(fields: Mapping[str, t.Field], *, name: str = "Profile") -> type[BaseModel]:
    """A pydantic model of a profile; attributes with a `column` have it as their alias.

    fields: the attributes by name, as in `Schema.profile`.

    >>> model = to_pydantic({"spent": t.Field("spent", t.Money("USD"), minimum=0)})
    >>> model(spent="2.50").model_dump()
    {'spent': Decimal('2.50')}
    """
    members: dict[str, Any] = {field.name: _member(field) for field in fields.values()}
    return create_model(name, **members)


def _member(field: t.Field) -> tuple[Any, Any]:
    type_: Any = _python_type(field.type, field.name)
    bounds = {
        word: _python_value(bound, field.type)
        for word, bound in (("ge", field.minimum), ("le", field.maximum))
        if bound is not None
    }
    if bounds:
        type_ = Annotated[type_, Interval(**bounds)]
    if field.optional:
        type_ = type_ | None if get_origin(type_) is not Annotated else Union[type_, None]  # noqa: UP007
    if field.pii or field.needs or field.sensitive:
        type_ = Annotated[type_, Labels(field.pii, field.needs, field.sensitive)]
    return type_, ModelField(default=_python_default(field), alias=field.column)


def _python_default(field: t.Field) -> Any:
    if field.default is not None:
        return _python_value(field.default, field.type)
    if field.optional:
        return None
    if isinstance(field.type, t.SetOf):
        return frozenset()
    return () if isinstance(field.type, t.ListOf) else ...


def _python_type(type_: t.Type, name: str) -> Any:
    match type_:
        case t.Money():
            return Annotated[Decimal, type_]
        case t.Enum(members=members, ordered=ordered):
            literal: Any = Literal.__getitem__(members)
            return Annotated[literal, type_] if ordered else literal
        case t.SetOf(item=item):
            return frozenset[_python_type(item, name)]  # type: ignore[misc]  # a type made at run time
        case t.ListOf(fields=fields):
            record = to_pydantic({field.name: field for field in fields}, name=f"{name.title()}Item")
            return tuple[record, ...]  # type: ignore[valid-type]  # a type made at run time
        case _:  # a KeyError for a type without a Python type
            return _PYTHON[type(type_)]


def _python_value(value: Any, type_: t.Type) -> Any:
    match type_:
        case t.Money():
            return money.to_decimal(value)
        case t.Date():
            return date.fromordinal(value)
        case t.Instant():
            return instants.to_datetime(value)
        case t.Duration():
            return timedelta(microseconds=value)
        case _:  # every other type is given as it is kept
            return plain(value, type_)


# ---- from pydantic


def from_pydantic(model: type[BaseModel], *, reserved: Collection[str] = ()) -> dict[str, t.Field]:
    """The attributes that a pydantic model describes.

    reserved: words that no attribute may be called (those of the rule language).

    Raises SchemaError, which names the field, for what a profile cannot hold; a bare Decimal has no currency and
    is such a thing: annotate it, `Annotated[Decimal, Money("USD")]`.

    >>> class Customer(BaseModel):
    ...     email: Annotated[str, Labels(pii=True)]
    ...     plan: Literal["free", "gold"] = "free"
    >>> [(f.name, str(f.type), f.pii, f.default) for f in from_pydantic(Customer).values()]
    [('email', 'text', True, None), ('plan', 'enum(free, gold)', False, 'free')]
    """
    found: dict[str, t.Field] = {}
    for name, info in model.model_fields.items():
        field = _read(name, info, found, reserved)
        found[field.name] = field
    return found


def _read(name: str, info: FieldInfo, taken: Collection[str], reserved: Collection[str]) -> t.Field:
    type_, optional, marks = _declared(info.annotation, name)
    marks = [*info.metadata, *marks]
    type_ = next((mark for mark in marks if isinstance(mark, _TYPES)), type_)
    if type_ is None:
        raise SchemaError(name, "is of a type that a profile cannot hold")
    labels = next((mark for mark in marks if isinstance(mark, Labels)), Labels())
    ours = attribute_name(name, taken, reserved)
    column = info.alias or (name if ours != name else None)
    default = None if info.is_required() else _default(info, type_, name)
    if default is None and not info.is_required() and not isinstance(type_, t.SetOf | t.ListOf):
        optional = True
    low, high = _bounds(marks, type_, name)
    return t.Field(
        ours, type_, optional, labels.pii, labels.needs, low, high, default, column, labels.sensitive
    )


def _declared(annotation: Any, place: str) -> tuple[t.Type | None, bool, list[Any]]:
    """Type, whether it may be None, and the marks of an annotation."""
    if get_origin(annotation) is Annotated:
        inner, *marks = get_args(annotation)
        type_, optional, more = _declared(inner, place)
        return type_, optional, [*marks, *more]
    if get_origin(annotation) in (Union, UnionType):
        real = [each for each in get_args(annotation) if each is not NoneType]
        if len(real) != 1:
            raise SchemaError(place, "may be of several types")
        type_, _, marks = _declared(real[0], place)
        return type_, True, marks
    return _plain_type(annotation, place), False, []


def _plain_type(annotation: Any, place: str) -> t.Type | None:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return _enum([str(each) for each in arguments], place)
    if origin in (set, frozenset, list, tuple) and arguments:
        return _collection(arguments[0], place)
    if not isinstance(annotation, type):
        return None
    if issubclass(annotation, PythonEnum):
        return _enum([str(each.value) for each in annotation], place)
    return next((_OURS[each] for each in (bool, datetime, *_OURS) if issubclass(annotation, each)), None)


def _enum(members: list[str], place: str) -> t.Enum:
    if any(member != attribute_name(member, (), ()) for member in members):
        raise SchemaError(place, "has members that rules cannot write as names")
    return t.Enum(tuple(members))


def _collection(item: Any, place: str) -> t.Type:
    if isinstance(item, type) and issubclass(item, BaseModel):
        return t.ListOf(tuple(from_pydantic(item).values()))
    type_, _, marks = _declared(item, f"{place}[]")
    type_ = next((mark for mark in marks if isinstance(mark, _TYPES)), type_)
    if type_ is None or isinstance(type_, t.SetOf | t.ListOf):
        raise SchemaError(f"{place}[]", "is of a type that a set cannot hold")
    return t.SetOf(type_)


def _default(info: FieldInfo, type_: t.Type, place: str) -> Any:
    value = info.get_default(call_default_factory=False)
    if value is None or isinstance(type_, t.SetOf | t.ListOf):
        return None
    return _normal(value.value if isinstance(value, PythonEnum) else value, type_, place)


def _bounds(marks: list[Any], type_: t.Type, place: str) -> tuple[Any, Any]:
    low: Any = None
    high: Any = None
    for mark in marks:
        low = mark.ge if isinstance(mark, Ge | Interval) and mark.ge is not None else low
        high = mark.le if isinstance(mark, Le | Interval) and mark.le is not None else high
    return (None if low is None else _normal(low, type_, place)), (
        None if high is None else _normal(high, type_, place)
    )


def _normal(value: object, type_: t.Type, place: str) -> Any:
    try:
        return normal(cast(Any, value), type_)
    except InvalidValue as error:
        raise SchemaError(place, f"a value of it {error}") from None

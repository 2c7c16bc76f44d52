"""Readers and writers of records as generated code: one function a record, not one call a field.

What a quick test accepts is in normal form already. Anything else goes to the field's own reader (see
`forms`), and as soon as one of them refuses, `careful` reads the whole again: reason and place are its.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from mailweave.rules.forms import (
    REQUIRED,
    WRITERS,
    Normal,
    absent,
    field_reader,
    is_quantity,
    missing,
    record_reader,
    record_writer,
    writer,
)
from mailweave.schema.types import (
    Bool,
    Date,
    Enum,
    Field,
    Int,
    Key,
    ListOf,
    Money,
    Number,
    Ratio,
    SetOf,
    Text,
)
from mailweave.values.instants import to_day
from mailweave.values.money import units_of_text
from mailweave.values.numbers import LARGEST, SMALLEST
from mailweave.values.refused import Refused

Record = tuple[Normal, ...]

_QUICK: Final[Mapping[type, str]] = {
    Text: "VALUE.__class__ is str and VALUE.isascii()",
    Key: "VALUE.__class__ is str and VALUE.isascii()",
    Bool: "VALUE is True or VALUE is False",
    Int: f"VALUE.__class__ is int and {SMALLEST} <= VALUE <= {LARGEST}",
    Number: "VALUE.__class__ is float and -INFINITY < VALUE < INFINITY",
    Ratio: "VALUE.__class__ is float and 0.0 <= VALUE <= 1.0",
}
_day = lru_cache(maxsize=16_384)(to_day)  # days recur


class _Code:
    """Lines of one function and the objects that they name. Names of authors stand in it as `repr` alone."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.names: dict[str, Any] = {
            "Refused": Refused,
            "INFINITY": float("inf"),
            "day": _day,
            "units": units_of_text,
        }

    def name(self, value: object) -> str:
        name = f"k{len(self.names)}"
        self.names[name] = value
        return name

    def function(self, head: str, lines: Iterable[str]) -> Callable[..., Any]:
        """The function `f`."""
        source = "\n".join((f"def f({head}):", *(f"    {line}" for line in lines)))
        exec(source, self.names)
        made: Callable[..., Any] = self.names["f"]
        return made


# ---- reading


def _reading(fields: Sequence[Field], code: _Code, *, partial: bool) -> list[str]:
    """Lines that read each field into its variable, from `get`."""
    lines = []
    for at, field in enumerate(fields):
        value = f"v{at}"
        lines.append(f"{value} = get({field.column or field.name!r})")
        lines += [line.replace("VALUE", value) for line in _field(field, code, partial)]
    return lines


def _field(field: Field, code: _Code, partial: bool) -> list[str]:
    """Lines for one field: what is absent, what a quick test knows, and the field's own reader."""
    read = f"VALUE = {code.name(field_reader(field, partial=partial))}(VALUE)"
    accepts, converts = _accepts(field, code), _converts(field, code)
    if not accepts and converts is None:
        return [read]
    branches = [(f"not ({accepts})", read)] if converts is None else [converts, ("True", read)]
    stands_for = absent(field, partial)
    if stands_for is not REQUIRED:
        branches.insert(0, ("VALUE is None", f"VALUE = {code.name(stands_for)}"))
    return [f"{'elif' if at else 'if'} {test}: {then}" for at, (test, then) in enumerate(branches)]


def _is_bounded(field: Field) -> bool:
    return field.minimum is not None or field.maximum is not None


def _accepts(field: Field, code: _Code) -> str:
    """A test for values that are in normal form as they come."""
    if _is_bounded(field):
        return ""
    if isinstance(field.type, Enum):
        return f"VALUE.__class__ is str and VALUE in {code.name(frozenset(field.type.members))}"
    return _QUICK.get(field.type.__class__, "")


def _converts(field: Field, code: _Code) -> tuple[str, str] | None:
    """A test, and what makes the normal form of a value for which it holds."""
    match field.type:
        case Money(currency) if not _is_bounded(field):
            return "VALUE.__class__ is str", f"VALUE = units(VALUE, {currency!r})"
        case Date() if not _is_bounded(field):
            return "VALUE.__class__ is str", "VALUE = day(VALUE)"
        case ListOf(fields):
            return "VALUE.__class__ is list", f"VALUE = tuple(map({code.name(_quick(fields))}, VALUE))"
    return None


def _quick(fields: Sequence[Field]) -> Callable[[object], Record]:
    """Reads a mapping into a tuple. Raises Refused, which names no place."""
    code = _Code()
    values = "".join(f"v{at}, " for at in range(len(fields)))
    reading = _reading(fields, code, partial=False)
    strange = code.name(record_reader(fields))
    head = [f"if record.__class__ is not dict: return {strange}(record)", "get = record.get"]
    return code.function("record", [*head, *reading, f"return ({values})"])


def compile_reader(fields: Iterable[Field]) -> Callable[[object], Record]:
    """The function that reads a mapping into a tuple, one place for each field. Raises Refused.

    >>> from mailweave.schema.types import Int
    >>> compile_reader([Field("qty", Int())])({"qty": 2})
    (2,)
    """
    known = tuple(fields)
    return _twice(_quick(known), record_reader(known))


def compile_item_reader(fields: Iterable[Field]) -> Callable[[object], dict[str, object]]:
    """The function that reads a mapping and writes it as plain values. Raises Refused.

    >>> compile_item_reader([Field("price", Money("EUR"))])({"price": "2.5"})
    {'price': Decimal('2.50')}
    """
    known = tuple(fields)
    code = _Code()
    careful = record_reader(known)
    write = record_writer(known)
    head = [f"if record.__class__ is not dict: return {code.name(write)}({code.name(careful)}(record))"]
    lines = [*head, "get = record.get", *_reading(known, code, partial=False), *_writing(known, code)]
    return _twice(code.function("record", lines), lambda value: write(careful(value)))


def _twice(quick: Callable[[object], Any], careful: Callable[[object], Any]) -> Callable[[object], Any]:
    def read(value: object) -> Any:
        try:
            return quick(value)
        except Refused:  # rare: read once more, to say which field it was
            return careful(value)

    return read


def compile_attributes_reader(fields: Sequence[Field], *, partial: bool) -> Callable[..., dict[str, Normal]]:
    """The function that reads a profile (a dict) with the consents that are given. Raises Refused."""
    code = _Code()
    reading = _reading(fields, code, partial=partial)
    for at, field in enumerate(fields):
        if field.needs is not None:
            nothing = code.name(missing(field.type))
            reading.append(f"if {field.needs!r} not in consents: v{at} = {nothing}")
    made = ", ".join(f"{field.name!r}: v{at}" for at, field in enumerate(fields))
    return code.function("profile, consents", ["get = profile.get", *reading, f"return {{{made}}}"])


# ---- writing


def _writing(fields: Sequence[Field], code: _Code, *, partial: bool = False) -> list[str]:
    """Lines that make a mapping of plain values from the variables; what is missing is left out."""
    sure = next((at for at, one in enumerate(fields) if _may_lack(one, partial)), len(fields))
    always = ", ".join(f"{one.name!r}: {_plain(at, one, code)}" for at, one in enumerate(fields[:sure]))
    lines = [f"out = {{{always}}}"]
    for at, field in enumerate(fields[sure:], sure):
        there = ""
        if _may_lack(field, partial):
            there = f"if v{at} == v{at}: " if is_quantity(field.type) else f"if v{at} is not None: "
        lines.append(f"{there}out[{field.name!r}] = {_plain(at, field, code)}")
    return [*lines, "return out"]


def _may_lack(field: Field, partial: bool) -> bool:
    return field.needs is not None or (field.default is None and (field.optional or partial))


def _plain(at: int, field: Field, code: _Code) -> str:
    if isinstance(field.type, ListOf):
        return f"[{code.name(compile_writer(field.type.fields))}(each) for each in v{at}]"
    write = WRITERS.get(field.type.__class__) or (
        writer(field.type) if isinstance(field.type, SetOf) else None
    )
    return f"{code.name(write)}(v{at})" if write else f"v{at}"


def compile_writer(fields: Iterable[Field]) -> Callable[[Record], dict[str, object]]:
    """The function that turns a record into a mapping of plain values; what is missing is left out.

    >>> from mailweave.schema.types import Int
    >>> compile_writer([Field("qty", Int())])((2,))
    {'qty': 2}
    """
    known, code = tuple(fields), _Code()
    values = "".join(f"v{at}, " for at in range(len(known)))
    return code.function("record", [f"{values}= record", *_writing(known, code)] if known else ["return {}"])


def compile_attributes_writer(fields: Sequence[Field], *, partial: bool) -> Callable[..., dict[str, object]]:
    """The function that turns attributes into a mapping of plain values."""
    code = _Code()
    values = [f"v{at} = attributes[{field.name!r}]" for at, field in enumerate(fields)]
    return code.function("attributes", [*values, *_writing(fields, code, partial=partial)])

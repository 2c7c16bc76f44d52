"""The type of a column, from its values: the first of the language's types that reads all of them and loses nothing.

A type is never guessed at beyond that: it is the reader of a batch that says whether a value reads.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from mailweave.batch.list_import import Form
from mailweave.rules.codecs import reader
from mailweave.rules.reserved import reserved
from mailweave.scaffold.personal import is_personal, words_of
from mailweave.schema import types as t
from mailweave.schema.cell import cell, json_value
from mailweave.values.invalid_value import InvalidValue, type_name

_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_MEMBERS: Final = 12
"""How many values a text may have, each of them more than once, to be an enum."""

_AMOUNTS: Final = frozenset(
    "price amount total spent spend revenue cost paid balance ltv turnover fee value".split()
)
_CURRENCY: Final = re.compile(r".* ([A-Z]{3})", re.ASCII)
_LOSES_ZEROS: Final = re.compile(r"-?0[0-9].*|-0", re.ASCII)
_TRUTHS: Final = ("true", "false")
_EXACT: Final = 15
"""Digits that a double always holds."""


class Undeclarable(Exception):
    """What rules cannot declare: `name` in the data, why, and what to do about it."""

    def __init__(self, name: str, reason: str, todo: str) -> None:
        super().__init__(name, reason, todo)
        self.name, self.reason, self.todo = name, reason, todo


def is_name(name: str) -> bool:
    """Whether rules can write a name as it is.

    >>> is_name("first_name"), is_name("first-name"), is_name("order")
    (True, False, False)
    """
    return _NAME.fullmatch(name) is not None and name not in reserved()


def infer(name: str, values: Sequence[Any], form: Form, currency: str) -> t.Type:
    """The type of a column with these values, none of them absent. Raises Undeclarable."""
    nested = _nested(values, form)
    if nested is not None:
        return _collection(name, nested, "lines" if form == "cells" else form, currency)
    for type_ in _scalars(name, values, form, currency):
        if _reads_all(type_, values, form):
            return type_
    raise Undeclarable(name, *_why_not(values))


# ---- plain values


def _scalars(name: str, values: Sequence[Any], form: Form, currency: str) -> Iterator[t.Type]:
    """The types to try, in this order."""
    texts = [value for value in values if isinstance(value, str)]
    if form != "cells" or any(text.lower() in _TRUTHS for text in texts):
        yield t.Bool()
    if not any(map(_LOSES_ZEROS.fullmatch, texts)):
        yield t.Int()
        if (money := _money(name, values, currency)) is not None:
            yield money
        if all(sum(map(str.isdigit, text)) <= _EXACT for text in texts):
            yield t.Number()
    yield t.Date()
    yield t.Instant()
    yield t.Duration()
    if any("/" in text for text in texts):
        yield t.Zone()
    if not is_personal(name, values) and (members := _members(texts)):
        yield t.Enum(members)
    yield t.Text()


def _money(name: str, values: Sequence[Any], currency: str) -> t.Money | None:
    """Money where each amount names one currency, or is exact and called like an amount."""
    named = {match[1] for value in values if isinstance(value, str) and (match := _CURRENCY.fullmatch(value))}
    if named:
        return t.Money(named.pop()) if len(named) == 1 else None
    if any(isinstance(value, Decimal) for value in values):
        return t.Money(currency)
    is_called_so = bool(_AMOUNTS.intersection(words_of(name)[-1:]))
    return t.Money(currency) if is_called_so and all(isinstance(value, str) for value in values) else None


def _members(texts: Sequence[str]) -> tuple[str, ...]:
    """The members of an enum, sorted; none where the texts are too many, too rare, or no names."""
    counted = Counter(texts)
    if not 2 <= len(counted) <= _MEMBERS or min(counted.values()) < 2:
        return ()
    unlike = len({text.casefold() for text in counted}) == len(counted)
    return tuple(sorted(counted)) if unlike and all(map(is_name, counted)) else ()


def reads(type_: t.Type, form: Form) -> Callable[[Any], bool]:
    """The function that says whether a batch reads a value as this type."""
    read, decode = reader(type_), cell(type_)

    def does(value: Any) -> bool:
        try:
            read(decode(value) if form == "cells" else value)
        except InvalidValue:
            return False
        return True

    return does


def _reads_all(type_: t.Type, values: Sequence[Any], form: Form) -> bool:
    return all(map(reads(type_, form), values))


# ---- sets and lists


def _nested(values: Sequence[Any], form: Form) -> list[list[Any]] | None:
    """The lists that the values are; None where they are not all lists."""
    if form == "cells":
        values = [json_value(value) if value.startswith("[") else value for value in values]
    return list(values) if values and all(isinstance(value, list) for value in values) else None


def _collection(name: str, values: Sequence[list[Any]], form: Form, currency: str) -> t.Type:
    items = [item for value in values for item in value]
    if items and all(isinstance(item, dict) for item in items):
        return t.ListOf(record(name, items, form, currency))
    if any(isinstance(item, dict | list) or item is None for item in items):
        raise Undeclarable(
            name, "holds lists of more than plain values or flat records", "give it a simpler form"
        )
    item_type = infer(name, items, form, currency) if items else t.Text()
    return t.SetOf(t.Text() if isinstance(item_type, t.Enum) else item_type)


def record(name: str, items: Sequence[dict[str, Any]], form: Form, currency: str) -> tuple[t.Field, ...]:
    """The fields of records, in the order in which they are met. Raises Undeclarable."""
    names = dict.fromkeys(field for item in items for field in item)
    return tuple(
        found
        for field in names
        if (found := record_field(name, field, [item.get(field) for item in items], form, currency))
    )


def record_field(owner: str, field: str, values: Sequence[Any], form: Form, currency: str) -> t.Field | None:
    """One field of a record or an event, None where it never has a value. Raises Undeclarable."""
    path, there = f"{owner}.{field}", [value for value in values if value is not None]
    if not there:
        return None
    if not is_name(field) and (owner, field) != ("sent", "block"):
        raise Undeclarable(
            path, "is no name that rules can write", "give it one of ASCII letters, digits and _"
        )
    type_ = infer(path, there, form, currency)
    if isinstance(type_, t.SetOf | t.ListOf):
        raise Undeclarable(
            path, "holds lists, and fields hold plain values", "take it out, or give it a plain form"
        )
    return t.Field(field, type_, optional=len(there) < len(values))


# ---- what is none of all this


def _why_not(values: Sequence[Any]) -> tuple[str, str]:
    if any(isinstance(value, datetime) and value.tzinfo is None for value in values):
        return "holds moments without a zone", "write them with their zone, in UTC best"
    if any(isinstance(value, dict) for value in values):
        return "holds records", "give each of their members a column of its own"
    kinds = ", ".join(sorted({type_name(value) for value in values}))
    return f"holds what no one type reads ({kinds})", "bring its values to one type"

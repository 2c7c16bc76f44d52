"""Generated readers and writers of records against the plain ones, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.rules.codecs import field_reader, missing, record_reader, record_writer, writer
from mailweave.rules.record_codecs import (
    compile_attributes_reader,
    compile_attributes_shower,
    compile_attributes_writer,
    compile_events_reader,
    compile_items_reader,
    compile_writer,
)
from mailweave.schema.types import (
    Bool,
    Date,
    Duration,
    Enum,
    Field,
    Instant,
    Int,
    Key,
    ListOf,
    Money,
    Number,
    Ratio,
    SetOf,
    Text,
    Type,
    Zone,
)
from mailweave.values.invalid_value import InvalidValue

SIMPLE: tuple[Type, ...] = (
    Text(),
    Key(),
    Bool(),
    Int(),
    Number(),
    Ratio(),
    Money("EUR"),
    Date(),
    Instant(),
    Duration(),
    Zone(),
    Enum(("a", "b", "c"), ordered=True),
    SetOf(Text()),
)
DEFAULTS: dict[type, Any] = {Text: "x", Int: 3, Bool: False, Money: 12_500, Enum: "b"}
NAMES = ("one", "two words", "class", "q'\"", "three")
POOL: list[Any] = [
    *(
        None,
        True,
        False,
        0,
        1,
        3,
        2**63 - 1,
        2**63,
        -(2**63) - 1,
        0.5,
        1.0,
        1.5,
        -0.5,
        float("nan"),
        float("inf"),
    ),
    *("", "a", "b", "z", "é", "e\u0301", "\ud800", "12.50", "1e5", "7 USD", "7 EUR", "0.00001", b"a"),
    *(
        "2026-02-28",
        "2026-02-30",
        "2026-2-3",
        "2026-11-22T09:00Z",
        "2026-11-22T09:00",
        "Europe/Oslo",
        "14 days",
    ),
    *([], ["a"], [3], {}, {"one": 1}, Decimal("1.5"), Decimal("1.00001"), date(2026, 1, 2)),
    *map(Decimal, ("-0.00", "NaN", "Infinity", "1E+20", "1E+13", "99999999999999.9999", "1E-400", "1" * 50)),
    Decimal("1." + "0" * 60 + "1"),
    *(datetime(2026, 1, 2, 3, 4, 5, micro, tzinfo=UTC) for micro in (0, 6)),
    *(datetime(year, month, 1, tzinfo=UTC) for year, month in ((1, 1), (2, 1), (9999, 12), (1969, 12))),
    datetime(2026, 1, 2, tzinfo=ZoneInfo("Europe/Oslo")),
    datetime(2026, 1, 2),
]
VALUES = st.sampled_from(POOL)


@st.composite
def fields(draw: st.DrawFn, *, nested: bool = True) -> Field:
    kind: Type = draw(st.sampled_from(SIMPLE))
    if nested and draw(st.integers(0, 6)) == 0:
        kind = ListOf(tuple(draw(st.lists(fields(nested=False), min_size=1, max_size=3, unique_by=_name))))
    default = DEFAULTS.get(kind.__class__) if draw(st.booleans()) else None
    bounded = isinstance(kind, Int | Ratio) and draw(st.booleans())
    return Field(
        draw(st.sampled_from(NAMES)),
        kind,
        optional=default is None and draw(st.booleans()),
        default=default,
        minimum=0 if bounded else None,
        maximum=1 if bounded else None,
        needs=draw(st.sampled_from([None, None, "tracking"])) if nested else None,
        column=draw(st.sampled_from([None, "from data"])),
    )


def _name(field: Field) -> str:
    return field.name


def records(known: list[Field]) -> st.SearchStrategy[dict[str, Any]]:
    columns = {field.column or field.name: field.type for field in known}
    return st.fixed_dictionaries({name: given_for(kind) for name, kind in columns.items()})


def given_for(kind: Type) -> st.SearchStrategy[Any]:
    fitting = {Text: "a", Key: "é", Bool: True, Int: 1, Number: 0.5, Ratio: 0.25, Money: "12.50"} | {
        Date: "2026-02-28",
        Instant: "2026-11-22T09:00Z",
        Duration: "14 days",
        Zone: "Europe/Oslo",
        Enum: "b",
        SetOf: ["x", "y"],
    }
    if isinstance(kind, ListOf):
        return st.one_of(st.lists(records(list(kind.fields)), max_size=3), VALUES)
    sure: st.SearchStrategy[Any] = st.just(fitting[kind.__class__])
    return st.one_of(sure, sure, sure, VALUES)


def told(read: Any, *args: Any) -> str:
    """What a reader gives or refuses, as text: NaN equals nothing, 1 equals True."""
    try:
        return repr(read(*args))
    except InvalidValue as refusal:
        return f"{refusal.path}: {refusal.reason}"


def variants(kind: Type) -> Iterator[Field]:
    yield from (Field("one", kind), Field("one", kind, optional=True))
    if kind.__class__ in DEFAULTS:
        yield Field("one", kind, default=DEFAULTS[kind.__class__])
    if isinstance(kind, Int | Number | Ratio | Money):
        yield Field("one", kind, minimum=0, maximum=1)


def as_event(known: list[Field]) -> Callable[[Any], Any]:
    """Reads a record as an event has it, the quick way where that does not refuse it."""
    quick, plain = compile_events_reader({"e": known}), record_reader(known)

    def read(record: Any) -> Any:
        if not isinstance(record, dict):
            return plain(record)
        try:
            ((_, *row),) = quick([{**record, "type": "e", "at": "1970-01-01T00:00:00Z"}])["e"]
        except InvalidValue:
            return plain(record)
        return tuple(row)

    return read


@pytest.mark.parametrize("kind", SIMPLE, ids=str)
def test_every_type_and_every_value(kind: Type) -> None:
    for field in variants(kind):
        for value in POOL:
            record = {"one": value}
            plain, compiled = record_reader([field]), as_event([field])
            assert told(compiled, record) == told(plain, record), (field, value)


SOME = st.lists(fields(), min_size=1, max_size=5, unique_by=_name)


@settings(deadline=None)
@given(SOME, st.data())
def test_records_are_read_and_written_as_the_plain_ones_do(known: list[Field], data: st.DataObject) -> None:
    record = data.draw(st.one_of(records(known), VALUES))
    plain, compiled = record_reader(known), as_event(known)
    assert told(compiled, record) == told(plain, record)
    several = [record, data.draw(st.one_of(records(known), VALUES)), record]
    assert told(compile_items_reader(known), several) == told(
        lambda items: [record_writer(known)(plain(one)) for one in items], several
    )


def by_field(known: list[Field], profile: dict[str, Any], consents: frozenset[str]) -> dict[str, Any]:
    found = {one.name: field_reader(one)(profile.get(one.column or one.name)) for one in known}
    hidden = {one.name: missing(one.type) for one in known if one.needs and one.needs not in consents}
    return found | hidden


@settings(deadline=None)
@given(SOME, st.sampled_from([frozenset(), frozenset({"tracking"})]), st.data())
def test_attributes_are_read_and_written_field_by_field(
    known: list[Field], consents: frozenset[str], data: st.DataObject
) -> None:
    profile = data.draw(records(known))
    try:
        wanted = by_field(known, profile, consents)
    except InvalidValue:
        return
    found = compile_attributes_reader(known, partial=False)(profile, consents)
    assert repr(found) == repr(wanted)
    written = {one.name: writer(one.type)(wanted[one.name]) for one in known}
    shown = compile_attributes_writer(known, partial=False)(found)
    assert repr(shown) == repr({name: value for name, value in written.items() if value is not None})
    assert repr(compile_attributes_shower(known, partial=False)(profile, consents)) == repr((found, shown))


ALIKE: tuple[Any, ...] = (
    1,
    True,
    1.0,
    Decimal(1),
    "1",
    "1.00",
    0,
    False,
    0.0,
    -0.0,
    None,
    float("nan"),
    "",
    "a",
    [1],
    {},
)


@pytest.mark.parametrize("type", SIMPLE)
@pytest.mark.parametrize("optional", [False, True])
def test_records_of_values_that_are_equal_and_not_the_same(type: Type, optional: bool) -> None:
    """Records are remembered by their values; 1, 1.0 and True are equal."""
    known = [Field("one", type, optional=optional)]
    plain, compiled = record_reader(known), compile_items_reader(known)
    for value in (*ALIKE, *ALIKE, *reversed(ALIKE)):
        several = [{"one": value}]
        assert told(compiled, several) == told(
            lambda items: [record_writer(known)(plain(one)) for one in items], several
        )


def test_a_record_that_recurs_is_read_once() -> None:
    read = compile_items_reader([Field("name", Text()), Field("price", Money("EUR"), optional=True)])
    one, other = read([{"name": "Lamp", "price": "12.50"}, {"name": "Lamp"}])
    assert one == {"name": "Lamp", "price": Decimal("12.50")}
    assert other == {"name": "Lamp"}
    again = read([{"name": "La" + "mp", "price": "12.50", "unknown": 1}, {"price": None, "name": "Lamp"}])
    assert again[0] is one
    assert again[1] is other


def test_a_record_without_fields() -> None:
    assert as_event([])({"a": 1}) == ()
    assert compile_writer(())(()) == {}

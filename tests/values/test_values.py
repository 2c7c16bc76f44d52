"""Money, numbers, moments and texts at the border: what is let in, and what is refused, unquoted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.values.instants import iso, to_datetime, to_day, to_instant
from mailweave.values.invalid_value import InvalidValue
from mailweave.values.money import amount, average, to_decimal, to_units
from mailweave.values.numbers import double, quotient, total, whole
from mailweave.values.texts import to_text
from mailweave.values.zones import to_zone


@pytest.mark.parametrize(
    ("given_value", "units"),
    [
        ("0", 0),
        ("12.50", 125_000),
        ("-0.0001", -1),
        ("+3", 30_000),
        ("7.000000000", 70_000),
        (3, 30_000),
        (-3, -30_000),
        (Decimal("12.5"), 125_000),
        (Decimal("1E+3"), 10_000_000),
        (Decimal("0E+99"), 0),
        ("12.50 USD", 125_000),
        ("99999999999999.9999", 10**18 - 1),
    ],
)
def test_money_is_exact(given_value: object, units: int) -> None:
    assert to_units(given_value, "USD") == units


@pytest.mark.parametrize(
    "value",
    [
        *(
            1.5,
            True,
            None,
            [],
            "",
            "1e3",
            "1,5",
            " 1",
            "1 ",
            "٣",
            "1_000",
            "NaN",
            "inf",
            "0.00001",
            "1.",
            ".5",
        ),
        *(10**14, "100000000000000", Decimal("NaN"), Decimal("Infinity"), Decimal("1E+30"), Decimal("1E-5")),
        *(Decimal("1E+999999"), "12.50 EUR", "12.50USD", "9" * 1000, "0." + "0" * 1000),
    ],
    ids=lambda v: repr(v)[:20],
)
def test_what_is_not_exact_money_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue):
        to_units(value, "USD")


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_money_returns_as_it_came(units: int) -> None:
    assert to_units(to_decimal(units)) == units
    assert to_units(str(to_decimal(units))) == units


@given(st.integers(-(10**12), 10**12), st.integers(1, 1000))
def test_an_average_rounds_half_to_even(units: int, count: int) -> None:
    assert average(units, count) == int((Decimal(units) / count).quantize(Decimal(1), ROUND_HALF_EVEN))


def test_what_overflows_is_missing() -> None:
    assert whole(2**63 - 1) == 2**63 - 1
    for lost in (whole(2**63), whole(-(2**63) - 1), amount(10**18), double(1e308 * 10), quotient(1, 0)):
        assert lost != lost
    for lost in (quotient(10**400, 3), quotient(float("nan"), 2), total([1e308, 1e308]), total([1e400])):
        assert lost != lost


@given(st.lists(st.floats(-1e300, 1e300)), st.randoms())
def test_a_sum_does_not_depend_on_order(values: list[float], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert total(values) == total(shuffled)


@pytest.mark.parametrize(
    ("value", "same"),
    [
        ("2026-11-22T09:00Z", "2026-11-22T09:00:00Z"),
        ("2026-11-22T09:00:00+01:00", "2026-11-22T08:00:00Z"),
        ("2026-11-22 09:00:00.1234567Z", "2026-11-22T09:00:00.123456Z"),
        (datetime(2026, 11, 22, 9, tzinfo=UTC), "2026-11-22T09:00:00Z"),
        (datetime(2026, 11, 22, 9, tzinfo=timezone(timedelta(hours=-5))), "2026-11-22T14:00:00Z"),
    ],
)
def test_moments(value: object, same: str) -> None:
    assert iso(to_instant(value)) == same


@pytest.mark.parametrize(
    "value",
    [
        *("2026-11-22T09:00", "2026-11-22", "now", "10:30", "", "2026-13-01T00:00Z", "2026-02-29T00:00Z"),
        *(datetime(2026, 11, 22), date(2026, 11, 22), 0, 1.5, None, True, "0001-01-01T00:00Z"),
        *("٢026-11-22T09:00Z", "9999-12-31T23:00-23:00", "2026-11-22T09:00Z\n", "2026-W01-1T00:00Z"),
    ],
    ids=repr,
)
def test_moments_that_are_none(value: object) -> None:
    with pytest.raises(InvalidValue):
        to_instant(value)


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)))
def test_a_moment_returns_as_it_came(value: datetime) -> None:
    moment = value.replace(tzinfo=UTC)
    assert to_datetime(to_instant(moment)) == moment
    assert to_instant(iso(to_instant(moment))) == to_instant(moment)


def test_dates_and_zones() -> None:
    assert to_day("2024-02-29") == to_day(date(2024, 2, 29))
    for value in ("2023-02-29", "2024-2-9", "20240229", datetime(2024, 2, 29), 5, None, "２024-02-29"):
        with pytest.raises(InvalidValue):
            to_day(value)
    for name in ("Mars/Olympus", "../etc/passwd", "/etc/passwd", "europe/paris", "", 5, None, "\0"):
        with pytest.raises(InvalidValue):
            to_zone(name)


def test_texts() -> None:
    assert to_text("é") == "é"
    for value in ("\ud800", "a\udfff", b"a", 5, None):
        with pytest.raises(InvalidValue):
            to_text(value)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.binary(), st.none(), st.booleans()))
def test_a_refusal_never_quotes_the_value(value: object) -> None:
    for said in filter(
        None, (_refusal(read, value) for read in (to_units, to_instant, to_day, to_zone, to_text))
    ):
        assert said.startswith(("is ", "has "))
        assert len(repr(value)) < 12 or repr(value) not in said


def _refusal(read: Callable[[object], object], value: object) -> str:
    try:
        read(value)
    except ValueError as refusal:
        return str(refusal)
    return ""

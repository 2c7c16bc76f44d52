"""Rows read column by column are those that Arrow gives, without NULLs."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.batch.columns import rows

instants = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))
scalars = {
    "text": (pa.string(), st.text(st.characters(exclude_categories=["Cs"]), max_size=5)),
    "at": (pa.timestamp("us", tz="Asia/Tokyo"), instants),
    "amount": (pa.decimal128(18, 4), st.decimals(-999, 999, places=4)),
    "count": (pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    "yes": (pa.bool_(), st.booleans()),
    "day": (pa.date32(), st.dates(date(1900, 1, 1), date(2100, 1, 1))),
}


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


row = st.fixed_dictionaries(
    {
        **{name: maybe(strategy) for name, (_, strategy) in scalars.items()},
        "tags": maybe(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=3)),
        "record": maybe(st.fixed_dictionaries({"a": maybe(st.booleans()), "when": maybe(instants)})),
    }
)
SCHEMA = pa.schema(
    [
        *[(name, kind) for name, (kind, _) in scalars.items()],
        ("tags", pa.list_(pa.string())),
        ("record", pa.struct([("a", pa.bool_()), ("when", pa.timestamp("ms", tz="UTC"))])),
    ]
)


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    return value


@settings(deadline=None)
@given(st.lists(row, max_size=5), st.integers(0, 3))
def test_rows_are_the_same_by_columns(data: list[dict[str, Any]], skip: int) -> None:
    for one in data:
        if one["record"] and one["record"]["when"]:
            one["record"]["when"] = one["record"]["when"].replace(microsecond=0)
    batch = pa.RecordBatch.from_pylist(data, schema=SCHEMA).slice(skip)
    assert list(rows(batch)) == [without_nulls(one) for one in data[skip:]]


def test_nanoseconds_and_seconds() -> None:
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    for unit in ("s", "ms", "us", "ns"):
        column = pa.array([at, None], pa.timestamp(unit, tz="UTC"))
        batch = pa.RecordBatch.from_arrays([column], ["at"])
        assert list(rows(batch)) == [{"at": at}, {}]


@pytest.mark.parametrize("value", [Decimal("1.5000"), "x", True])
def test_large_lists(value: Any) -> None:
    column = pa.array([[value], [], None], pa.large_list(pa.infer_type([value])))
    batch = pa.RecordBatch.from_arrays([column], ["items"])
    assert list(rows(batch)) == [{"items": [value]}, {"items": []}, {}]


def test_what_python_cannot_count_stays_a_number() -> None:
    far = pa.array([2**62, 0], pa.int64()).cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))
    days = pa.array([2**31 - 1, 0], pa.int32()).cast(pa.date32())
    batch = pa.RecordBatch.from_arrays([far, days], ["at", "day"])
    epoch = {"at": datetime(1970, 1, 1, tzinfo=UTC), "day": date(1970, 1, 1)}
    assert list(rows(batch)) == [{"at": 2**62, "day": 2**31 - 1}, epoch]

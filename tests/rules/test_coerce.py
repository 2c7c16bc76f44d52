"""Rows of other programs become profiles: every library by its own row, every type by its own values."""

from __future__ import annotations

import dataclasses
import enum
import sqlite3
from collections import namedtuple
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pydantic
import pytest

from mailweave import ArgumentError, coerce
from mailweave.rules import compile_rules

TEXT = """ruleset "rows" version 1
profile {
  id: key
  email: text?
  orders: int? min 0 max 100
  height: number?
  share: ratio?
  paid: money(USD)?
  born: date?
  joined: instant?
  wait: duration?
  tz: zone?
  level: enum(gold, silver)?
  member: bool?
  tags: set of text
  codes: set of int
  cart: list of { sku: text, price: money(USD), qty: int? }
}
consent marketing
event open { machine: bool } keep 30 days
catalog cds { sku: text, title: text, price: money(USD) }
list for_you of cds by "cf" max 2 else "bestsellers"
score churn : ratio ttl 7 days else unknown
segment buyers = orders >= 1
segment liked = churn > 0.5
"""
PROGRAM = compile_rules(TEXT.replace("churn >", "score.churn >"), name="rows.rules")
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
KEY = UUID("12345678-1234-5678-1234-567812345678")


class Tier(enum.Enum):
    GOLD = "gold"
    SILVER = 2


class Code(enum.IntEnum):
    THREE = 3


VALUES: list[tuple[str, Any, Any]] = [
    ("id", KEY, str(KEY)),
    ("id", 7, "7"),
    ("id", np.int64(7), "7"),
    ("id", "007", "007"),
    *(("orders", three, 3) for three in (3, "3", 3.0, Decimal(3), Decimal("3.00"), np.int8(3), np.uint64(3))),
    *(
        ("orders", three, 3)
        for three in (np.float32(3), pa.scalar(3), pa.scalar(3.0), np.array(3), Code.THREE)
    ),
    *(("height", one, 1.5) for one in (1.5, "1.5", Decimal("1.5"), np.float32(1.5), pa.scalar(1.5))),
    ("height", np.int32(2), 2),
    *(("paid", amount, amount) for amount in (Decimal("12.50"), "12.50", 12)),
    ("paid", pa.scalar(Decimal("12.50")), Decimal("12.50")),
    *(("born", day, date(1990, 5, 1)) for day in (date(1990, 5, 1), datetime(1990, 5, 1))),
    *(("born", day, date(1990, 5, 1)) for day in (pd.Timestamp("1990-05-01"), np.datetime64("1990-05-01"))),
    *(
        ("born", day, date(1990, 5, 1))
        for day in (np.datetime64("1990-05-01", "ns"), pa.scalar(date(1990, 5, 1)))
    ),
    ("born", "1990-05-01", "1990-05-01"),
    *(("joined", at, NOW) for at in (NOW, pd.Timestamp(NOW), NOW.astimezone(ZoneInfo("Asia/Tokyo")))),
    ("joined", pa.scalar(NOW, pa.timestamp("us", tz="UTC")), NOW),
    ("joined", "2026-11-22T09:00Z", "2026-11-22T09:00Z"),
    *(
        ("wait", two, timedelta(days=2))
        for two in (timedelta(days=2), pd.Timedelta(days=2), np.timedelta64(2, "D"))
    ),
    ("wait", "2 days", "2 days"),
    *(("tz", zone, "Asia/Tokyo") for zone in ("Asia/Tokyo", ZoneInfo("Asia/Tokyo"))),
    ("level", "gold", "gold"),
    ("level", Tier.GOLD, "gold"),
    *(("member", yes, True) for yes in (True, "true", "T", "1", 1, np.bool_(True), pa.scalar(True))),
    *(("member", no, False) for no in (False, "false", "0", 0, np.False_)),
    *(("tags", two, ["a", "b"]) for two in (["a", "b"], ("a", "b"), {"b", "a"}, '["a", "b"]')),
    ("tags", np.array(["a", "b"]), ["a", "b"]),
    ("tags", pa.scalar(["a", "b"]), ["a", "b"]),
    ("codes", np.array([1, 2], dtype="int16"), [1, 2]),
    ("codes", [1.0, "2"], [1, 2]),
    ("cart", '[{"sku": "CD-1", "price": "3", "qty": 2}]', [{"sku": "CD-1", "price": "3", "qty": 2}]),
    ("cart", [{"sku": "CD-1", "price": 3, "qty": np.int64(2)}], [{"sku": "CD-1", "price": 3, "qty": 2}]),
    ("cart", [pd.Series({"sku": "CD-1", "price": 3, "qty": None})], [{"sku": "CD-1", "price": 3}]),
    ("cart", pa.scalar([{"sku": "CD-1", "price": Decimal(3)}]), [{"sku": "CD-1", "price": Decimal(3)}]),
    ("consent", {"marketing": np.bool_(True)}, {"marketing": True}),
    ("consent", '{"marketing": "false"}', {"marketing": False}),
    ("scores", {"churn": np.float64(0.5)}, {"churn": 0.5}),
    ("scores", {"churn": {"value": "0.5", "at": NOW}}, {"churn": {"value": 0.5, "at": NOW}}),
    ("lists", {"for_you": '["CD-1", 2]'}, {"for_you": ["CD-1", 2]}),
    ("lists", {"cf": np.array(["CD-1"])}, {"cf": ["CD-1"]}),
    (
        "lists",
        {"cf": [{"sku": "CD-1", "title": "A", "price": 3}]},
        {"cf": [{"sku": "CD-1", "title": "A", "price": 3}]},
    ),
]


def shown(value: object) -> str:
    """The name of a case, the same in every process: sets have no order."""
    return type(value).__name__ if isinstance(value, set | frozenset) else ascii(value)[:40]


@pytest.mark.parametrize(("name", "given", "wanted"), VALUES, ids=shown)
def test_a_value_is_read_by_its_declared_type(name: str, given: Any, wanted: Any) -> None:
    found = coerce({"id": "1", name: given}, PROGRAM)
    assert found == {"id": "1", name: wanted}
    assert type(found[name]) is type(wanted)
    PROGRAM.evaluate(found, now=NOW)


@pytest.mark.parametrize(
    "nothing", [None, float("nan"), np.nan, pd.NaT, pd.NA, Decimal("nan"), np.datetime64("NaT")]
)
@pytest.mark.parametrize("name", ["email", "orders", "born", "joined", "tags", "cart", "consent.marketing"])
def test_what_stands_for_nothing_is_absent(name: str, nothing: Any) -> None:
    assert coerce({"id": "1", name: nothing}, PROGRAM) == {"id": "1"}


WRONG: list[tuple[str, Any, str, str, str]] = [
    ("orders", np.float32(2.5), "orders", "a whole number", "numpy.float32"),
    ("orders", "three", "orders", "a whole number", "str"),
    ("orders", True, "orders", "a whole number", "bool"),
    ("orders", 10**30, "orders", "a whole number", "what is a whole number past 64 bits"),
    ("orders", 101, "orders", "a whole number", "what is out of its bounds"),
    ("height", float("inf"), "height", "a number", "what is not a finite number"),
    ("paid", 12.5, "paid", "money", "float"),
    ("born", datetime(1990, 5, 1, 12), "born", "a date", "datetime.datetime"),
    ("joined", datetime(2026, 1, 1), "joined", "a datetime with a zone", "what is an instant without a zone"),
    (
        "tz",
        "Mars/Olympus",
        "tz",
        "the name of a time zone",
        "what is a zone that the IANA data base does not know",
    ),
    ("level", "bronze", "level", "a member of its enum", "what is not a member of its enum"),
    ("member", "yes", "member", "true or false", "str"),
    ("member", 2, "member", "true or false", "int"),
    ("email", 7, "email", "a text", "int"),
    ("email", "a\ud800", "email", "a text", "what is a text with half a character in it (a lone surrogate)"),
    ("id", 7.0, "id", "a text", "float"),
    ("tags", "a, b", "tags", "a list, or JSON text of one", "str"),
    ("codes", [1, 2.5], "codes[1]", "a whole number", "float"),
    ("cart", [{"sku": "CD-1", "price": 1.5}], "cart[0].price", "money", "float"),
    ("cart", [{"sku": "CD-1"}], "cart.price", "a list of records", "what is required, and absent"),
    ("cart", ["CD-1"], "cart[0]", "a mapping, a model, or JSON text of an object", "str"),
    ("consent", "yes", "consent", "a mapping, a model, or JSON text of an object", "str"),
    ("consent.marketing", "yes", "consent.marketing", "true or false", "str"),
    (
        "scores.churn.at",
        "today",
        "scores.churn.at",
        "a datetime with a zone",
        "what is not an instant in ISO 8601",
    ),
    ("lists.for_you", "CD-1", "lists.for_you", "a list, or JSON text of one", "str"),
]


@pytest.mark.parametrize(("name", "given", "field", "expected", "got"), WRONG, ids=shown)
def test_what_does_not_read_is_told(name: str, given: Any, field: str, expected: str, got: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        coerce({"id": "1", name: given}, PROGRAM)
    assert (caught.value.field, caught.value.expected, caught.value.got) == (field, expected, got)
    assert caught.value.diagnostics[0].code == "MW043"


PLAIN = {"id": "1", "orders": 3, "member": True}
Named = namedtuple("Named", "id orders member")


@dataclasses.dataclass(slots=True)
class Class:
    id: str = "1"
    orders: int = 3
    member: bool = True


class Model(pydantic.BaseModel):
    id: str = "1"
    orders: Decimal = Decimal(3)
    member: bool = True


def of_sqlite() -> sqlite3.Row:
    connection = sqlite3.connect(":memory:")
    connection.row_factory = sqlite3.Row
    row: sqlite3.Row = connection.execute("select '1' id, 3 orders, 1 member").fetchone()
    return row


ROWS: list[Any] = [
    PLAIN,
    Class(),
    Model(),
    Named("1", 3, True),
    pd.Series(PLAIN),
    next(iter(pd.DataFrame([PLAIN]).itertuples(index=False))),
    pa.scalar(PLAIN),
    pa.Table.from_pylist([PLAIN]).to_pylist()[0],
    np.array([("1", 3, True)], dtype=[("id", "U1"), ("orders", "i4"), ("member", "?")])[0],
    of_sqlite(),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: type(row).__name__)
def test_a_row_of_any_library_is_the_same_profile(row: Any) -> None:
    assert coerce(row, PROGRAM.schema) == PLAIN


@pytest.mark.parametrize("row", [None, 5, "x", b"x", [], Class, object(), pd.DataFrame([PLAIN]), {1, 2}])
def test_what_is_no_row_is_the_callers_mistake(row: Any) -> None:
    with pytest.raises(ArgumentError, match="MW040 row: expected a mapping"):
        coerce(row, PROGRAM)
    with pytest.raises(ArgumentError, match="MW040 schema: expected a campaign"):
        coerce(PLAIN, row)


def test_columns_of_members_go_to_their_places() -> None:
    row = {
        "id": "1",
        "scores.churn.value": "0.5",
        "scores.churn.at": NOW,
        "consent.marketing": "f",
        "lists.cf": "[1]",
    }
    assert coerce(row, PROGRAM) == {
        "id": "1",
        "scores": {"churn": {"value": 0.5, "at": NOW}},
        "consent": {"marketing": False},
        "lists": {"cf": [1]},
    }
    for twice in (
        {"consent": {"marketing": True}, "consent.marketing": False},
        {"scores": {"churn": 0.5}, "scores.churn.value": 0.7},
        {"scores": {"churn": {"value": 0.5}}, "scores.churn": 0.7},
    ):
        with pytest.raises(ArgumentError, match="said once"):
            coerce({"id": "1", **twice}, PROGRAM)


def test_what_no_rule_declares_stays_as_it_is() -> None:
    row = {
        "id": "1",
        "more": NOW,
        "consent": {"other": 5},
        "scores": {"x": "y"},
        "lists": {"z": 1},
        "consent.b": "t",
    }
    wanted = {**row, "consent": {"other": 5, "b": "t"}}
    del wanted["consent.b"]
    assert coerce(row, PROGRAM) == wanted


def test_zones_do_not_matter_to_instants() -> None:
    east = timezone(timedelta(hours=9))
    found = coerce({"id": "1", "joined": pd.Timestamp(NOW.astimezone(east))}, PROGRAM)["joined"]
    assert (found, found.tzinfo) == (NOW, UTC)

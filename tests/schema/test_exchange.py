"""Profiles go to JSON Schema and to pydantic models, and come back as they were."""

from __future__ import annotations

import doctest
import json
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from annotated_types import Interval
from click.testing import CliRunner
from hypothesis import event, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from mailweave.cli import group
from mailweave.rules import check, parse
from mailweave.rules.profile_text import profile_text
from mailweave.rules.reserved import reserved
from mailweave.schema import types as t
from mailweave.schema.json_schema import from_json_schema, to_json_schema
from mailweave.schema.names import SchemaError
from mailweave.schema.pydantic_schema import Labels, from_pydantic, to_pydantic
from mailweave.source import Source

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,7}", fullmatch=True).filter(lambda w: w not in reserved())
MEMBERS = st.lists(NAMES, min_size=1, max_size=4, unique=True).map(tuple)
TENTHS = st.integers(-10_000, 10_000)
VALUES: dict[type[t.Type], st.SearchStrategy[Any]] = {
    t.Text: st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=5),
    t.Key: st.text("abc", max_size=5),
    t.Bool: st.booleans(),
    t.Int: st.integers(-(2**63), 2**63 - 1),
    t.Number: TENTHS.map(lambda n: n / 8),
    t.Ratio: st.integers(0, 8).map(lambda n: n / 8),
    t.Money: st.integers(-(10**17), 10**17),
    t.Date: st.dates(date(1900, 1, 1)).map(date.toordinal),
    t.Instant: st.integers(-(10**9), 4 * 10**9).map(lambda s: s * 1_000_000),
    t.Duration: st.integers(0, 10**6).map(lambda s: s * 1_000_000),
    t.Zone: st.sampled_from(("Europe/Paris", "UTC")),
}
BOUNDED = (t.Int, t.Number, t.Money, t.Date, t.Instant, t.Duration)
ORDERED = st.lists(NAMES, min_size=2, max_size=4, unique=True).map(tuple)
SCALARS: st.SearchStrategy[t.Type] = st.one_of(
    st.sampled_from([t.Text(), t.Key(), t.Bool(), t.Int(), t.Number(), t.Ratio(), t.Date(), t.Instant()]),
    st.sampled_from([t.Duration(), t.Zone(), t.Money("USD"), t.Money("JPY")]),
    MEMBERS.map(t.Enum),
    ORDERED.map(lambda members: t.Enum(members, True)),
)


def values(type_: t.Type) -> st.SearchStrategy[Any]:
    return st.sampled_from(type_.members) if isinstance(type_, t.Enum) else VALUES[type(type_)]


@st.composite
def fields(draw: st.DrawFn, name: str, *, record: bool = False) -> t.Field:
    type_ = draw(SCALARS)
    if not record and draw(st.integers(0, 4)) == 0:
        type_ = draw(SCALARS.map(lambda item: t.SetOf(item)) | records())
    event(type(type_).__name__)
    collection = isinstance(type_, t.SetOf | t.ListOf)
    optional = draw(st.booleans())
    bounds = (
        sorted(draw(st.lists(values(type_), min_size=2, max_size=2))) if isinstance(type_, BOUNDED) else []
    )
    low, high = (draw(st.sampled_from((None, bound))) for bound in bounds or (None, None))
    default = None
    if not collection and draw(st.booleans()):
        default = draw(values(type_)) if not bounds else draw(st.sampled_from(bounds))
    if record:
        return t.Field(name, type_, optional and default is None, default=default)
    needs = draw(st.sampled_from((None, "profiling")))
    column = draw(st.sampled_from((None, f"col {name}")))
    return t.Field(name, type_, optional, draw(st.booleans()), needs, low, high, default, column)


@st.composite
def records(draw: st.DrawFn) -> t.ListOf:
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    return t.ListOf(tuple(draw(fields(name, record=True)) for name in names))


@st.composite
def profiles(draw: st.DrawFn) -> dict[str, t.Field]:
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    found = [draw(fields(name)) for name in names]
    keys = [each for each in found if isinstance(each.type, t.Key)]
    return {each.name: each for each in found if each not in keys[1:]}


@given(profiles())
@settings(deadline=None, max_examples=100)
def test_json_schema_and_back(profile: dict[str, t.Field]) -> None:
    schema = json.loads(json.dumps(to_json_schema(profile)))
    assert from_json_schema(schema, reserved=reserved()) == profile


@given(profiles())
@settings(deadline=None, max_examples=60)
def test_pydantic_and_back(profile: dict[str, t.Field]) -> None:
    assert from_pydantic(to_pydantic(profile), reserved=reserved()) == profile


@given(profiles())
@settings(deadline=None, max_examples=100)
def test_rule_text_and_back(profile: dict[str, t.Field]) -> None:
    text = profile_text(profile) + "consent profiling\n"
    checked = check(parse(Source("p.rules", text)).document)
    assert checked.document is not None, (text, checked.diagnostics)
    assert dict(checked.document.schema.profile) == profile


class Plan(Enum):
    FREE = "free"
    GOLD = "gold"


class Line(BaseModel):
    sku: str
    price: Annotated[Decimal, t.Money("USD")]


class Customer(BaseModel):
    id: Annotated[str, t.Key()]
    email: Annotated[str, Labels(pii=True, sensitive=True)]
    plan: Plan = Plan.FREE
    size: Literal["S", "M"] | None = None
    orders: Annotated[int, Interval(ge=0, le=10)] = Field(0, alias="nb-orders")
    born: date | None = None
    seen: datetime
    span: timedelta = timedelta(days=3)
    tags: set[str] = set()
    cart: list[Line] = []
    order: int = 1


def test_a_model_of_somebody_else() -> None:
    found = from_pydantic(Customer, reserved=reserved())
    told = {f.name: (str(f.type), f.optional, f.default, f.column) for f in found.values()}
    assert told == {
        "id": ("key", False, None, None),
        "email": ("text", False, None, None),
        "plan": ("enum(free, gold)", False, "free", None),
        "size": ("enum(S, M)", True, None, None),
        "orders": ("int", False, 0, "nb-orders"),
        "born": ("date", True, None, None),
        "seen": ("instant", False, None, None),
        "span": ("duration", False, 3 * 86_400_000_000, None),
        "tags": ("set of text", False, None, None),
        "cart": ("list of { sku: text, price: money(USD) }", False, None, None),
        "order_": ("int", False, 1, "order"),
    }
    assert (found["orders"].minimum, found["orders"].maximum, found["email"].pii) == (0, 10, True)
    assert (found["email"].sensitive, found["plan"].sensitive) == (True, False)


def test_a_schema_of_somebody_else() -> None:
    schema = {
        "type": "object",
        "required": ["first-name", "plan"],
        "properties": {
            "first-name": {"type": "string"},
            "plan": {"$ref": "#/$defs/Plan"},
            "orders": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
            "tags": {"type": "array", "items": {"type": "string"}},
            "seen": {"type": "string", "format": "date-time", "default": "2026-01-01T00:00:00Z"},
        },
        "$defs": {"Plan": {"type": "string", "enum": ["free", "gold"]}},
    }
    found = from_json_schema(schema)
    told = {f.name: (str(f.type), f.optional, f.column) for f in found.values()}
    assert told == {
        "first_name": ("text", False, "first-name"),
        "plan": ("enum(free, gold)", False, None),
        "orders": ("int", True, None),
        "tags": ("set of text", False, None),
        "seen": ("instant", False, None),
    }
    assert found["orders"].minimum == 0
    assert found["seen"].default == int(datetime(2026, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"type": "object"}, "object"),
        ({"type": ["string", "integer"]}, "several"),
        ({"anyOf": [{"type": "string"}, {"type": "integer"}]}, "several types"),
        ({"enum": ["a b"]}, "members"),
        ({"enum": [1, 2]}, "members"),
        ({"type": "array", "items": {"type": "array", "items": {"type": "string"}}}, "lists"),
        ({"$ref": "#/$defs/x"}, "not there"),
        ({"$ref": "#/properties/a"}, "itself"),
        ({"type": "array", "items": {"$ref": "#/$defs/x"}}, "not there"),
        ({"type": "array", "items": {"$ref": "#"}}, "list"),
        ({"type": "integer", "default": "x"}, "default"),
    ],
)
def test_what_a_profile_cannot_hold_is_refused(words: dict[str, Any], reason: str) -> None:
    with pytest.raises(SchemaError, match=reason) as caught:
        from_json_schema({"type": "object", "properties": {"a": words}})
    assert caught.value.place.startswith("a")


def test_a_decimal_without_a_currency_is_refused() -> None:
    class Wrong(BaseModel):
        price: Decimal

    with pytest.raises(SchemaError, match="price"):
        from_pydantic(Wrong)


_WORDS = (
    "type",
    "properties",
    "required",
    "items",
    "enum",
    "anyOf",
    "$ref",
    "default",
    "minimum",
    "format",
    "x-mailweave",
)
_JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from(["string", "object", "array", "#/properties/a"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*_WORDS, "a"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(_JUNK)
def test_what_is_no_schema_is_refused(words: Any) -> None:
    for schema in (words, {"properties": {"a": words}}):
        with suppress(SchemaError):
            from_json_schema(schema)


def test_the_verbs_print_what_goes_in_and_out(tmp_path: Path) -> None:
    rules = tmp_path / "a.rules"
    rules.write_text('ruleset "r" version 1\nprofile {\n  id : key\n  city : text? from "home-town"\n}\n')
    exported = CliRunner().invoke(group, ["schema", "export", str(rules)])
    assert json.loads(exported.stdout)["properties"]["home-town"]["type"] == ["string", "null"]
    imported = CliRunner().invoke(group, ["schema", "import", "-"], input=exported.stdout)
    assert imported.stdout == 'profile {\n  id   : key\n  city : text? from "home-town"\n}\n'


@pytest.mark.parametrize(
    ("text", "code"),
    [("{", "MW002"), ("[]", "MW027"), ('{"properties": {"a": {"type": ["string", "integer"]}}}', "MW027")],
)
def test_a_schema_that_cannot_be_imported_is_explained(text: str, code: str) -> None:
    result = CliRunner().invoke(group, ["schema", "import", "-"], input=text)
    assert result.exit_code == 1
    assert code in result.output


def test_the_page_runs() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "schema.md"
    assert doctest.testfile(str(page), module_relative=False).failed == 0

"""Mails for the rows of a frame: of pandas and polars alike, each row with what became of it, none lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave import Campaign, Email, Environment, Skip
from mailweave.diagnostics import ArgumentError, MailweaveError
from mailweave.notebooks import render_frame
from mailweave.notebooks.frames import COLUMNS

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
pandas = pytest.importorskip("pandas")
polars = pytest.importorskip("polars")
Make = Callable[[list[dict[str, Any]]], Any]
ROWS: list[dict[str, Any]] = [
    {"id": "1", "email": "ann@example.com", "first_name": "Ann", "orders": 4, "consent.marketing": True},
    {"id": "2", "email": "bob@example.com", "first_name": None, "orders": 0, "consent.marketing": True},
    {"id": "3", "email": "cid@example.com", "first_name": "Cid", "orders": 1, "consent.marketing": False},
    {"id": None, "email": "dan@example.com", "first_name": "Dan", "orders": 1, "consent.marketing": True},
]


def of_pandas(rows: list[dict[str, Any]]) -> Any:
    return pandas.DataFrame(rows, index=[f"row {n}" for n in range(len(rows))])


def of_polars(rows: list[dict[str, Any]]) -> Any:
    return polars.DataFrame(rows)


BOTH = pytest.mark.parametrize("make", [of_pandas, of_polars])


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return Environment().compile(ROOT / "fixtures" / "docs" / "regulars")


@BOTH
def test_each_row_has_its_mail_or_its_reason(campaign: Campaign, make: Make) -> None:
    frame = make(ROWS)
    told = render_frame(campaign, frame, now=NOW)
    assert type(told) is type(frame)
    assert list(told.columns) == [*frame.columns, *COLUMNS]
    column = {name: list(told[name]) for name in COLUMNS}
    assert column["subject"] == ["Hello, Ann", "Hello, friend", "", ""]
    assert json.loads(column["decision"][0]) == {
        "subject": ["hello"],
        "hero": ["thanks"],
        "footer": ["legal"],
    }
    assert column["decision"][2] == "skip no_consent: has not agreed to marketing"
    assert column["error"][:3] == ["", "", ""]
    assert column["error"][3].startswith("skip bad_data: id")
    assert not any("Dan" in cell or "dan@" in cell for cell in column["error"])
    mail = campaign.render({**ROWS[0], "consent": {"marketing": True}}, now=NOW)
    assert isinstance(mail, Email)
    assert (column["html"][0], column["text"][0]) == (mail.html, mail.text)


def test_the_index_of_pandas_stays_and_the_frame_itself_too(campaign: Campaign) -> None:
    frame = of_pandas(ROWS)
    before = frame.copy()
    told = render_frame(campaign, frame, now=NOW)
    assert list(told.index) == list(frame.index)
    pandas.testing.assert_frame_equal(frame, before)


@BOTH
def test_a_value_of_another_type_is_that_rows_error(campaign: Campaign, make: Make) -> None:
    told = render_frame(
        campaign, make([{**row, "orders": "many" if row["id"] == "2" else "3"} for row in ROWS]), now=NOW
    )
    errors = list(told["error"])
    assert (errors[0], errors[2]) == ("", "")
    assert errors[1].startswith("MW043 orders: expected ")
    assert "many" not in errors[1]


@BOTH
def test_events_come_by_key(make: Make) -> None:
    campaign = Environment().compile(ROOT / "examples" / "start")
    rows = [
        {"id": n, "email": f"{n}@example.com", "orders": 4, "consent.marketing": True} for n in ("a", "b")
    ]
    events = {"b": [{"type": "click", "at": "2026-11-20T07:12:00Z"}]}
    told = render_frame(campaign, make(rows), events=events, now=NOW)
    heroes = [json.loads(one)["hero"] for one in told["decision"]]
    assert heroes == [["hero_news"], ["hero_thanks"]]


@BOTH
def test_a_frame_without_rows_is_one(campaign: Campaign, make: Make) -> None:
    told = render_frame(campaign, make(ROWS)[:0], now=NOW)
    assert (len(told), list(told.columns)[-5:]) == (0, list(COLUMNS))


@BOTH
def test_columns_that_meet_are_refused_and_a_prefix_helps(campaign: Campaign, make: Make) -> None:
    frame = make([{**row, "subject": "mine"} for row in ROWS])
    with pytest.raises(MailweaveError, match=r"MW684.*subject"):
        render_frame(campaign, frame, now=NOW)
    told = render_frame(campaign, frame, now=NOW, prefix="mail_")
    assert list(told["subject"]) == ["mine"] * 4
    assert told["mail_subject"][0 if make is of_polars else "row 0"] == "Hello, Ann"


def test_two_columns_of_one_name_are_refused(campaign: Campaign) -> None:
    frame = pandas.DataFrame([["1", "2"]], columns=["id", "id"])
    with pytest.raises(MailweaveError, match=r"MW684.*id"):
        render_frame(campaign, frame)


@pytest.mark.parametrize("given_", [[{"id": "1"}], "frame", pandas.Series([1]), polars.LazyFrame(ROWS)])
def test_what_is_no_frame_is_refused(campaign: Campaign, given_: object) -> None:
    with pytest.raises(MailweaveError, match="MW683"):
        render_frame(campaign, given_)


def test_a_moment_without_a_zone_is_the_callers_mistake(campaign: Campaign) -> None:
    with pytest.raises(ArgumentError):
        render_frame(campaign, of_polars(ROWS), now=datetime(2026, 11, 30))


@settings(max_examples=25)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "id": st.one_of(st.none(), st.text(max_size=5)),
                "email": st.sampled_from(["a@example.com", "none", ""]),
                "orders": st.one_of(st.none(), st.integers(-5, 5)),
                "consent.marketing": st.booleans(),
            }
        ),
        max_size=6,
    )
)
def test_a_frame_says_what_render_says_of_each_row(rows: list[dict[str, Any]]) -> None:
    campaign = Environment().compile(ROOT / "fixtures" / "docs" / "regulars")
    schema = {
        "id": polars.String,
        "email": polars.String,
        "orders": polars.Int64,
        "consent.marketing": polars.Boolean,
    }
    told = render_frame(campaign, polars.DataFrame(rows, schema=schema), now=NOW)
    assert len(told) == len(rows)
    for row, subject, decision in zip(rows, told["subject"], told["decision"], strict=True):
        profile = {name: value for name, value in row.items() if value is not None and "." not in name}
        made = campaign.render({**profile, "consent": {"marketing": row["consent.marketing"]}}, now=NOW)
        assert (subject, decision) == (
            ("", str(made)) if isinstance(made, Skip) else (made.subject, decision)
        )


@BOTH
def test_events_are_found_by_keys_that_are_numbers_and_are_a_mapping(campaign: Campaign, make: Make) -> None:
    frame = make([{**ROWS[0], "id": 1}])
    assert list(render_frame(campaign, frame, events={1: "x"}, now=NOW)["error"]) == [  # type: ignore[dict-item]
        "skip bad_data: events are not a list of events: got str"
    ]
    with pytest.raises(ArgumentError, match="MW040 events"):
        render_frame(campaign, frame, events=[{"type": "order"}], now=NOW)  # type: ignore[arg-type]

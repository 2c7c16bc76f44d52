"""Admission: bad data is named by its field and never quoted; sound data is normalised once."""

from __future__ import annotations

import pickle
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from mailweave.rules import BadData, check, compile_checked, compile_rules, parse
from mailweave.source import Source

CASES = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "fixtures/rules/bad_data.toml").read_text(encoding="utf-8")
)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
PROGRAM = compile_rules(CASES["text"], name="bad.rules")
US = "segment us = orders > 1 or not orders > 1\n"
SOUND: dict[str, Any] = CASES["sound"]


def wrong() -> Iterator[Any]:
    for over, field, reason in CASES["profiles"]:
        yield pytest.param({**SOUND, **over}, [], {}, field, reason, id=str(over)[:60])
    for events, field, reason in CASES["events"]:
        yield pytest.param(SOUND, events, {}, field, reason, id=str(events)[:60])
    for context, field, reason in CASES["contexts"]:
        yield pytest.param(SOUND, [], context, field, reason, id=str(context)[:60])


@pytest.mark.parametrize(("profile", "events", "context", "field", "reason"), list(wrong()))
def test_bad_data(profile: Any, events: Any, context: Any, field: str, reason: str) -> None:
    with pytest.raises(BadData) as caught:
        PROGRAM.evaluate(profile, events=events, context=context, now=NOW)
    assert (caught.value.field, caught.value.reason) == (field, reason)
    assert str(caught.value) == f"{field} {reason}"
    copy = pickle.loads(pickle.dumps(caught.value))
    assert (copy.field, copy.reason) == (field, reason)


@pytest.mark.parametrize("column", CASES["absent"])
def test_what_is_required_must_be_there(column: str) -> None:
    for profile in ({k: v for k, v in SOUND.items() if k != column}, {**SOUND, column: None}):
        with pytest.raises(BadData, match="is required, and absent"):
            PROGRAM.admit(profile, now=NOW)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"email": "secret\ud800"}, "email"),
        ({"nb_orders": 2**63}, "orders"),
        ({"paid": Decimal("NaN")}, "paid"),
        ({"paid": Decimal("1.00005")}, "paid"),
        ({"joined": datetime(2024, 1, 1)}, "joined"),
        ({"born": datetime(2024, 1, 1, tzinfo=UTC)}, "born"),
        ({"tags": ["ok", "sec\udfffret"]}, "tags"),
        ({"height": 10**400}, "height"),
    ],
    ids=lambda value: str(value)[:20].encode("ascii", "replace").decode(),
)
def test_bad_python_values(over: dict[str, Any], field: str) -> None:
    with pytest.raises(BadData) as caught:
        PROGRAM.admit({**SOUND, **over}, now=NOW)
    assert caught.value.field == field
    assert "secret" not in str(caught.value)
    assert "sec" not in repr(caught.value).replace("secon", "")


@pytest.mark.parametrize("profile", [None, [], "id", 5])
def test_a_profile_is_a_mapping(profile: Any) -> None:
    with pytest.raises(BadData, match="profile is not a mapping"):
        PROGRAM.admit(profile, now=NOW)


@pytest.mark.parametrize("events", [None, "open", {"type": "open"}, 5])
def test_events_are_a_list(events: Any) -> None:
    with pytest.raises(BadData, match="events"):
        PROGRAM.admit(SOUND, events, now=NOW)


@pytest.mark.parametrize("now", [datetime(2026, 11, 22), "2026-11-22T09:00", "today", None, True])
def test_now_is_a_moment(now: Any) -> None:
    with pytest.raises(ValueError, match="now is"):
        PROGRAM.admit(SOUND, now=now)


def test_an_error_of_bad_data_is_one_of_ours() -> None:
    from mailweave.diagnostics import MailweaveError

    assert issubclass(BadData, MailweaveError)


def test_the_same_data_in_other_clothes_is_the_same_recipient() -> None:
    plain = {
        **SOUND,
        "paid": "12.50",
        "born": "1990-11-25",
        "joined": "2024-01-10T10:00:00+01:00",
        "tags": ["é", "b", "b"],
        "cart": [{"sku": "CD-1", "price": "3"}],
    }
    python = {
        **SOUND,
        "paid": Decimal("12.5"),
        "born": date(1990, 11, 25),
        "joined": datetime(2024, 1, 10, 10, tzinfo=timezone(timedelta(hours=1))),
        "tags": {"b", "e\u0301"},
        "cart": ({"sku": "CD-1", "price": 3, "qty": 1, "more": object()},),
        "unknown": object(),
    }
    assert PROGRAM.admit(plain, now=NOW).attributes == PROGRAM.admit(python, now=NOW).attributes


def test_what_a_template_sees() -> None:
    profile = {
        **SOUND,
        "paid": "12.5",
        "joined": "2024-01-10T10:00:00+01:00",
        "born": "1990-11-25",
        "cart": [{"sku": "CD-1", "price": "3"}],
        "scores": {"churn": {"value": 0.9, "at": NOW - timedelta(days=8)}},
        "lists": {"cf": ["CD-2", "CD-9", {"sku": "CD-7", "price": "1"}, "CD-1"]},
    }
    context = {"catalogs": {"cds": [{"sku": f"CD-{n}", "price": n, "stock": 9} for n in range(1, 4)]}}
    admitted = PROGRAM.admit(profile, context=context, now=NOW)
    assert PROGRAM.liquid_view(admitted) == {
        "id": "1",
        "email": "a@b.example",
        "orders": 3,
        "paid": Decimal("12.50"),
        "born": "1990-11-25",
        "joined": "2024-01-10T09:00:00Z",
        "tags": [],
        "cart": [{"sku": "CD-1", "price": Decimal("3.00"), "qty": 1}],
    }
    assert PROGRAM.scores_view(admitted) == {"churn": 0.5}
    wanted = [{"sku": "CD-2", "price": Decimal("2.00")}, {"sku": "CD-7", "price": Decimal("1.00")}]
    assert PROGRAM.lists_view(admitted) == {"for_you": wanted}


def test_lists_fall_back_to_the_other_recommender() -> None:
    item = {"sku": "CD-1", "price": "1"}
    for lists, count in (
        ({}, 0),
        ({"bestsellers": [item]}, 1),
        ({"cf": [], "bestsellers": [item]}, 1),
        ({"cf": None, "for_you": [item, item, item]}, 2),
    ):
        admitted = PROGRAM.admit({**SOUND, "lists": lists}, now=NOW)
        assert len(PROGRAM.lists_view(admitted)["for_you"]) == count


def test_what_a_key_names_is_read_once_for_all() -> None:
    ready = PROGRAM.context({"catalogs": {"cds": [{"sku": "CD-1", "price": 1, "stock": 9}]}})

    def picks(*keys: Any) -> list[Any]:
        admitted = PROGRAM.admit({**SOUND, "lists": {"cf": list(keys)}}, context=ready, now=NOW)
        return PROGRAM.lists_view(admitted)["for_you"]

    (first,) = picks("CD-1")
    assert picks("CD-1", "CD-9")[0] is first
    assert picks("CD-1", {"sku": "CD-7", "price": "1", "stock": 1})[0] is first
    assert picks("CD-9") == []


def test_keys_that_are_equal_and_not_the_same() -> None:
    text = 'ruleset "a" version 1\nprofile { id: key }\ncatalog goods { id: text, n: int }\nlist l of goods by "x" max 3'
    program = compile_rules(text + ' else "y"')
    goods = [{"id": "1", "n": 1}, {"id": "true", "n": 2}]
    ready = program.context({"catalogs": {"goods": goods}})

    def numbers(*keys: Any) -> list[Any]:
        admitted = program.admit({"id": "a", "lists": {"l": list(keys)}}, context=ready, now=NOW)
        return [item["n"] for item in program.lists_view(admitted)["l"]]

    for keys, wanted in (((1, "1"), [1, 1]), ((True, 1), [2, 1]), ((1, True), [1, 2]), ((1,) * 5, [1, 1, 1])):
        assert numbers(*keys) == wanted
    with pytest.raises(BadData, match="neither an item nor a key"):
        numbers(1.0)


def test_a_snapshot_can_be_made_ready_once() -> None:
    context = PROGRAM.context({"lookups": {"stock": {"CD-1": 4}}})
    profile = {**SOUND, "scores": {"churn": {"value": 0.9, "at": NOW}}}
    assert PROGRAM.evaluate(profile, context=context, now=NOW).segments == {"in_stock"}


def test_a_needed_consent_hides_from_templates_too() -> None:
    program = compile_rules(
        'ruleset "n" version 1\nprofile {\n likes: set of text needs consent.x\n}\nconsent x\n'
        'segment s = likes contains "a"\n'
    )
    for consent, seen in (({}, {}), ({"x": True}, {"likes": ["a"]})):
        admitted = program.admit({"likes": ["a"], "consent": consent}, now=NOW)
        assert program.liquid_view(admitted) == seen


def test_a_partial_program_reads_what_is_absent_as_missing() -> None:
    document = check(parse(Source("bad.rules", CASES["text"] + US)).document).document
    assert document is not None
    program = compile_checked(document, partial=True)
    assert program.evaluate({}, now=NOW).segments == frozenset()
    assert program.evaluate({"nb_orders": 3}, now=NOW).segments == {"us"}


def test_admitted_by_another_program() -> None:
    other = compile_rules(CASES["text"], name="other.rules")
    with pytest.raises(ValueError, match="another program"):
        PROGRAM.evaluate(other.admit(SOUND, now=NOW), now=NOW)


def test_extra_conditions_and_values() -> None:
    text = (
        'ruleset "x" version 1\nprofile {\n a: int\n paid: money(USD)?\n}\n'
        "segment one = a >= 1\nsegment two = a >= 2\nlet twice = a * 2\n"
        "segment carrier = twice > 0 and paid * 2 > 0 USD\n"
    )
    document = check(parse(Source("x.rules", text)).document).document
    assert document is not None
    carrier = document.segments["carrier"].condition
    double, amount = carrier.terms[0].left, carrier.terms[1].left  # type: ignore[union-attr]  # as written
    program = compile_checked(
        document,
        conditions={"needs two": document.segments["two"].condition},
        values={"double": double, "amount": amount},
    )
    admitted = program.admit({"a": 2, "paid": "1.5"}, now=NOW)
    assert program.evaluation(admitted).conditions == {"needs two"}
    assert (program.value(admitted, "double"), program.value(admitted, "amount")) == (4, 30_000)
    poor = program.admit({"a": 1}, now=NOW)
    assert program.evaluation(poor).conditions == frozenset()
    assert program.value(poor, "amount") is None


def test_threads_share_a_program_and_a_recipient() -> None:
    events = [{"type": "open", "at": NOW - timedelta(days=n)} for n in range(20)]
    admitted = PROGRAM.admit(SOUND, events, now=NOW)
    masks: list[int] = []
    threads = [Thread(target=lambda: masks.append(PROGRAM.mask(admitted))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(masks) == 16
    assert len(set(masks)) == 1

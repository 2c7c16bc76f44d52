"""Rules, a recipient, the result: the cases of fixtures/rules, compiled and interpreted."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mailweave.rules import CheckedDocument, Program, check, compile_checked, compile_rules, parse
from mailweave.rules.reference_evaluator import interpret
from mailweave.source import Source

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "rules"
NOW = "2026-11-22T09:00:00Z"


@cache
def compiled(text: str) -> tuple[CheckedDocument, Program]:
    result = check(parse(Source("cases.rules", text)).document)
    assert result.document is not None, [(str(d.location), d.message) for d in result.diagnostics]
    return result.document, compile_checked(result.document)


def event(written: list[Any]) -> dict[str, Any]:
    kind, at, properties = written
    return {"type": kind, "at": at, **properties}


def cases() -> Iterator[Any]:
    for path in sorted(FIXTURES.glob("*.cases.toml")):
        for number, rules in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["rules"]):
            for at, case in enumerate(rules["cases"]):
                yield pytest.param(rules, case, id=f"{path.name.split('.')[0]}-{number}-{at}")


@pytest.mark.parametrize(("rules", "case"), list(cases()))
def test_cases(rules: dict[str, Any], case: list[Any]) -> None:
    document, program = compiled(rules["text"])
    profile, now, events, tiers = {"id": "1"}, rules.get("now", NOW), [], None
    if rules.get("profiles"):
        profile, now, events, segments = case
    elif "now" in rules:
        events, segments = case
    else:
        profile, segments, *more = case
        tiers = more[0] if more else None
    history = [event(each) for each in events]
    declared = [each for each in history if each["type"] in document.schema.events]
    found = program.evaluate(profile, events=history, now=now)
    wanted = interpret(document, profile, declared, now=datetime.fromisoformat(now))
    assert sorted(found.segments) == sorted(segments)
    assert found.segments == wanted.segments
    assert found.tiers == wanted.tiers
    if tiers is not None:
        assert {name: member for name, member in found.tiers.items() if member is not None} == tiers


# ---- the whole example

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def winback() -> Program:
    path = FIXTURES / "winback.rules"
    return compile_rules(path.read_text(encoding="utf-8"), name="winback.rules")


def customer(**changes: Any) -> dict[str, Any]:
    """A sound profile of the example, under the names of its data."""
    return {
        "id": "c-1",
        "email": "ann@example.com",
        "country": "US",
        "plan": "club",
        "lifetime_value": Decimal("900"),
        "nb_orders": 7,
        "signup_at": datetime(2024, 1, 10, 9, tzinfo=UTC),
        "consent": {"marketing": True},
        **changes,
    }


def ago(kind: str, days: float, **properties: Any) -> dict[str, Any]:
    return {"type": kind, "at": AT - timedelta(days=days), **properties}


def test_a_lapsed_big_spender(winback: Program) -> None:
    profile = customer(scores={"churn": {"value": 0.8, "at": AT}})
    events = [ago("purchase", 130, total="120", category="jazz"), ago("open", 1)]
    found = winback.evaluate(profile, events=events, now=AT)
    assert found.segments == {"customers", "churn_risk", "big_spenders"}
    assert found.tiers == {"engagement": "fading", "spend": "high"}
    assert found.skip is None


def test_a_stale_score_counts_as_its_else(winback: Program) -> None:
    events = [ago("purchase", 90, total="30")]
    for age, inside in ((timedelta(days=7), True), (timedelta(days=7, microseconds=1), False)):
        profile = customer(scores={"churn": {"value": 0.9, "at": AT - age}})
        assert ("churn_risk" in winback.evaluate(profile, events=events, now=AT).segments) is inside
    undated = customer(scores={"churn": 0.9})
    assert "churn_risk" not in winback.evaluate(undated, events=events, now=AT).segments


def test_the_first_skip_holds(winback: Program) -> None:
    found = winback.evaluate(customer(consent={}), events=[ago("complaint", 3)], now=AT)
    assert found.skip is not None
    assert (found.skip.code, found.skip.reason) == ("no_consent", "has not agreed to marketing")
    found = winback.evaluate(customer(), events=[ago("complaint", 3)], now=AT)
    assert found.skip is not None
    assert found.skip.code == "complained"
    assert "customers" in found.segments, "segments are still explained"


def test_a_score_that_is_unknown_without_its_value(winback: Program) -> None:
    assert "champions" not in winback.evaluate(customer(), now=AT).segments
    known = customer(scores={"rfm": {"value": 555, "at": AT}})
    assert "champions" in winback.evaluate(known, now=AT).segments


def test_a_cart_waits(winback: Program) -> None:
    cart = [{"sku": "CD-1", "price": "30.0001"}, {"sku": "CD-2", "price": "5", "qty": 0}]
    assert "cart_waiting" in winback.evaluate(customer(cart=cart), now=AT).segments
    recent = [ago("purchase", 2, total="1")]
    assert "cart_waiting" not in winback.evaluate(customer(cart=cart), events=recent, now=AT).segments


def test_birthdays_and_python_types(winback: Program) -> None:
    profile = customer(birthday=date(1990, 11, 28), tz="Europe/Paris", interests={"jazz"})
    assert "birthday_soon" in winback.evaluate(profile, now=AT).segments
    assert "jazz_fans" not in winback.evaluate(profile, now=AT).segments, "needs consent.profiling"
    agreed = {**profile, "consent": {"marketing": True, "profiling": True}}
    assert "jazz_fans" in winback.evaluate(agreed, now=AT).segments


def test_newcomers_have_never_bought(winback: Program) -> None:
    profile = customer(signup_at=(AT - timedelta(days=13)).isoformat())
    assert "newcomers" in winback.evaluate(profile, now=AT).segments
    assert "newcomers" not in winback.evaluate(profile, events=[ago("purchase", 900)], now=AT).segments


def test_lookups_are_keyed_and_grow_old() -> None:
    text = (
        'ruleset "l" version 1\nprofile {\n sku: text?\n n: int\n}\n'
        "lookup stock(text) : int ttl 15 minutes else 0\nlookup fee(int) : money(USD) ttl 1 day else 1 USD\n"
        'segment some = stock("CD-1") > 0\nsegment own = stock(sku) > 2\nsegment dear = fee(n) > 2 USD\n'
    )
    document, program = compiled(text)
    recent, old = (AT - timedelta(minutes=minutes) for minutes in (15, 16))
    stock = {"CD-1": {"value": 3, "at": old}, "CD-2": {"value": 3, "at": recent}, "CD-3": 3}
    context = {"lookups": {"stock": stock, "fee": {"7": "2.50", "8": "2"}}}
    for sku, n, wanted in (
        ("CD-1", 7, {"dear"}),
        ("CD-2", 8, {"own"}),
        ("CD-3", 9, {"own"}),
        (None, 7, {"dear"}),
        ("CD-9", 9, set()),
    ):
        profile = {"sku": sku, "n": n}
        assert program.evaluate(profile, context=context, now=AT).segments == wanted
        assert interpret(document, profile, context=context, now=AT).segments == wanted
    later = program.evaluate({"sku": "CD-2", "n": 1}, context=context, now=AT + timedelta(seconds=1))
    assert "own" not in later.segments

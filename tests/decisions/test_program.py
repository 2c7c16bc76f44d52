"""The interface of a decision program: what it says of itself, and what it refuses."""

from __future__ import annotations

import copy
import pickle
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailweave.decisions import (
    DecisionProgram,
    Reason,
    Selection,
    Skip,
    check_rules,
    compile_decisions,
    compile_decisions_checked,
)
from mailweave.diagnostics import RuleError
from mailweave.source import Source

WINBACK = Path(__file__).resolve().parents[2] / "fixtures/rules/winback.rules"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def program() -> DecisionProgram:
    return compile_decisions(Source("winback.rules", WINBACK.read_text(encoding="utf-8")))


def person(**more: Any) -> dict[str, Any]:
    about = {"id": "7", "email": "a@example.com", "country": "US", "plan": "gold", "nb_orders": 3}
    more_about = {"lifetime_value": "700", "signup_at": "2024-01-01T00:00Z", "consent": {"marketing": True}}
    return {**about, **more_about, **more}


BOUGHT = [{"type": "purchase", "at": "2026-11-01T09:00Z", "total": "120", "category": "jazz"}]
STOCK = {"lookups": {"stock": {"CD-0042": 3}}}


def test_a_program_knows_its_text(program: DecisionProgram) -> None:
    assert (program.name, program.version) == ("cd-winback", 3)
    assert [(s.name, s.is_text, s.max, s.fallback) for s in program.slots] == [
        ("subject", True, 1, "subject_plain"),
        ("hero", False, 1, "hero_default"),
        ("offers", False, 3, "offer_generic"),
    ]
    assert program.blocks["offer_jazz"].consents == ("profiling",)
    assert program.blocks["offer_for_you"].shows == ("for_you",)
    assert program.blocks["hero_winback"].cap is not None
    assert check_rules(program.source) == program.diagnostics == ()
    assert compile_decisions_checked(program.document).slots == program.slots


def test_the_liquid_of_a_text_block_knows_its_place(program: DecisionProgram) -> None:
    says = program.blocks["subject_back"].says
    assert says is not None
    assert says.text.startswith("{{ profile.first_name")
    line = program.source.text[: program.source.text.index(says.text)].count("\n") + 1
    assert str(says.source.locate(0)).startswith(f"winback.rules:{line}:")


def test_liquid_with_escapes_is_unescaped_and_names_its_place() -> None:
    text = 'ruleset "r" version 1\nslot s text max 1 fallback a\nblock a for s says "say \\"hi\\""\n'
    says = compile_decisions(text).blocks["a"].says
    assert says is not None
    assert says.text == 'say "hi"'
    assert "<rules>:3" in str(says.source.locate(0))


def test_an_answer_is_a_mapping(program: DecisionProgram) -> None:
    answer = program.select(person(), events=BOUGHT, now=NOW, context=STOCK, arms={})
    assert isinstance(answer, Selection)
    assert answer == {"subject": ("subject_back",), "hero": ("hero_vip",), "offers": ("offer_generic",)}
    assert answer.reasons["hero"] == Reason("matrix", ("big_spenders",))
    assert [str(reason) for reason in answer.reasons.values()] == [
        "matrix: asleep", "matrix: big_spenders", "otherwise",
    ]  # fmt: skip
    assert "big_spenders" in answer.evaluation.segments


def test_experiments_expose_hold_out_and_leave_outside(program: DecisionProgram) -> None:
    answers = [program.select(person(id=str(n)), events=BOUGHT, now=NOW, context=STOCK) for n in range(400)]
    kinds = {(a["hero"], a.arms.get("short_hero"), a.unexposed.get("short_hero")) for a in answers}  # type: ignore[union-attr, index]
    assert kinds == {
        (("hero_vip",), "control", None),
        (("hero_vip_short",), "short", None),
        (("hero_vip",), None, "held_out"),
    }
    outside = program.select(person(country="GB"), events=BOUGHT, now=NOW, context=STOCK)
    assert isinstance(outside, Selection)
    assert (outside["hero"], outside.arms, outside.unexposed) == (
        ("hero_vip",),
        {},
        {"short_hero": "outside"},
    )


def test_an_arm_may_be_named(program: DecisionProgram) -> None:
    for arm, hero in (("control", "hero_vip"), ("short", "hero_vip_short")):
        answer = program.select(person(), events=BOUGHT, now=NOW, context=STOCK, arms={"short_hero": arm})
        assert isinstance(answer, Selection)
        assert (answer["hero"], answer.arms) == ((hero,), {"short_hero": arm})
    with pytest.raises(ValueError, match="no arm 'long'"):
        program.select(person(), now=NOW, arms={"short_hero": "long"})


def test_skips_and_bad_data(program: DecisionProgram) -> None:
    assert program.select(person(consent={}), now=NOW) == Skip("no_consent", "has not agreed to marketing")
    bad = program.select(person(lifetime_value="a secret"), now=NOW)
    assert isinstance(bad, Skip)
    assert bad.code == "bad_data"
    assert "lifetime_value" in bad.reason
    assert "secret" not in bad.reason
    with pytest.raises(ValueError, match="zone"):
        program.select(person(), now=datetime(2026, 11, 22))


def test_a_block_expires_at_the_end_of_its_last_day(program: DecisionProgram) -> None:
    """`expires 2027-01-31` in a text whose zone is New York: the first instant of 1 February there."""
    bought = [{**BOUGHT[0], "at": "2027-01-20T09:00Z"}]
    for now, hero in (("2027-02-01T04:59:59Z", "hero_vip"), ("2027-02-01T05:00:00Z", "hero_default")):
        answer = program.select(person(), events=bought, now=now, context=STOCK, arms={})
        assert isinstance(answer, Selection)
        assert answer["hero"] == (hero,)


def test_a_selection_travels(program: DecisionProgram) -> None:
    answer = program.select(person(), events=BOUGHT, now=NOW, context=STOCK)
    assert isinstance(answer, Selection)
    for again in (pickle.loads(pickle.dumps(answer)), copy.deepcopy(answer)):
        assert again == answer
        assert (again.arms, again.unexposed, again.reasons) == (answer.arms, answer.unexposed, answer.reasons)
        assert again.evaluation == answer.evaluation


def test_threads_get_what_one_gets(program: DecisionProgram) -> None:
    people = [person(id=str(n), nb_orders=n % 3, lifetime_value=str(n * 9 % 900)) for n in range(200)]
    expected = [program.select(p, events=BOUGHT, now=NOW, context=STOCK) for p in people]
    fresh, results = compile_decisions(program.source), {}

    def decide(name: int) -> None:
        results[name] = [fresh.select(p, events=BOUGHT, now=NOW, context=STOCK) for p in people]

    threads = [threading.Thread(target=decide, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(results[n] == expected for n in range(8))


def test_rules_without_slots_decide_nothing() -> None:
    program = compile_decisions('ruleset "r" version 1\nprofile { orders: int }\nsegment a = orders > 1\n')
    found = program.select({"orders": 2}, now=NOW)
    assert isinstance(found, Selection)
    assert dict(found) == {}


def test_every_mistake_is_reported_at_once() -> None:
    text = 'ruleset "r" version 1\nsegment a = nope > 1\nsegment b = neither\n'
    with pytest.raises(RuleError) as caught:
        compile_decisions(text, name="two.rules")
    assert [str(d.location)[:11] for d in caught.value.diagnostics] == ["two.rules:2", "two.rules:3"]

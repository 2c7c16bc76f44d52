"""Arms that show another list: a test of where recommendations come from. All arms reach the same people."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import pytest

from mailweave.decisions import DecisionProgram, Selection, compile_decisions
from mailweave.decisions.explanation.text import as_text
from mailweave.prove.bucketing import selected
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.default_values import NOW as MOMENT
from mailweave.rules.prover.prover import Found, Prover

NOW = "2026-11-22T09:00Z"
ITEMS = {"discs": [{"sku": "a"}, {"sku": "b"}]}
RULES = """
ruleset "x" version 1
profile { id : key
  n : int }
catalog discs {{ sku: text }}
list for_you of discs by "recs" max 4 else "best"
list popular of discs by "popular" max 4 {otherwise}
segment many = n > 5
slot subject text max 1 fallback hello
slot offers max 1 fallback plain
block hello for subject says "Hi"
block plain for offers
block own for offers
  shows for_you
block pop for offers
  shows popular
matrix m policy first {{
  tie order
            | offers |
  many      | own    |
  otherwise | plain  |
}}
experiment recs on own {{
  unit id salt "r1"
  holdout 10%
  split control 50%, popular 50% -> pop
}}
"""
RULES = RULES.replace("profile { id", "profile {{ id").replace("int }", "int }}")


@pytest.fixture(scope="module")
def program() -> DecisionProgram:
    return compile_decisions(RULES.format(otherwise='else "best"'))


def chosen(program: DecisionProgram, number: int, **lists: list[str]) -> Selection:
    who: dict[str, Any] = {"id": str(number), "n": 9, "lists": lists}
    found = program.select(who, now=NOW, context={"catalogs": ITEMS})
    assert isinstance(found, Selection)
    return found


def test_who_has_both_lists_is_split(program: DecisionProgram) -> None:
    found = [chosen(program, at, recs=["a"], popular=["b"]) for at in range(2_000)]
    shown = Counter((one["offers"], one.arms.get("recs"), one.unexposed.get("recs")) for one in found)
    assert set(shown) == {
        (("own",), "control", None),
        (("pop",), "popular", None),
        (("own",), None, "held_out"),
    }
    assert 820 < shown[("pop",), "popular", None] < 980


def test_for_whom_the_list_of_an_arm_is_empty_is_outside_in_all_arms(program: DecisionProgram) -> None:
    found = [chosen(program, at, recs=["a"]) for at in range(200)]
    assert {(one["offers"], *one.arms, one.unexposed.get("recs")) for one in found} == {(("own",), "outside")}
    assert {chosen(program, at, popular=["a"])["offers"] for at in range(50)} == {("plain",)}


def test_an_arm_that_is_named_is_no_way_around(program: DecisionProgram) -> None:
    for lists, shown in (({"recs": ["a"]}, "own"), ({"recs": ["a"], "popular": ["b"]}, "pop")):
        who = {"id": "1", "n": 9, "lists": lists}
        found = program.select(who, now=NOW, context={"catalogs": ITEMS}, arms={"recs": "popular"})
        assert isinstance(found, Selection)
        assert found["offers"] == (shown,)


def test_it_is_said_why(program: DecisionProgram) -> None:
    who = {"id": "1", "n": 9, "lists": {"recs": ["a"]}}
    told = as_text(program.explain(who, now=NOW, context={"catalogs": ITEMS}))
    assert "experiment recs on own: without its unit, or without a list of an arm, not counted" in told


@pytest.mark.parametrize("otherwise", ['else "best"', "else catalog discs"])
def test_the_prover_finds_somebody_whom_an_arm_reaches(otherwise: str) -> None:
    program = compile_decisions(RULES.format(otherwise=otherwise))
    prover = Prover(program.document, MOMENT)
    answer = prover.ask(Columns(program.document).shown("pop"))
    assert isinstance(answer, Found)
    found = selected(program, answer.recipient)
    assert isinstance(found, Selection)
    assert found.arms.get("recs") or found.unexposed.get("recs") == "held_out"


def test_a_list_that_both_show_asks_for_nothing_more() -> None:
    text = RULES.format(otherwise='else "best"').replace("  shows popular\n", "  shows for_you\n")
    program = compile_decisions(text)
    assert program.plan.experiments["own"].lists == ()
    found = {chosen(program, at, recs=["a"])["offers"] for at in range(100)}
    assert found == {("own",), ("pop",)}


def test_the_quick_way_and_the_long_one_agree(program: DecisionProgram) -> None:
    """Without `shows` in an arm the answer is worked out beforehand; it is the one of who has all lists."""
    plain = compile_decisions(RULES.format(otherwise='else "best"').replace("  shows popular\n", ""))
    for at, has in product(range(300), (["a"],)):
        one, other = chosen(program, at, recs=has, popular=has), chosen(plain, at, recs=has)
        assert (one.blocks, one.arms, one.unexposed) == (other.blocks, other.arms, other.unexposed)

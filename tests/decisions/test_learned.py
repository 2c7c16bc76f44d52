"""Columns of the policy `learned`: who is drawn, with which chance, told in which words."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Mapping
from math import sqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.decisions import DecisionProgram, Draw, Selection, compile_decisions
from mailweave.decisions.drawing import Table
from mailweave.values.hashing import fnv1a32

NOW = "2026-11-22T09:00Z"
BLOCKS = ("plain", "agreed", "capped", "listed", "ended")
RULES = """
ruleset "shop" version 3
profile {
  id : key
  a  : bool
  b  : bool
  c  : bool
  n  : int
}
event sent { block: text } keep 30 days
consent marketing
catalog discs { sku: text }
list tips of discs by "tips" max 3 else "best"
segment a1 = a
segment b1 = b
segment c1 = c
segment many = n > 5
tier heat {
  hot  = n > 9
  warm = n > 2
}
slot hero max 1 fallback home
block home   for hero
block plain  for hero
block agreed for hero
  requires consent.marketing
block capped for hero
  cap 1 per 7 days
block listed for hero
  shows tips
block ended  for hero
  expires 2026-11-22T09:00Z
matrix m policy learned {{
  tie order
            | hero |
{rows}
  otherwise | home |
}}
{override}
"""
ROWS = ("a1", "b1", "c1", "many")


def program(rows: list[tuple[str, str]], table: Table | None = None) -> DecisionProgram:
    lines = "\n".join(f"  {row} | {block} |" for row, block in rows)
    both = {"many", "c1"} <= {row for row, _ in rows}
    text = (
        RULES.replace("{rows}", lines)
        .replace("{override}", "override many over c1" if both else "")
        .replace("{{", "{")
        .replace("}}", "}")
    )
    compiled = compile_decisions(text)
    return compiled if table is None else compiled.learned({"hero": table})


FULL = [
    ("a1", "plain"),
    ("a1", "agreed"),
    ("b1", "capped"),
    ("c1", "listed"),
    ("many", "ended"),
    ("b1", "plain"),
]


def asked(program: DecisionProgram, who: Mapping[str, Any], sent: bool = False) -> Selection:
    events = [{"type": "sent", "block": "capped", "at": "2026-11-21T09:00Z"}] if sent else []
    context = {"catalogs": {"discs": [{"sku": "x"}]}}
    found = program.select(who, events=events, now=NOW, context=context)
    assert isinstance(found, Selection)
    return found


def naive(
    rows: list[tuple[str, str]], who: Mapping[str, Any], sent: bool, table: Table | None
) -> tuple[str, Draw | None]:
    """What the documentation says, step by step."""
    holds = {"a1": who["a"], "b1": who["b"], "c1": who["c"], "many": who["n"] > 5}
    may = {
        "plain": True,
        "agreed": who["consent"]["marketing"],
        "capped": not sent,
        "listed": bool(who["lists"]["tips"]),
        "ended": False,
    }
    left = [(row, block) for row, block in rows if holds[row] and may[block]]
    if any(row == "many" for row, _ in left):
        left = [(row, block) for row, block in left if row != "c1"]
    if not left:
        return "home", None
    every = list(dict.fromkeys(block for _, block in rows))
    bucket = (
        "all"
        if table is None or table.by is None
        else "hot"
        if who["n"] > 9
        else "warm"
        if who["n"] > 2
        else "-"
    )
    given = {} if table is None else table.buckets.get(bucket, {})
    named = {block: given[block] for block in every if block in given}
    weights = {
        block: named[block] / sum(named.values()) * len(named) / len(every)
        if block in named
        else 1 / len(every)
        for block in every
    }
    blocks = list(dict.fromkeys(block for _, block in left))
    total = sum(weights[block] for block in blocks)
    chances = {block: weights[block] / total for block in blocks}
    salt = f"shop hero {'' if table is None else table.salt}"
    place = fnv1a32(str(fnv1a32(salt + who["id"]))) / 2**32
    shown = blocks[-1]
    for block in reversed(blocks):
        before = sum(chances[one] for one in blocks[: blocks.index(block) + 1])
        shown = block if place < before else shown
    return shown, Draw(bucket, chances)


def people() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "id": st.text(min_size=1, max_size=9).filter(
                lambda text: text.isprintable() and bool(text.strip())
            ),
            "a": st.booleans(),
            "b": st.booleans(),
            "c": st.booleans(),
            "n": st.integers(0, 12),
            "consent": st.fixed_dictionaries({"marketing": st.booleans()}),
            "lists": st.fixed_dictionaries({"tips": st.sampled_from([[], ["x"]])}),
        }
    )


def tables() -> st.SearchStrategy[Table | None]:
    chances = st.dictionaries(st.sampled_from(BLOCKS), st.floats(0.01, 1), min_size=1)
    one = st.builds(lambda found: Table(None, "1", {"all": found}), chances)
    by = st.dictionaries(st.sampled_from(("hot", "warm", "-")), chances)
    return st.none() | one | st.builds(lambda found: Table("heat", "2", found), by)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from(ROWS), st.sampled_from(BLOCKS)), min_size=1, max_size=6),
    tables(),
    st.lists(st.tuples(people(), st.booleans()), min_size=1, max_size=5),
)
def test_decisions_are_those_of_a_naive_draw(
    rows: list[tuple[str, str]], table: Table | None, everybody: list[tuple[dict[str, Any], bool]]
) -> None:
    compiled = program(rows, table)
    for who, sent in everybody:
        found = asked(compiled, who, sent)
        shown, draw = naive(rows, who, sent, table)
        assert found["hero"] == (shown,)
        assert (draw is None) == ("hero" not in found.draws)
        if draw is not None:
            assert found.draws["hero"].bucket == draw.bucket
            assert dict(found.draws["hero"].chances) == pytest.approx(dict(draw.chances))
        told = explained(compiled, who, sent)
        assert told.chosen == (shown,)
        won = [one for one in told.contenders if one.status == "won"]
        assert [one.block for one in won] == [shown]
        losers = {cause.why for one in told.contenders for cause in one.causes}
        assert ("not_drawn" in losers) == (draw is not None and len(draw.chances) > 1)


def explained(compiled: DecisionProgram, who: Mapping[str, Any], sent: bool = False) -> Any:
    events = [{"type": "sent", "block": "capped", "at": "2026-11-21T09:00Z"}] if sent else []
    context = {"catalogs": {"discs": [{"sku": "x"}]}}
    return compiled.explain(who, events=events, now=NOW, context=context).slots[0]


def person(at: int, **more: Any) -> dict[str, Any]:
    known = {"a": True, "b": True, "c": at % 3 == 0, "n": at % 8}
    told = {"consent": {"marketing": at % 2 == 0}, "lists": {"tips": ["x"] if at % 5 else []}}
    return {"id": str(at), **known, **told, **more}


SKEWED = Table(
    "heat", "1", {"warm": {"plain": 0.9, "agreed": 0.04, "capped": 0.05, "listed": 0.005, "ended": 0.005}}
)


def test_a_hundred_thousand_draws_never_show_what_is_not_eligible() -> None:
    compiled = program(FULL, SKEWED)
    shown: Counter[str] = Counter()
    for at in range(100_000):
        who, sent = person(at), at % 7 == 0
        (block,) = asked(compiled, who, sent)["hero"]
        shown[block] += 1
        assert block != "ended"
        assert block != "agreed" or who["consent"]["marketing"]
        assert block != "capped" or not sent
        assert block != "listed" or (who["lists"]["tips"] and who["c"] and not who["n"] > 5) or who["n"] > 5
    assert set(shown) == {"plain", "agreed", "capped", "listed"}


@pytest.mark.parametrize("table", [None, SKEWED])
def test_each_block_is_shown_as_often_as_its_chance_says(table: Table | None) -> None:
    compiled = program(FULL, table)
    shown: Counter[str] = Counter()
    expected: Counter[str] = Counter()
    for at in range(40_000):
        found = asked(compiled, person(at, n=4))
        shown.update(found["hero"])
        for block, chance in found.draws["hero"].chances.items():
            expected[block] += chance  # type: ignore[assignment]  # a sum of chances
    for block, number in expected.items():
        assert abs(shown[block] - number) < 4 * sqrt(number), block


def test_chances_are_the_numbers_of_the_table_renormalised() -> None:
    compiled = program(FULL, SKEWED)
    draw = asked(compiled, person(1, n=4, c=False)).draws["hero"]
    assert dict(draw.chances) == pytest.approx({"plain": 0.9 / 0.95, "capped": 0.05 / 0.95})
    assert draw.bucket == "warm"
    assert sum(draw.chances.values()) == pytest.approx(1, abs=1e-12)


def test_another_salt_draws_anew_and_the_same_draws_the_same() -> None:
    first, second = program(FULL, SKEWED), program(FULL, Table("heat", "2", SKEWED.buckets))
    everybody = [person(at, n=4) for at in range(2_000)]
    one, again, other = ([asked(p, who)["hero"] for who in everybody] for p in (first, first, second))
    assert one == again
    plain, both = (sum(a == ("plain",) for a in ones) / 2_000 for ones in (one, other))
    alike = sum(a == b == ("plain",) for a, b in zip(one, other, strict=True)) / 2_000
    assert abs(alike - plain * both) < 0.03


def test_a_draw_travels_with_its_selection() -> None:
    found = asked(program(FULL), person(2))
    assert pickle.loads(pickle.dumps(found)).draws == found.draws


def test_the_explanation_says_chance_and_bucket() -> None:
    told = explained(program(FULL, SKEWED), person(1, n=4, c=False))
    assert (
        told.sentence
        == "hero: plain, because a1 was drawn with a chance of 0.9474 in warm, and b1 0.05263 was not"
    )
    cause = next(cause for one in told.contenders for cause in one.causes if cause.why == "not_drawn")
    assert cause.facts["bucket"] == "warm"
    assert cause.facts["chance"] == pytest.approx(0.05 / 0.95)


def test_who_has_no_key_gets_the_first_that_is_eligible() -> None:
    partial = DecisionProgram.of(program(FULL).document, partial=True)
    found = partial.select({"a": True, "b": True}, now=NOW)
    assert isinstance(found, Selection)
    assert found["hero"] == ("plain",)

"""One sentence a slot, by the cases of fixtures/decisions/sentences.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.decisions import DecisionProgram, Explanation, compile_decisions

CASES = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "fixtures/decisions/sentences.toml").read_text(encoding="utf-8")
)
NOW = "2026-11-22T09:00:00Z"


@pytest.fixture(scope="module")
def program() -> DecisionProgram:
    return compile_decisions(CASES["rules"])


def told(program: DecisionProgram, case: dict[str, Any]) -> Explanation:
    profile = {"id": "1", "consent": {"marketing": case.get("consent", True)}, **case["profile"]}
    events = [{"type": "sent", "block": b, "at": "2026-11-20T09:00:00Z"} for b in case.get("events", ())]
    arms = {"short": case["arm"]} if "arm" in case else None
    return program.explain(profile, events=events, now=NOW, arms=arms)


def test_what_keeps_out_of_a_segment_is_said_once(program: DecisionProgram) -> None:
    story = told(program, {"profile": {"orders": 0, "spent": 0}})
    assert story.to_text().count("orders >= 10: false") > 1
    assert story.to_text(detail="once").count("orders >= 10: false") == 1


def test_an_experiment_is_a_part(program: DecisionProgram) -> None:
    story = told(program, CASES["case"][0])
    assert story.to_text(part="short").strip().startswith("experiment short on a: arm control")
    assert story.to_text(part="skip") == "is not skipped\n"


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_a_slot_in_one_sentence(case: dict[str, Any], program: DecisionProgram) -> None:
    story = told(program, case)
    assert [slot.sentence for slot in story.slots] == case["slots"]
    assert story.to_text(detail="short") == "\n".join(case.get("text", case["slots"])) + "\n"


def test_the_block_of_the_row_otherwise_is_said_to_be_out() -> None:
    rules = """
ruleset "x" version 1
profile { id : key
  n : int }
catalog discs { sku: text }
list for_you of discs by "recs" max 4 else "best"
segment many = n > 5
slot offers max 1 fallback plain
block plain for offers
block own for offers
  shows for_you
matrix m policy first {
  tie order
            | offers |
  many      | own    |
  otherwise | own    |
}
"""
    program = compile_decisions(rules)
    for n in (1, 9):
        (slot,) = program.explain({"id": "1", "n": n}, now=NOW, context={"catalogs": {"discs": []}}).slots
        assert slot.sentence == "offers: plain, because own is out (the list for_you is empty)"

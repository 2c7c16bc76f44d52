"""Overrides where ranks and live conditions get in each other's way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from mailweave.decisions import Selection, compile_decisions

RULES = """
ruleset "overrides" version 1
profile {{ orders: int }}
event sent {{ block: text }} keep 90 days
segment high   = orders >= 1
segment middle = orders >= 2
segment low    = orders >= 3
slot hero max 1 fallback plain
block plain  for hero
block top    for hero {top}
block centre for hero
block bottom for hero {bottom}
matrix main policy {policy} {{
  tie order
            | hero      |
  high      | top {one}    |
  middle    | centre {two} |
  low       | bottom {three} |
  otherwise | plain     |
}}
override {override}
"""
RANKS = {"one": 9, "two": 5, "three": 1}
SENT = [
    {"type": "sent", "block": "top", "at": "2026-11-21T09:00Z"},
    {"type": "sent", "block": "bottom", "at": "2026-11-21T09:00Z"},
]
CAP = "cap 1 per 7 days"


def hero(override: str, sent: bool = False, policy: str = "priority", **more: str) -> str:
    ranks: Mapping[str, Any] = dict.fromkeys(RANKS, "") if policy == "first" else RANKS
    text = RULES.format(override=override, policy=policy, **{"top": "", "bottom": "", **more}, **ranks)
    answer = compile_decisions(text).select(
        {"orders": 3}, events=SENT if sent else [], now="2026-11-22T09:00Z"
    )
    assert isinstance(answer, Selection)
    return answer["hero"][0]


@pytest.mark.parametrize("policy", ["priority", "first"])
def test_what_stood_behind_the_loser_may_win(policy: str) -> None:
    """The best row is taken away by the last one; the one between them wins."""
    assert hero("low over high", policy=policy) == "centre"


@pytest.mark.parametrize("policy", ["priority", "first"])
@pytest.mark.parametrize(("sent", "expected"), [(False, "centre"), (True, "top")])
def test_a_winner_that_is_not_eligible_takes_nothing_away(policy: str, sent: bool, expected: str) -> None:
    assert hero("low over high", sent=sent, policy=policy, bottom=CAP) == expected


@pytest.mark.parametrize(("sent", "expected"), [(False, "centre"), (True, "centre")])
def test_a_loser_that_is_not_eligible_is_no_matter(sent: bool, expected: str) -> None:
    assert hero("low over high", sent=sent, top=CAP) == expected


@pytest.mark.parametrize(("sent", "expected"), [(False, "top"), (True, "bottom")])
def test_a_row_that_cannot_win_may_still_take_away(sent: bool, expected: str) -> None:
    """`low` ranks last, and takes the middle row away all the same."""
    assert hero("low over middle", sent=sent, top=CAP) == expected


def test_a_row_that_loses_still_takes_others_away() -> None:
    assert hero("middle over high\noverride low over middle") == "bottom"


@pytest.mark.parametrize("policy", ["priority", "first"])
@pytest.mark.parametrize(("sent", "expected"), [(False, "top"), (True, "centre")])
def test_a_cap_lets_the_next_one_win(policy: str, sent: bool, expected: str) -> None:
    assert hero("low over middle when orders > 100", sent=sent, policy=policy, top=CAP) == expected

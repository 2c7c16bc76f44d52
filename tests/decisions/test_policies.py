"""Hit policies on bare candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from mailweave.decisions.candidates import Ask, Candidate, best_first, first_blocks
from mailweave.decisions.plan import CellPlan
from mailweave.decisions.selection import Answer, Reason
from mailweave.rules.nodes import PolicyName
from mailweave.rules.policies import POLICIES, SortKey, TieKey
from mailweave.source import Span

TIES: tuple[TieKey, ...] = ("least recently sent", "order")


def cell(row: int, block: str, rank: int) -> Candidate:
    alone = Answer((block,), Reason("matrix", (str(row),)))
    return Candidate(CellPlan(row, str(row), 1, block, rank, True, None, alone, Span(0, 0)), rank)


def says(key: SortKey, one: Candidate) -> Any:
    return {"rank": -one.rank, "least recently sent": 0, "row": one.cell.row}[key]


def chosen(
    policy: PolicyName, found: Sequence[Candidate], most: int, ask: Ask = says
) -> Sequence[str] | None:
    """The blocks that win; None where the promise is broken."""
    winners = rows(policy, found, most, ask)
    return None if winners is None else tuple(one.cell.block for one in winners)


def rows(
    policy: PolicyName, found: Sequence[Candidate], most: int, ask: Ask = says
) -> list[Candidate] | None:
    rule = POLICIES[policy]
    if rule.is_broken([one.cell.block for one in found]):
        return None
    return first_blocks(best_first(found, rule.keys(TIES), ask), rule.limit(most))


ONE = (cell(2, "a", 5),)
TWO = (cell(1, "a", 5), cell(2, "b", 9))
SAME = (cell(1, "a", 5), cell(4, "a", 9))
EQUAL = (cell(3, "c", 5), cell(1, "a", 5), cell(2, "b", 5))


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_wins_among_nobody(policy: PolicyName) -> None:
    assert chosen(policy, (), 3) == ()


@pytest.mark.parametrize("policy", POLICIES)
def test_one_candidate_wins(policy: PolicyName) -> None:
    assert chosen(policy, ONE, 3) == ("a",)


@pytest.mark.parametrize(
    ("policy", "candidates", "expected"),
    [
        ("unique", TWO, None),
        ("unique", SAME, None),
        ("any", TWO, None),
        ("any", SAME, ("a",)),
        ("first", TWO, ("a",)),
        ("first", EQUAL, ("a",)),
        ("priority", TWO, ("b",)),
        ("priority", EQUAL, ("a",)),
        ("score", TWO, ("b",)),
        ("collect", TWO, ("b", "a")),
        ("collect", SAME, ("a",)),
        ("collect", EQUAL, ("a", "b")),
    ],
)
def test_several(
    policy: PolicyName, candidates: tuple[Candidate, ...], expected: tuple[str, ...] | None
) -> None:
    assert chosen(policy, candidates, 2) == expected


def test_ties_are_asked_before_row_order_and_only_among_equals() -> None:
    asked: list[str] = []

    def ask(key: SortKey, one: Candidate) -> Any:
        if key != "least recently sent":
            return says(key, one)
        asked.append(one.cell.block)
        return -one.cell.row

    assert chosen("priority", (*EQUAL, cell(0, "low", 1)), 1, ask) == ("c",)
    assert sorted(asked) == ["a", "b", "c"]


def test_any_takes_the_first_row_of_the_block_they_agree_on() -> None:
    assert [one.cell.row for one in rows("any", SAME, 1) or ()] == [1]


def test_collect_counts_a_block_by_its_best_cell() -> None:
    cells = (cell(0, "a", 1), cell(1, "b", 5), cell(2, "a", 9))
    assert [one.cell.row for one in rows("collect", cells, 2) or ()] == [2, 1]

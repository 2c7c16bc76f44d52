"""Hit policies on bare candidates."""

from __future__ import annotations

import pytest

from mailweave.decisions.policies import POLICIES, Candidate, Choice


def no_tie(candidate: Candidate) -> int:
    return 0


def names(choice: Choice) -> tuple[str, ...]:
    return tuple(candidate.block for candidate in choice.winners)


ONE = (Candidate(2, "a", 5),)
TWO = (Candidate(1, "a", 5), Candidate(2, "b", 9))
SAME = (Candidate(1, "a", 5), Candidate(4, "a", 9))
EQUAL = (Candidate(3, "c", 5), Candidate(1, "a", 5), Candidate(2, "b", 5))


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_wins_among_nobody(policy: str) -> None:
    assert POLICIES[policy]((), 3, no_tie) == Choice()


@pytest.mark.parametrize("policy", POLICIES)
def test_one_candidate_wins(policy: str) -> None:
    assert names(POLICIES[policy](ONE, 3, no_tie)) == ("a",)


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
def test_several(policy: str, candidates: tuple[Candidate, ...], expected: tuple[str, ...] | None) -> None:
    choice = POLICIES[policy](candidates, 2, no_tie)
    assert choice.broken == (expected is None)
    assert names(choice) == (expected or ())


def test_ties_are_asked_before_row_order_and_only_among_equals() -> None:
    asked: list[str] = []

    def tie(candidate: Candidate) -> int:
        asked.append(candidate.block)
        return -candidate.row

    assert names(POLICIES["priority"]((*EQUAL, Candidate(0, "low", 1)), 1, tie)) == ("c",)
    assert sorted(asked) == ["a", "b", "c"]


def test_any_takes_the_first_row_of_the_block_they_agree_on() -> None:
    assert POLICIES["any"](SAME, 1, no_tie).winners[0].row == 1


def test_collect_counts_a_block_by_its_best_cell() -> None:
    cells = (Candidate(0, "a", 1), Candidate(1, "b", 5), Candidate(2, "a", 9))
    assert [c.row for c in POLICIES["collect"](cells, 2, no_tie).winners] == [2, 1]

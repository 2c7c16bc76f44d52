"""Experiments on constants in a campaign's rules: what is counted, what is said, and how often a hash is worked out."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mailweave.decisions import DecisionProgram, Selection, Skip, compile_decisions
from mailweave.decisions.testing import run_tests
from mailweave.rules import compiled_inputs
from mailweave.values.hashing import bucket_after

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
RULES = FIXTURES / "insight" / "threshold" / "threshold.rules"
NOW = "2026-11-22T09:00:00Z"


@pytest.fixture(scope="module")
def program() -> DecisionProgram:
    return compile_decisions(RULES.read_text(encoding="utf-8"), name=RULES.name)


def person(number: int, **other: Any) -> dict[str, Any]:
    base = {
        "id": f"{number:05d}",
        "email": "a@example.com",
        "household": f"h{number // 2}",
        "orders": number % 9,
    }
    return {**base, "plan": "gold" if number % 3 else "free", **other}


def select(program: DecisionProgram, who: dict[str, Any], **more: Any) -> Selection:
    found = program.select(who, now=NOW, **more)
    assert isinstance(found, Selection)
    return found


def test_its_own_tests_hold(program: DecisionProgram) -> None:
    outcomes = run_tests(program)
    assert len(outcomes) == 3
    assert [one.failure for one in outcomes] == ["", "", ""]


def test_everybody_is_counted_who_takes_part_and_gets_a_mail(program: DecisionProgram) -> None:
    found = [select(program, person(number)) for number in range(3_000)]
    arms = Counter(one.arms.get("threshold") for one in found)
    assert sum(one.unexposed.get("threshold") == "outside" for one in found) == 1_000
    assert 150 < sum(one.unexposed.get("threshold") == "held_out" for one in found) < 250
    assert all(0.9 < arms[name] / wanted < 1.1 for name, wanted in (("control", 720), ("lower", 540)))
    assert all(("threshold" in one.arms) != ("threshold" in one.unexposed) for one in found)
    assert {one.arms["by_house"] for one in found} == {"control", "lower"}
    met = [one for one in found if one["hero"] in (("welcome",), ("welcome_warmly",))]
    assert all("warmth" in one.arms for one in met)  # experiments on blocks are as they were


def test_the_constant_is_the_one_of_the_arm_everywhere(program: DecisionProgram) -> None:
    limits = {"control": 6, "lower": 3, "least_of_all": 0}
    for number in range(400):
        who = person(number)
        found = select(program, who)
        limit = limits[found.arms.get("threshold", "control")]
        assert ("often" in found.evaluation.segments) == (who["orders"] > limit)
        is_both = who["orders"] > limit and who["plan"] == "gold"
        assert (found["hero"] == ("thanks",)) == (is_both and who["orders"] > limit - 2)


def test_who_has_no_unit_is_outside_and_has_what_is_declared(program: DecisionProgram) -> None:
    found = select(program, person(4, household=""))
    assert found.unexposed["by_house"] == "outside"
    assert "by_house" not in found.arms


def test_a_hash_is_worked_out_once(program: DecisionProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(state: int, value: str) -> float:
        asked.append(value)
        return bucket_after(state, value)

    monkeypatch.setattr(compiled_inputs, "bucket_after", counted)
    select(program, person(4))
    assert sorted(asked) == ["00004", "h2"]


def test_an_answer_travels(program: DecisionProgram) -> None:
    found = select(program, person(4))
    again = pickle.loads(pickle.dumps(found))
    assert (again, again.arms, again.unexposed) == (found, found.arms, found.unexposed)
    assert again.evaluation == found.evaluation


def test_a_mask_that_is_known_is_not_worked_out_again_but_for_arms_by_hand(program: DecisionProgram) -> None:
    who = person(7, orders=4, plan="gold")
    mask = select(program, who).evaluation.mask
    assert select(program, who, answers=mask) == select(program, who)
    assert select(program, who, answers=0, arms={"threshold": "lower"})["hero"] == ("thanks",)


def test_an_arm_that_does_not_exist_is_refused(program: DecisionProgram) -> None:
    with pytest.raises(ValueError, match="no arm 'more' in experiment 'threshold'"):
        program.select(person(4), now=NOW, arms={"threshold": "more"})


def test_data_that_is_refused_has_no_arm(program: DecisionProgram) -> None:
    assert isinstance(program.select(person(4, orders="many"), now=NOW), Skip)
    assert program.explain(person(4, orders="many"), now=NOW).trials == ()


def test_what_is_said_of_an_arm(program: DecisionProgram, golden: Callable[[Path, str], None]) -> None:
    told = [
        program.explain(person(number, orders=4), now=NOW, arms=arms).to_text(detail=detail)
        for number, arms in ((1, None), (3, None), (4, {"threshold": "lower"}), (4, {}))
        for detail in ("short", "all")
    ]
    golden(FIXTURES / "decisions" / "explain-threshold.txt", "\n".join(told))


def test_an_experiment_is_a_part_of_an_explanation(program: DecisionProgram) -> None:
    told = program.explain(person(3, orders=4), now=NOW).to_text(part="threshold")
    assert told.startswith("experiment threshold: outside of `only`, not counted, so many is 6")
    assert "gold: false" in told

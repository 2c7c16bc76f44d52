"""What a comparison with another commit takes from a round, and holds it to."""

from __future__ import annotations

from types import ModuleType

import pytest
from benchmarks import Spent, _against, _rounds
from benchmarks.__main__ import names


def test_a_round_may_say_what_it_spent() -> None:
    assert _rounds.seconds(lambda: lambda: Spent(12.5)) == 12.5
    assert _rounds.seconds(lambda: lambda: 12.5) < 1  # any other answer is no time


@pytest.mark.parametrize(
    ("bound", "limit"), [(None, _against.LIMIT), (0.4, 0.4), ({"a": 0.8}, 0.8), ({"b": 0.8}, _against.LIMIT)]
)
def test_a_bound_is_for_all_or_by_name(bound: object, limit: float) -> None:
    module = ModuleType("benchmarks.some")
    if bound is not None:
        module.__dict__["AGAINST"] = bound
    assert _against._limit(module, "a") == limit


def test_the_names_that_stand() -> None:
    stand = set("demo wire unlike many first save values batch".split())
    assert stand <= set(names())
    assert stand <= set(names("work"))

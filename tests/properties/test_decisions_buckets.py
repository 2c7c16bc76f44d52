"""Buckets: the same everywhere, spread evenly, unrelated between salts; a smaller holdout moves nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.values.bucket_ranges import bucket_ranges, choose_variation
from mailweave.values.hashing import bucket_after, fnv1a32

PEOPLE = [f"customer-{number:05d}" for number in range(20_000)]


def bucket(salt: str, value: str) -> float:
    return bucket_after(fnv1a32(salt), value)


def chi_squared(observed: list[int], expected: float) -> float:
    return sum((count - expected) ** 2 / expected for count in observed)


def critical(freedom: int, z: float = 4.75) -> float:
    """The chi-squared value that one in a million even draws exceeds (Wilson and Hilferty)."""
    return freedom * (1 - 2 / (9 * freedom) + z * sqrt(2 / (9 * freedom))) ** 3


@pytest.mark.parametrize("salt", ["2026-11", "a", "", "Ωmega", "0"])
def test_buckets_are_uniform(salt: str) -> None:
    counts = [0] * 50
    for person in PEOPLE:
        counts[int(bucket(salt, person) * 50)] += 1
    assert chi_squared(counts, len(PEOPLE) / 50) < critical(49)


@pytest.mark.parametrize(("one", "other"), [("2026-11", "2026-12"), ("a", "b"), ("hero", "heros")])
def test_buckets_of_two_salts_are_independent(one: str, other: str) -> None:
    table = [0] * 100
    for person in PEOPLE:
        table[int(bucket(one, person) * 10) * 10 + int(bucket(other, person) * 10)] += 1
    assert chi_squared(table, len(PEOPLE) / 100) < critical(99)


def test_buckets_are_the_same_in_other_processes() -> None:
    code = (
        "import json, sys; from mailweave.values.hashing import bucket_after, fnv1a32\n"
        "print(json.dumps([bucket_after(fnv1a32('s'), v) for v in json.load(sys.stdin)]))"
    )
    values = [*PEOPLE[:200], "é", "日本", "\U0001f600", ""]
    expected = [bucket("s", value) for value in values]
    for seed, zone in (("0", "UTC"), ("42", "Asia/Tokyo")):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LANG": "C"}
        done = subprocess.run(
            [sys.executable, "-c", code],
            input=json.dumps(values),
            capture_output=True,
            text=True,
            env=environment,
            check=True,
        )
        assert json.loads(done.stdout) == expected


@given(st.text(), st.text(), st.text())
def test_a_salt_can_be_hashed_beforehand(salt: str, one: str, two: str) -> None:
    assert fnv1a32(one + two) == fnv1a32(two, fnv1a32(one))
    assert 0 <= bucket(salt, one) < 1


@st.composite
def shares(draw: st.DrawFn) -> list[float]:
    whole = draw(st.lists(st.integers(1, 100), min_size=2, max_size=6))
    return [part / sum(whole) for part in whole]


@given(shares(), st.floats(0, 1), st.floats(0, 1), st.integers(0, 9_999).map(lambda n: n / 10_000))
def test_a_smaller_holdout_moves_nobody_between_arms(
    weights: list[float], one: float, two: float, place: float
) -> None:
    small, large = sorted((one, two))
    before = choose_variation(place, bucket_ranges(len(weights), 1 - large, weights))
    after = choose_variation(place, bucket_ranges(len(weights), 1 - small, weights))
    assert before in (-1, after)


@given(shares(), st.integers(0, 9_999).map(lambda n: n / 10_000))
def test_without_holdout_everybody_has_an_arm(weights: list[float], place: float) -> None:
    ranges = bucket_ranges(len(weights), 1.0, weights)
    assert choose_variation(place, ranges) >= 0 or place >= ranges[-1][1]
    assert ranges[-1][1] == pytest.approx(1)

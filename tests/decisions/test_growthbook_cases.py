"""GrowthBook's own cases: hash, bucket ranges, variations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mailweave.values.bucket_ranges import bucket_ranges, choose_variation, equal_weights
from mailweave.values.hashing import bucket_after, fnv1a32


@pytest.fixture
def cases(shared_data: Path) -> dict[str, Any]:
    path = shared_data / "growthbook/packages/sdk-js/test/cases.json"
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def growthbook_hash(seed: str, value: str, version: int) -> float | None:
    """All versions in terms of ours; version 1 (a thousand steps, value first) is not offered to authors."""
    if version == 1:
        return fnv1a32(value + seed) % 1_000 / 1_000
    return bucket_after(fnv1a32(seed), value) if version == 2 else None


def test_hash(cases: dict[str, Any]) -> None:
    assert len(cases["hash"]) == 15
    for seed, value, version, expected in cases["hash"]:
        assert growthbook_hash(seed, value, version) == expected, (seed, value, version)


def test_bucket_ranges(cases: dict[str, Any]) -> None:
    assert len(cases["getBucketRange"]) == 13
    for name, (arms, coverage, weights), expected in cases["getBucketRange"]:
        ranges = bucket_ranges(arms, coverage, weights)
        assert [pytest.approx(r) for r in expected] == [list(r) for r in ranges], name


def test_variations(cases: dict[str, Any]) -> None:
    assert len(cases["chooseVariation"]) == 13
    for name, place, ranges, expected in cases["chooseVariation"]:
        assert choose_variation(place, ranges) == expected, name


def test_equal_weights(cases: dict[str, Any]) -> None:
    for arms, expected in cases["getEqualWeights"]:
        assert list(equal_weights(arms)) == pytest.approx(expected)


def test_code_units_beyond_ascii_are_counted_as_javascript_counts_them() -> None:
    # "\U0001f600".charCodeAt(0), (1) are 0xD83D, 0xDE00
    assert fnv1a32("\U0001f600") == fnv1a32("\ud83d\ude00")
    assert fnv1a32("é") == ((0x811C9DC5 ^ 0xE9) * 0x01000193) & 0xFFFFFFFF

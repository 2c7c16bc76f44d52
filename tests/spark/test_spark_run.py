"""A list on Spark has the output of a batch at home: the same messages, byte for byte, and the same dead letters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from mailweave import batch
from mailweave.batch.formats import COLUMNS
from tests.spark.lists import CDNOW, SMALLEST, customers, people

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark
SAME = ("recipients", "rendered", "skipped", "dead", "input_rows", "merged_duplicates", "events_of_nobody")
SAME_TOO = ("slots", "arms", "skips", "codes", "amp", "characters", "largest")


def messages(out: Path) -> dict[str, dict[str, Any]]:
    """Messages by key; each is there once."""
    found: list[dict[str, Any]] = []
    for file in sorted((out / "shards").glob("*.parquet")):
        table = pq.read_table(file)
        assert tuple(table.schema.names) == COLUMNS
        assert table["key"].to_pylist() == sorted(table["key"].to_pylist())
        found += table.to_pylist()
    by_key = {one["key"]: one for one in found}
    assert len(by_key) == len(found)
    return by_key


def skipped(out: Path) -> list[str]:
    files = (out / "shards").glob("*.skipped.jsonl")
    return sorted(line for file in files for line in file.read_text(encoding="utf-8").splitlines())


def same(at_home: Path, on_spark: Path) -> None:
    """Whether two outputs say the same of everybody."""
    assert messages(on_spark) == messages(at_home)
    assert skipped(on_spark) == skipped(at_home)
    assert (on_spark / "dead.jsonl").read_bytes() == (at_home / "dead.jsonl").read_bytes()
    one, other = (json.loads((out / "report.json").read_text()) for out in (at_home, on_spark))
    for name in (*SAME, *SAME_TOO):
        assert one[name] == other[name], name


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_a_list_of_each_kind_comes_out_as_at_home(spark: SparkSession, tmp_path: Path, kind: str) -> None:
    from mailweave.spark import run

    listed = str(people(tmp_path, kind, 130))
    batch.run(SMALLEST, listed, tmp_path / "home", workers=1, shard_size=60)
    report = run(SMALLEST, listed, tmp_path / "spark", shard_size=40)
    assert report["rendered"]
    assert report["skipped"]
    assert report["dead"]
    same(tmp_path / "home", tmp_path / "spark")


@pytest.mark.parametrize("kind", ["parquet", "jsonl"])
def test_events_lists_lookups_money_and_zones_come_out_as_at_home(
    spark: SparkSession, tmp_path: Path, kind: str
) -> None:
    from mailweave.spark import run

    profiles, events = map(str, customers(tmp_path, 250, kind))
    batch.run(CDNOW, profiles, tmp_path / "home", events=events, workers=1)
    report = run(CDNOW, profiles, tmp_path / "spark", events=events, shard_size=90)
    assert report["events_of_nobody"] > 0
    assert len(list((tmp_path / "spark/shards").glob("*.parquet"))) == 3
    same(tmp_path / "home", tmp_path / "spark")

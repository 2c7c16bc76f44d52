"""A list on Spark has the output of a batch at home: the same messages, byte for byte, and the same dead letters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mailweave import batch
from tests.spark.lists import CDNOW, SMALLEST, customers, people
from tests.spark.outputs import same

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark


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

"""Options of a batch, members in columns of their own and INT96 mean on Spark what they mean at home."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mailweave import batch
from tests.batch import broken_json
from tests.batch.broken_lists import account, write
from tests.batch.slow_campaign import listed as slow_list
from tests.batch.slow_campaign import slow_campaign
from tests.conftest import part_of
from tests.spark.lists import CDNOW, SMALLEST, customers
from tests.spark.outputs import same

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark
TOLD = (
    "suppressed",
    "duplicates",
    "same_address",
    "beyond_limit",
    "dead_events",
    "undeclared",
    "reasons",
    "fields",
    "fallbacks",
)


def agree(home: dict[str, Any], spark: dict[str, Any], folder: Path) -> None:
    same(folder / "home", folder / "spark")
    assert {name: home[name] for name in TOLD} == {name: spark[name] for name in TOLD}
    left = [folder / name / "left_out.jsonl" for name in ("home", "spark")]
    assert left[0].exists() == left[1].exists()
    assert not left[0].exists() or left[0].read_bytes() == left[1].read_bytes()


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_everybody_is_accounted_for_alike(spark: SparkSession, tmp_path: Path, form: str) -> None:
    from mailweave.spark import run

    listed = write(tmp_path, 300, form)
    home = batch.run(listed.campaign, str(listed.path), tmp_path / "home", workers=1, **listed.options)
    found = run(listed.campaign, str(listed.path), tmp_path / "spark", **listed.options)
    account(listed, tmp_path / "spark", found, "parquet")
    assert found["dead_events"] == (form == "jsonl")
    assert found["undeclared"]["events"] == {"Open": 3}
    agree(home, found, tmp_path)


def test_lines_that_readers_of_json_disagree_about_are_the_same(spark: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import run

    broken_json.write(tmp_path / "list.jsonl")
    home = batch.run(SMALLEST, tmp_path / "list.jsonl", tmp_path / "home", workers=1)
    agree(home, run(SMALLEST, tmp_path / "list.jsonl", tmp_path / "spark"), tmp_path)


@pytest.mark.deep
def test_a_large_list_is_accounted_for_alike(spark: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import run

    listed = write(tmp_path, part_of(100_000), "parquet")
    home = batch.run(listed.campaign, str(listed.path), tmp_path / "home", **listed.options)
    account(listed, tmp_path / "home", home, "parquet")
    found = run(listed.campaign, str(listed.path), tmp_path / "spark", shard_size=5_000, **listed.options)
    account(listed, tmp_path / "spark", found, "parquet")
    agree(home, found, tmp_path)


def test_moments_that_spark_writes_are_the_same_at_home(spark: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import run

    profiles, events = customers(tmp_path, 60)
    table = pq.read_table(events)
    at = table["at"].cast(pa.timestamp("us", "UTC"))
    written = tmp_path / "written"
    rows = spark.createDataFrame(table.set_column(table.schema.names.index("at"), "at", at))
    rows.write.parquet(str(written))
    (part,) = sorted(written.glob("part-*.parquet"))[:1]
    kinds = {c.name: c.physical_type for c in map(pq.ParquetFile(part).schema.column, range(3))}
    assert "INT96" in kinds.values()
    listed = str(written / "*.parquet")
    home = batch.run(CDNOW, str(profiles), tmp_path / "home", events=listed, workers=1)
    found = run(CDNOW, str(profiles), tmp_path / "spark", events=listed)
    assert home["dead"] == 0
    agree(home, found, tmp_path)


def test_fallbacks_are_added_up_over_tasks(spark: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import run

    found = run(slow_campaign(tmp_path), str(slow_list(tmp_path, 60)), tmp_path / "spark", shard_size=20)
    assert (found["rendered"], found["fallbacks"]) == (60, {"interpreted": 120, "apart": 60})


def test_a_dry_run_writes_no_message(spark: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import run

    listed = write(tmp_path, 100, "parquet")
    now = datetime(2026, 11, 22, 9, tzinfo=UTC)
    found = run(listed.campaign, str(listed.path), tmp_path / "spark", now=now, limit=10, dry_run=True)
    assert (found["recipients"], found["beyond_limit"]) == (10, 90)
    names = {path.name for path in (tmp_path / "spark").iterdir()}
    assert names == {"report.json", "report.html", "dead.jsonl"}

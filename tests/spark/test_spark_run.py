"""A list on Spark has the output of a batch at home: the same messages, byte for byte, and the same dead letters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mailweave import MailweaveError, batch
from tests.spark.lists import CDNOW, SMALLEST, customers, people
from tests.spark.outputs import messages, same

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark
THRESHOLD = SMALLEST.parents[1] / "insight" / "threshold"


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_a_list_of_each_kind_comes_out_as_at_home(spark: SparkSession, tmp_path: Path, kind: str) -> None:
    from mailweave.spark import run

    folder = tmp_path / "new people, [é] {1}"
    folder.mkdir()
    listed = str(people(folder, kind, 130))
    batch.run(SMALLEST, listed, folder / "home", workers=1, shard_size=60)
    report = run(SMALLEST, listed, folder / "spark", shard_size=40)
    assert report["rendered"]
    assert report["skipped"]
    assert report["dead"]
    same(folder / "home", folder / "spark")


@pytest.mark.parametrize("kind", ["parquet", pytest.param("jsonl", marks=pytest.mark.deep)])
def test_events_lists_lookups_money_and_zones_come_out_as_at_home(
    spark: SparkSession, tmp_path: Path, kind: str
) -> None:
    from mailweave.spark import run

    profiles, events = map(str, customers(tmp_path, 250, kind))
    batch.run(CDNOW, profiles, tmp_path / "home", events=events, workers=1)
    report = run(CDNOW, profiles, tmp_path / "spark", events=events, shard_size=90)
    assert report["events_of_nobody"] > 0
    assert report["rules"]["answered_in_sql"] == (250 if kind == "parquet" else 0)
    assert len(list((tmp_path / "spark/shards").glob("*.parquet"))) == 3
    same(tmp_path / "home", tmp_path / "spark")


def test_arms_of_a_constant_are_drawn_as_at_home(spark: SparkSession, tmp_path: Path) -> None:
    """What they decide is not asked in SQL, and everybody is counted."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from mailweave.spark import run

    rows = [
        {
            "id": f"{n:05d}",
            "email": f"p{n}@example.com",
            "household": f"h{n // 2}",
            "plan": plan,
            "orders": n % 9,
        }
        for n, plan in zip(range(120), ("gold", "gold", "free") * 40, strict=True)
    ]
    listed = str(tmp_path / "people.parquet")
    pq.write_table(pa.Table.from_pylist(rows), listed)
    batch.run(THRESHOLD, listed, tmp_path / "home", workers=1)
    report = run(THRESHOLD, listed, tmp_path / "spark", shard_size=50)
    assert report["rules"]["answered_in_sql"] == 0
    assert set(report["arms"]) == {"by_house", "threshold", "warmth"}
    same(tmp_path / "home", tmp_path / "spark")


def test_several_files_are_one_list_whose_lines_are_counted_through(
    spark: SparkSession, tmp_path: Path
) -> None:
    from mailweave.spark import run

    header = "id,email,consent.marketing"
    wrong = "{number:03d},two words,true"
    first = [
        header,
        *(f"{number:03d},p{number}@example.com,true" for number in range(20)),
        wrong.format(number=20),
    ]
    (tmp_path / "b.csv").write_text("\n".join(first) + "\n", encoding="utf-8")
    second = ["consent.marketing,first_name,id,email", 'true,"Ann, ""the"" one",030,p30@example.com']
    second += ["true,,031,two words", "false,,032,p32@example.com"]
    (tmp_path / "c.csv").write_text("\n".join(second) + "\n", encoding="utf-8")
    batch.run(SMALLEST, str(tmp_path / "*.csv"), tmp_path / "home", workers=1)
    run(SMALLEST, str(tmp_path / "*.csv"), tmp_path / "spark", shard_size=7)
    same(tmp_path / "home", tmp_path / "spark")
    assert '"line": 23' in (tmp_path / "spark/dead.jsonl").read_text(encoding="utf-8")


def test_keys_are_compared_in_nfc_and_nobody_is_nobody(spark: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import run

    composed, apart = "Zo\u00eb", "Zoe\u0308"
    row = '{{"id": {}, "email": "p@example.com", "consent": {{"marketing": true}}}}\n'
    listed = tmp_path / "people.jsonl"
    keys = [json.dumps(key) for key in (apart, "b", 7, None, "")]
    listed.write_text("".join(map(row.format, keys)) + '{"email": "nobody@example.com"}\n', encoding="utf-8")
    batch.run(SMALLEST, str(listed), tmp_path / "home", workers=1)
    run(SMALLEST, str(listed), tmp_path / "spark")
    same(tmp_path / "home", tmp_path / "spark")
    assert sorted(messages(tmp_path / "spark")) == ["7", composed, "b"]
    with listed.open("a", encoding="utf-8") as file:
        file.write(row.format(json.dumps(composed)))
    with pytest.raises(MailweaveError, match="MW806"):
        run(SMALLEST, str(listed), tmp_path / "twins")


def test_nobody_is_a_list_too(spark: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import run

    profiles, events = customers(tmp_path, 0)
    report = run(CDNOW, str(profiles), tmp_path / "spark", events=str(events))
    assert (report["recipients"], report["rendered"], report["dead"]) == (0, 0, 0)
    assert report["events_of_nobody"] > 0

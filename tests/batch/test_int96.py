"""Moments that Spark writes as INT96 are instants in UTC; those without a zone stay refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mailweave.batch.ledger import BatchError
from mailweave.batch.list_import import ListImport
from mailweave.batch.locations import locate

AT = datetime(2027, 1, 31)
MOMENT = pa.timestamp("ns")
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("at", MOMENT),
        ("scores", pa.struct([("churn", pa.struct([("value", pa.float64()), ("at", MOMENT)]))])),
        ("seen", pa.list_(pa.struct([("n", pa.int64()), ("at", MOMENT)]))),
    ]
)
ROWS = [
    {
        "id": "1",
        "at": AT,
        "scores": {"churn": {"value": 0.5, "at": AT}},
        "seen": [{"n": 1, "at": AT}, None, {"n": 2, "at": None}],
    },
    {"id": "2", "at": None, "scores": None, "seen": None},
]


def write(path: Path, *, int96: bool) -> None:
    pq.write_table(
        pa.Table.from_pylist(ROWS, schema=SCHEMA), path, use_deprecated_int96_timestamps=int96, version="2.6"
    )


def taken(pattern: Path) -> list[dict[str, Any]]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        given = ListImport(connection).take(locate([str(pattern)]), "people", "id")
        names = list(given.columns)
        found = connection.execute(f"SELECT * FROM {given.sql} ORDER BY id").fetchall()
    return [dict(zip(names, row, strict=True)) for row in found]


def test_int96_is_utc_at_any_depth(tmp_path: Path) -> None:
    write(tmp_path / "people.parquet", int96=True)
    first, second = taken(tmp_path / "people.parquet")
    at = AT.replace(tzinfo=UTC)
    assert first["at"] == at
    assert first["scores"] == {"churn": {"value": 0.5, "at": at}}
    assert first["seen"] == [{"n": 1, "at": at}, None, {"n": 2, "at": None}]
    assert (second["at"], second["scores"], second["seen"]) == (None, None, None)


def test_a_timestamp_without_a_zone_stays_one(tmp_path: Path) -> None:
    write(tmp_path / "people.parquet", int96=False)
    assert taken(tmp_path / "people.parquet")[0]["at"] == AT


def test_files_that_disagree_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.parquet", int96=True)
    write(tmp_path / "b.parquet", int96=False)
    with pytest.raises(BatchError, match="has a zone in one file and none in another"):
        taken(tmp_path / "*.parquet")

"""Lists of files in Spark: the rows, forms and line numbers that a batch at home sees.

Parquet has typed columns. Rows of CSV are texts, and lines of JSON stay as they are: the renderer reads both by
the types that the rules declare, as it does at home.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from mailweave.batch.batches import LINE
from mailweave.batch.ledger import BatchError
from mailweave.batch.list_import import RAW, Form, delimiter_of, scan
from mailweave.batch.locations import Files, locate
from mailweave.diagnostics import diagnose
from mailweave.spark.names import pattern, quoted

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_FORMS: dict[str, Form] = {"parquet": "columns", "csv": "cells", "jsonl": "lines"}
_FILE, _START, _ROW = "mw_file", "mw_start", "mw_row"


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows of a list, their form, and how many they are, where they are numbered."""

    rows: DataFrame
    form: Form
    shown: str
    count: int = 0


def read(spark: SparkSession, patterns: Sequence[str], *, numbered: bool = False) -> Listed:
    """The files that paths and globs name. With `numbered`, each row has its line in the list (LINE).

    Raises MailweaveError for what is no list of files.
    """
    place = files(patterns)
    rows, count = _rows(spark, place), 0
    if numbered:
        rows, count = _numbered(spark, rows, [str(path.resolve()) for path in place.paths])
    return Listed(rows, _FORMS[place.kind], place.shown, count)


def files(patterns: Sequence[str]) -> Files:
    """The files that paths and globs name. Raises MailweaveError when they name none, or a table."""
    place = locate(patterns)
    if not isinstance(place, Files):
        todo = "give it files: Parquet, CSV or lines of JSON"
        raise BatchError([diagnose("MW824", place=place.shown, what="a table of a database", todo=todo)])
    return place


def _rows(spark: SparkSession, place: Files) -> DataFrame:
    from pyspark.sql import functions as f

    addresses = [pattern(path.resolve()) for path in place.paths]
    if place.kind == "parquet":
        return _placed(spark.read.option("mergeSchema", "true").parquet(*addresses))
    if place.kind == "jsonl":
        lines = _placed(spark.read.option("lineSep", "\n").text(addresses)).withColumnRenamed("value", RAW)
        return lines.where(f.trim(f.regexp_replace(RAW, r"\s", "")) != "")
    return _cells(spark, place)


def _cells(spark: SparkSession, place: Files) -> DataFrame:
    """CSV as DuckDB reads it; files whose columns differ are put together by name."""
    from pyspark.sql import functions as f
    from pyspark.sql.types import StringType, StructField, StructType

    separator = delimiter_of(place)
    alike: dict[tuple[str, ...], list[str]] = {}
    for path in place.paths:
        alike.setdefault(_columns(path, separator), []).append(pattern(path.resolve()))
    options = {"header": "true", "multiLine": "true", "quote": '"', "escape": '"', "sep": separator}
    reader = spark.read.options(**options, mode="FAILFAST")
    parts = []
    for names, same in alike.items():
        columns = StructType([StructField(name, StringType()) for name in names])
        part = _placed(reader.schema(columns).csv(same))
        parts.append(part.withColumns({name: f.nullif(f.col(quoted(name)), f.lit("")) for name in names}))
    found = parts[0]
    for part in parts[1:]:
        found = found.unionByName(part, allowMissingColumns=True)
    return found


def _columns(path: Path, separator: str) -> tuple[str, ...]:
    """The names of the columns of a CSV file, as DuckDB sees them. Raises BatchError."""
    import duckdb

    try:
        with duckdb.connect() as connection:
            return tuple(connection.sql(f"SELECT * FROM {scan(Files('csv', (path,)), separator)}").columns)
    except duckdb.Error as error:
        raise BatchError([diagnose("MW805", place=str(path), what=type(error).__name__)]) from None


def _placed(rows: DataFrame) -> DataFrame:
    """With the file and the start of the piece of it that a row comes from."""
    from pyspark.sql import functions as f

    file, start = f.col("_metadata.file_path"), f.col("_metadata.file_block_start")
    return rows.select("*", file.alias(_FILE), start.alias(_START))


def _numbered(spark: SparkSession, rows: DataFrame, paths: list[str]) -> tuple[DataFrame, int]:
    """Rows with their lines: their place in a piece of a file, and what stands before that piece; and their number."""
    import pyarrow as pa
    from pyspark.sql import functions as f

    counted = rows.withColumn(_ROW, f.monotonically_increasing_id())
    first = f.min(_ROW).alias("first")
    pieces = counted.groupBy(_FILE, _START).agg(first, f.count("*").alias("rows")).collect()
    order = {path: at for at, path in enumerate(paths)}
    pieces.sort(key=lambda piece: (order[unquote(urlsplit(piece[_FILE]).path)], piece[_START]))
    before, placed = 0, []
    for piece in pieces:
        placed.append({_FILE: piece[_FILE], _START: piece[_START], "shift": before + 1 - piece["first"]})
        before += piece["rows"]
    if not placed:
        return counted.drop(_FILE, _START).withColumnRenamed(_ROW, LINE), 0
    table = spark.createDataFrame(pa.Table.from_pylist(placed))
    joined = counted.join(f.broadcast(table), [_FILE, _START])
    return joined.withColumn(LINE, f.col(_ROW) + f.col("shift")).drop(_FILE, _START, _ROW, "shift"), before

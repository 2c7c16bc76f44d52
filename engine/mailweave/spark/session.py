"""A Spark session that fits: UTC, and workers that run the driver's Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mailweave.batch.ledger import BatchError
from mailweave.diagnostics import MailweaveError, diagnose

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

PYTHON = "PYSPARK_PYTHON"
_PYTHON, _ZONE = "spark.pyspark.python", "spark.sql.session.timeZone"


@contextmanager
def session(master: str, name: str, conf: Mapping[str, str] | None = None) -> Iterator[SparkSession]:
    """The session that is active, else one that `start` makes and that ends with the block."""
    active = _active()
    spark = active or start(master, name, conf)
    try:
        yield spark
    finally:
        if active is None:
            spark.stop()


def _active() -> SparkSession | None:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        return None
    return SparkSession.getActiveSession()


def start(master: str, name: str = "mailweave", conf: Mapping[str, str] | None = None) -> SparkSession:
    """A session with a master, such as `local[2]` or `spark://host:7077`.

    Workers run the Python named by PYSPARK_PYTHON or `spark.pyspark.python`, else the one that runs this. conf:
    further settings of Spark; those of `spark-submit` and `spark-defaults.conf` hold too. Raises MailweaveError.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise MailweaveError([diagnose("MW022", place=master, what="Spark", extra="spark")]) from None
    os.environ.setdefault(PYTHON, (conf or {}).get(_PYTHON, sys.executable))
    builder = SparkSession.builder.appName(name).master(master)
    for key, value in {**_SETTINGS, **(conf or {})}.items():
        builder = builder.config(key, value)
    try:
        return fit(builder.getOrCreate())
    except (PySparkRuntimeError, OSError) as error:
        raise BatchError([diagnose("MW821", place=master, what=str(error).splitlines()[0])]) from None


_SETTINGS: Mapping[str, str] = {
    _ZONE: "UTC",
    "spark.ui.enabled": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "2000",  # a message is large: 10,000 of them fill a worker
}


def fit(spark: SparkSession) -> SparkSession:
    """A session of somebody else, checked: its workers must be able to run what this process runs.

    On `local` masters without PYSPARK_PYTHON the workers get this process's own Python.
    """
    context = spark.sparkContext
    told = PYTHON in os.environ or context.getConf().contains(_PYTHON)
    if str(context.master).startswith("local") and not told:
        context.pythonExec = sys.executable
    return spark

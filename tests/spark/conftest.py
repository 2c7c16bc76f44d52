"""One Spark session on this machine, shared by all tests of a process; without Java or pyspark they skip."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "properties"))  # random rule texts and recipients are kept there

LOOPBACK = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "1g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # short lives: start fast
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


def missing() -> str:
    """Why Spark cannot run here, or an empty text."""
    java = which("java")
    if java is None or subprocess.run([java, "-version"], capture_output=True, check=False).returncode:
        return "needs Java: apt-get install openjdk-17-jre-headless"
    try:
        import pyspark  # noqa: F401 - whether it is there
    except ImportError:
        return "needs pyspark: pip install 'mailweave[spark]'"
    return ""


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    if reason := missing():
        pytest.skip(reason)
    from mailweave.spark import start

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        session = start("local[2]", "mailweave tests", LOOPBACK)
        yield session
        session.stop()


@pytest.fixture(scope="module")
def quick(spark: SparkSession) -> SparkSession:
    """A session for many small queries."""
    session = spark.newSession()
    session.conf.set("spark.sql.adaptive.enabled", "false")
    session.conf.set("spark.sql.shuffle.partitions", "1")
    return session

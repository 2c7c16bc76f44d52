"""Spark on local[2] beside the pool at home: one list, two cores, wall time; what each costs beside rendering."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import Any

from benchmarks import Report

ROOT = Path(__file__).resolve().parents[1]
CAMPAIGN, LIST = ROOT / "fixtures/campaigns/cdnow-winback", ROOT / "fixtures/cdnow"
CORES, SMALL, SIZE = 2, 200, int(os.environ.get("MAILWEAVE_BENCH_SPARK", "23570"))
LOOPBACK = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": str(2 * CORES),
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


@dataclass(frozen=True, slots=True)
class Cost:
    """What one engine took for a list of `recipients`, its start apart."""

    start: float
    seconds: float
    cpu: float
    recipients: int

    @property
    def per_second(self) -> float:
        return self.recipients / self.seconds

    @property
    def beside_rendering(self) -> float:
        """Seconds of a core for each recipient that are not rendering."""
        return max(0.0, CORES * self.seconds - self.cpu) / self.recipients


def run() -> Report:
    report = Report(f"spark: {SIZE:,} customers of CDNOW on local[{CORES}], beside the pool at home")
    if which("java") is None:
        report.say("   left out: needs Java")
        return report
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with tempfile.TemporaryDirectory() as given:
        folder = Path(given)
        lists = {size: _lists(folder, size) for size in (SMALL, SIZE)}
        found = {"pool": _pool(folder, lists), "spark": _spark(folder, lists)}
    for name, cost in found.items():
        report.say(
            f"   {name:6s} start {cost.start:6.1f} s   then {cost.seconds:6.1f} s, {cost.per_second:7,.0f} a second; "
            f"a recipient: {cost.cpu / cost.recipients * 1e6:6.0f} us rendering,"
            f" {cost.beside_rendering * 1e6:6.0f} us beside it"
        )
    home, there = found["pool"], found["spark"]
    report.say(f"   spark / pool, wall without start: {there.seconds / home.seconds:.2f}")
    report.say(
        f"   overhead of Spark, a recipient: {(there.beside_rendering - home.beside_rendering) * 1e6:.0f} us of a core"
    )
    return report


def _lists(folder: Path, size: int) -> tuple[str, str]:
    """The first customers, and the events of all."""
    import pyarrow.parquet as pq

    path = folder / f"people{size}.parquet"
    pq.write_table(pq.read_table(LIST / "profiles.parquet").slice(0, size), path)
    return str(path), str(LIST / "events.parquet")


def _pool(folder: Path, lists: dict[int, tuple[str, str]]) -> Cost:
    from mailweave import batch

    def work(name: str, size: int) -> dict[str, Any]:
        profiles, events = lists[size]
        return batch.run(CAMPAIGN, profiles, folder / f"pool-{name}", events=events, workers=CORES)

    return _measured(0.0, work)


def _spark(folder: Path, lists: dict[int, tuple[str, str]]) -> Cost:
    from mailweave import spark

    began = time.perf_counter()
    session = spark.start(f"local[{CORES}]", "benchmark", LOOPBACK)
    started = time.perf_counter() - began

    def work(name: str, size: int) -> dict[str, Any]:
        profiles, events = lists[size]
        return spark.run(CAMPAIGN, profiles, folder / f"spark-{name}", events=events)

    try:
        return _measured(started, work)
    finally:
        session.stop()


def _measured(started: float, work: Callable[[str, int], dict[str, Any]]) -> Cost:
    """A small list is nearly all start: taken twice, the first time with what is started for good, and the second
    time with what is started for each list, which is taken off the long one."""
    took: dict[str, float] = {}
    for name, size in (("first", SMALL), ("second", SMALL), ("long", SIZE)):
        began = time.perf_counter()
        report = work(name, size)
        took[name] = time.perf_counter() - began
    return Cost(started + took["first"], took["long"] - took["second"], report["cpu_seconds"], SIZE - SMALL)

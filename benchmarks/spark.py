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

import psutil

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
    """What one engine took for `recipients`, its start apart: seconds of wall and of CPU, of which rendering."""

    start: float
    seconds: float
    cpu: float
    rendering: float
    recipients: int

    def each(self, seconds: float) -> float:
        """Microseconds a recipient."""
        return seconds / self.recipients * 1e6


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
            f"   {name:6s} start {cost.start:5.1f} s; then {cost.recipients / cost.seconds:7,.0f} a second;"
            f" CPU a recipient {cost.each(cost.cpu):6.0f} us, of which rendering {cost.each(cost.rendering):6.0f} us"
        )
    home, there = found["pool"], found["spark"]
    more = there.each(there.cpu - there.rendering) - home.each(home.cpu - home.rendering)
    report.say(f"   CPU of Spark beside rendering, over that of the pool: {more:.0f} us a recipient")
    report.say(f"   spark / pool: wall {there.seconds / home.seconds:.2f}, CPU {there.cpu / home.cpu:.2f}")
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
    wall: dict[str, float] = {}
    cpu: dict[str, float] = {}
    rendering: dict[str, float] = {}
    for name, size in (("first", SMALL), ("second", SMALL), ("long", SIZE)):
        began, before = time.perf_counter(), _cpu()
        rendering[name] = work(name, size)["cpu_seconds"]["render"]
        wall[name], cpu[name] = time.perf_counter() - began, _cpu() - before
    return Cost(
        started + wall["first"],
        wall["long"] - wall["second"],
        cpu["long"] - cpu["second"],
        rendering["long"] - rendering["second"],
        SIZE - SMALL,
    )


def _cpu() -> float:
    """CPU seconds of this process, of all below it, and of those that have ended."""
    me = psutil.Process()
    return sum(sum(one.cpu_times()[:4]) for one in (me, *me.children(recursive=True)))

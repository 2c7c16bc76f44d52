"""A standalone cluster on loopback: one master, two workers, one of which is killed in the middle of a run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from mailweave import batch
from tests.spark.conftest import LOOPBACK, missing
from tests.spark.lists import CDNOW, customers
from tests.spark.outputs import same

pytestmark = [pytest.mark.spark, pytest.mark.deep]
PATIENCE = 240  # seconds; six JVMs start on two cores


def environment() -> dict[str, str]:
    import pyspark

    home = str(Path(pyspark.__file__).parent)
    own = {"SPARK_HOME": home, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "256m"}
    return {**os.environ, **own, "PYSPARK_PYTHON": sys.executable}


@contextmanager
def daemon(folder: Path, name: str, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A process of Spark, and the file that it logs into; it ends with the block."""
    log = folder / f"{name}.log"
    command = [str(Path(environment()["SPARK_HOME"]) / "bin/spark-class"), *arguments]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment(), cwd=folder)
    try:
        yield process, log
    finally:
        process.kill()
        process.wait()


def said(log: Path, pattern: str) -> str:
    """What a log says, as soon as it says it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = re.search(pattern, log.read_text(encoding="utf-8", errors="replace"))
        if found:
            return found[0]
        time.sleep(0.1)
    raise AssertionError(f"{log.name} never says {pattern}:\n{log.read_text(errors='replace')[-2000:]}")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a master, and its two workers."""
    if reason := missing():
        pytest.skip(reason)
    here = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
    with ExitStack() as stack:
        _, log = stack.enter_context(
            daemon(tmp_path, "master", "org.apache.spark.deploy.master.Master", *here)
        )
        master = said(log, r"spark://127\.0\.0\.1:\d+")
        workers = []
        for number in (1, 2):
            own = ("--cores", "1", "--memory", "700m", "--work-dir", str(tmp_path / f"work{number}"))
            name = "org.apache.spark.deploy.worker.Worker"
            process, log = stack.enter_context(daemon(tmp_path, f"worker{number}", name, *here, *own, master))
            said(log, "Successfully registered with master")
            workers.append(process)
        yield master, workers


def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    master, workers = cluster
    profiles, events = customers(tmp_path, 1_200)
    settings = {**LOOPBACK, "spark.executor.memory": "512m", "spark.log.level": "WARN"}
    settings["spark.sql.codegen.wholeStage"] = "true"  # as it is outside of tests
    conf = [part for key, value in settings.items() for part in ("--conf", f"{key}={value}")]
    out, log = tmp_path / "spark", tmp_path / "driver.log"
    lists = ["--profiles", str(profiles), "--events", str(events), "--out", str(out)]
    command = [sys.executable, "-m", "mailweave", "batch", str(CDNOW), *lists]
    with log.open("wb") as file:
        driver = subprocess.Popen(
            [*command, "--engine", "spark", "--master", master, "--shard-size", "40", *conf],
            stdout=file,
            stderr=file,
            env=environment(),
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and driver.poll() is None:
            if len(list(out.glob("staged/_temporary/0/task_*"))) >= 3:
                break
            time.sleep(0.05)
        assert driver.poll() is None, log.read_text(errors="replace")[-3000:]
        os.kill(workers[0].pid, signal.SIGKILL)
        assert driver.wait(PATIENCE) == 0, log.read_text(errors="replace")[-3000:]
    finally:
        driver.kill()
        driver.wait()
    assert "Lost executor" in log.read_text(errors="replace")
    batch.run(CDNOW, str(profiles), tmp_path / "home", events=str(events))
    same(tmp_path / "home", out)

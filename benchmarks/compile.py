"""What compiling the demo campaign costs: cold, in a process of its own, and warm, in one that has compiled it before.

CPU seconds, medians. `MAILWEAVE_BENCH_AGAINST=REV` measures that commit as well, in turns, and holds the bounds against
it: at most 1.2 cold, no more warm. (`--against` compares work within one process; a cold start has to have its own.)
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks import Report
from benchmarks._against import checkout

ROOT = Path(__file__).resolve().parents[1]
CAMPAIGN = Path("fixtures", "campaigns", "cdnow-winback")
COLD_ROUNDS, WARM_ROUNDS = 5, 3
COLD, WARM = 1.2, 1.05
PROGRAM = """
import sys, time
began = time.process_time()
from mailweave import Environment
imported = time.process_time()
for _ in range(int(sys.argv[2])):
    start = time.process_time()
    Environment().compile(sys.argv[1])
    print(imported - began, time.process_time() - start)
"""


def run() -> Report:
    report = Report("compile: the demo campaign, CPU seconds, cold (with imports) and warm")
    homes = {"here": ROOT}
    if os.environ.get("MAILWEAVE_BENCH_AGAINST"):
        homes["against"] = checkout(os.environ["MAILWEAVE_BENCH_AGAINST"])
    cold: dict[str, list[float]] = {name: [] for name in homes}
    warm: dict[str, list[float]] = {name: [] for name in homes}
    for _ in range(COLD_ROUNDS):
        for name, home in homes.items():
            times = measured(home, 1 + WARM_ROUNDS)
            cold[name].append(times[0])
            warm[name].append(statistics.median(times[1:]))
    for name in homes:
        report.say(
            f"   {name:8s} cold {statistics.median(cold[name]) * 1e3:7.0f} ms"
            f"   warm {statistics.median(warm[name]) * 1e3:7.0f} ms"
        )
    if "against" in homes:
        report.claim("cold, against that commit", ratio(cold), COLD)
        report.claim("warm, against that commit", ratio(warm), WARM)
    return report


def ratio(times: dict[str, list[float]]) -> float:
    """The median of the rounds' ratios: both of a round were measured one after the other."""
    pairs = zip(times["here"], times["against"], strict=True)
    return statistics.median(here / other for here, other in pairs)


def measured(home: Path, compiles: int) -> list[float]:
    """CPU seconds of each compile in a new process; the first has the imports in it."""
    python = home / ".venv" / "bin" / "python"
    done = subprocess.run(
        [python if python.exists() else sys.executable, "-c", PROGRAM, home / CAMPAIGN, str(compiles)],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(home / "engine")},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [[float(word) for word in line.split()] for line in done.stdout.splitlines()]
    return [sum(lines[0]), *(spent for _, spent in lines[1:])]

"""From import to the first mail, in a process of its own that finds the cache of the one before: CPU seconds, medians."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import Report, Round, Spent, Work

ROOT = Path(__file__).resolve().parents[1]
ROUNDS, AGAINST_ROUNDS = 7, 11
SECONDS = 2.5
AGAINST = 0.6
PROGRAM = """
import time
began = time.process_time()
import json, sys
from mailweave import Environment
campaign = Environment().compile(sys.argv[1])
given = json.load(open(sys.argv[2], encoding="utf-8"))
mail = campaign.render(given["profile"], events=given["events"])
print(time.process_time() - began, len(mail.html))
"""


def run() -> Report:
    """What the first mail of the demo costs."""
    report = Report("first: import to first mail of a new process, cache kept, CPU seconds")
    work = first_mail()
    times = [_seconds(work()) for _ in range(1 + ROUNDS)]
    report.say(f"   nothing kept   {times[0] * 1e3:6.0f} ms")
    report.say(f"   cache kept     {statistics.median(times[1:]) * 1e3:6.0f} ms")
    report.claim("the first mail, CPU seconds", statistics.median(times[1:]), SECONDS)
    return report


def work() -> Work:
    """A new process each round; the cache is each side's own."""
    return {"first mail": first_mail}


def first_mail() -> Round:
    """The demo's first recipient who gets a mail."""
    from benchmarks.demo_people import DEMO, mailed
    from mailweave import Environment

    held = tempfile.TemporaryDirectory(prefix="mailweave-bench-")
    given = Path(held.name) / "given.json"
    ((profile, events, _),) = mailed(Environment().compile(DEMO), 1)
    given.write_text(json.dumps({"profile": profile, "events": list(events)}, default=str), encoding="utf-8")
    return lambda: lambda: _spent(DEMO, given, Path(held.name) / "cache")


def _spent(campaign: Path, given: Path, cache: Path) -> Spent:
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, campaign, given],
        cwd=ROOT,
        env={**plain, "MAILWEAVE_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, size = done.stdout.split()
    assert int(size) > 1_000
    return Spent(seconds)


def _seconds(timed: Callable[[], object]) -> float:
    spent = timed()
    assert isinstance(spent, Spent)
    return spent

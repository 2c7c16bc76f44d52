"""Triggers: events read into a state, read again, and mails made of them. CPU seconds of this process."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.triggers.stream import PLAIN, SPARSE, UNTIL, people, write

from benchmarks import Report
from mailweave.environment import Environment
from mailweave.triggers import FileFeed, Run, State, Triggers
from mailweave.triggers.people import profiles
from mailweave.values.instants import to_instant

EVENTS = int(os.environ.get("MAILWEAVE_BENCH_EVENTS", "200000"))
LEAST = 10_000


def run() -> Report:
    """A stream in random order, one in twenty doubled; twenty events a person, two of them causes."""
    report = Report(f"triggers: {EVENTS:,} events, {EVENTS // 20:,} people, CPU seconds")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        campaign = Environment().compile(write(made, list(people(EVENTS // 20, SPARSE)), rules=PLAIN))
        state = State(made / "state.db")
        work = Run(state, Triggers.of([campaign]), made / "out")
        until = to_instant(UNTIL)
        reading = _seconds(lambda: _read(work, made / "events.jsonl"))
        again = _seconds(lambda: _read(work, made / "events.jsonl"))
        people_read = profiles([str(made / "people.jsonl")], campaign, work.counts)
        learning = _seconds(lambda: work.learn(people_read, until))
        passing = _seconds(lambda: work.pass_time(until))
        mails = work.counts.mails.total()
        state.close()
        size = (made / "state.db").stat().st_size
    lines = EVENTS * 21 // 20
    report.say(f"   read           {lines / reading:9,.0f} lines a second")
    report.say(f"   read again     {lines / again:9,.0f} lines a second")
    report.say(f"   profiles       {EVENTS // 20 / learning:9,.0f} a second")
    report.say(f"   {mails:,} mails {passing / mails * 1e3:9.2f} ms each, rendered and written")
    report.say(f"   state          {size / EVENTS:9.0f} bytes an event")
    report.claim("lines a second, read for the first time", lines / reading, LEAST, at_least=True)
    return report


def _read(work: Run, path: Path) -> None:
    for batch in FileFeed(str(path)).batches():
        work.take(batch)


def _seconds(do: Callable[[], None]) -> float:
    start = time.process_time()
    do()
    return time.process_time() - start

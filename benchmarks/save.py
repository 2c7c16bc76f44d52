"""A block is edited: what it takes until its mail is there, in a campaign of forty blocks. CPU seconds, medians.

An engine that keeps nothing from one compilation to the next compiles afresh.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import Report, Round, Work
from benchmarks.desk import BLOCKS, SAVES, SLOTS, write
from benchmarks.desk import save as save_block
from mailweave import Campaign, Email, Environment

SECONDS = 0.25
AGAINST = 0.3
PERSON = {"id": "a1", "email": "ann@shop.example", "country": "US"}


def run() -> Report:
    """The median of twenty saves, each of another block."""
    report = Report(f"save: a block edited to its mail, {BLOCKS} blocks, CPU seconds")
    work = saving()
    times = []
    for _ in range(1 + SAVES):
        timed = work()
        began = time.process_time()
        timed()
        times.append(time.process_time() - began)
    report.say(f"   a save  {statistics.median(times[1:]) * 1e3:6.0f} ms")
    report.claim("a block edited to its mail, seconds", statistics.median(times[1:]), SECONDS)
    return report


def work() -> Work:
    """Each round saves another block."""
    return {"save": saving}


def saving() -> Round:
    """What is timed reads the folder, compiles what is new, and renders a mail that has the block in it."""
    held = tempfile.TemporaryDirectory(prefix="mailweave-bench-")
    folder, numbers = Path(held.name) / "forty", itertools.count()
    write(folder)
    compiled = _compiler(folder)
    compiled()

    def prepared() -> Callable[[], object]:
        number = next(numbers)
        block, words = number * 7 % BLOCKS, f"Saved {number} times."
        save_block(Path(held.name) / "forty", block, words)
        return lambda: _mail(compiled(), block, words)

    return prepared


def _mail(campaign: Campaign, block: int, words: str) -> None:
    mail = campaign.render({**PERSON, "orders": block // SLOTS})
    assert isinstance(mail, Email)
    assert words in mail.html


def _compiler(folder: Path) -> Callable[[], Campaign]:
    try:
        from mailweave.campaign.compiler import compile_folder
        from mailweave.campaign.drafts import Draft
    except ImportError:  # an older commit has no drafts
        return lambda: Environment().compile(folder)
    draft = Draft()

    def again() -> Campaign:
        campaign = compile_folder(folder, draft=draft)[0]
        assert campaign is not None
        return campaign

    return again

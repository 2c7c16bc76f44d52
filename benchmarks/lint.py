"""What lint adds to `check`: the campaign of forty blocks, CPU seconds, paired rounds, with its rules and without."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks import Report
from benchmarks.desk import BLOCKS, write

ROUNDS = 7
MOST = 1.5


def run() -> Report:
    from mailweave import lint
    from mailweave.campaign.compiler import compile_folder
    from mailweave.prove import prove_quickly

    report = Report(
        f"lint: check of a campaign of {BLOCKS} blocks, CPU seconds, medians of {ROUNDS} paired rounds"
    )
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held) / "forty"
        write(folder)

        def without() -> None:
            campaign, _ = compile_folder(folder)
            assert campaign is not None
            campaign.slow_templates()
            tuple(prove_quickly(campaign.decisions.source, campaign.context))

        def whole() -> None:
            lint.check(folder)

        without()
        whole()
        pairs = [(_spent(without), _spent(whole)) for _ in range(ROUNDS)]
    report.say(f"   without rules                 {statistics.median(one for one, _ in pairs) * 1e3:7.0f} ms")
    report.say(
        f"   with all of them              {statistics.median(other for _, other in pairs) * 1e3:7.0f} ms"
    )
    report.claim("check with its rules, times", statistics.median(other / one for one, other in pairs), MOST)
    return report


def _spent(work: object) -> float:
    start = time.process_time()
    work()  # type: ignore[operator]  # a function of no arguments
    return time.process_time() - start

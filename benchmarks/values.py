"""What differs from recipient to recipient instead of whole mails: `batch --format values`, its time and its bytes.

Of the demo's list as it is, or `MAILWEAVE_BENCH_RECIPIENTS` of it. Beside another commit its time is held against the
Parquet run of that commit, which has no such format.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks import Report, Round, Work
from benchmarks.batch import AS_IT_IS, command, seconds_of, whole_runs, write_list

ROUNDS = 3
OF_MAILS, OF_PARQUET, OF_PARQUET_THERE = 0.15, 1.1, 0.75
"""0.25 of the Parquet run of commit 4349315 was asked (docs/measurements.md)."""
CLOCK, AGAINST_ROUNDS = "wall-clock time", 3
AGAINST = 1.1
"""The Parquet run beside itself is here to be divided by; `batch` has its bound."""


def run() -> Report:
    """Bytes against those of the messages, time against the Parquet run of this commit."""
    size = int(os.environ.get("MAILWEAVE_BENCH_RECIPIENTS", AS_IT_IS))
    report = Report(f"values: {size:,} recipients of CDNOW, wall-clock seconds with the start")
    with tempfile.TemporaryDirectory(prefix="mailweave-bench-") as held:
        folder = Path(held)
        given = write_list(folder, "list", size)
        times = {form: list[float]() for form in ("values", "parquet")}
        for number in range(ROUNDS):
            for form, seconds in times.items():
                seconds.append(seconds_of(command(given, folder / f"{form}{number}", form=form)))
        seconds_of(command(given, folder / "eml", form="eml"))
        told(report, {name: bytes_of(folder / f"{name}") for name in ("values0", "parquet0", "eml")}, times)
    return report


def told(report: Report, size: Mapping[str, int], times: Mapping[str, Sequence[float]]) -> None:
    """The figures, and what is claimed of them."""
    for form, seconds in times.items():
        report.say(f"   {form:8s} {statistics.median(seconds):6.2f} s   {size[f'{form}0'] / 2**20:8.2f} MB")
    report.say(f"   eml               {size['eml'] / 2**20:8.2f} MB")
    report.claim("bytes, in units of the messages'", size["values0"] / size["eml"], OF_MAILS)
    report.claim("time, in units of the Parquet run", _ratio(times["values"], times["parquet"]), OF_PARQUET)


def bytes_of(folder: Path) -> int:
    """What a batch wrote for recipients: without its report, and what it keeps to go on."""
    return sum(
        file.stat().st_size for place in ("shards", "sheets") for file in (folder / place).rglob("*.*")
    )


def work() -> Work:
    """Values where the engine has them, and whole mails in Parquet."""
    return {"values": _values, "parquet": partial(whole_runs, "parquet")}


def _values() -> Round:
    import mailweave.batch.expanding  # noqa: F401  an older commit has none, and says so here

    return whole_runs("values")


def across(here: Mapping[str, Sequence[float]], there: Mapping[str, Sequence[float]], report: Report) -> None:
    """Values here beside the Parquet run there."""
    if "values" in here and "parquet" in there:
        ratio = _ratio(here["values"], there["parquet"])
        report.claim("values, in units of the Parquet run there", ratio, OF_PARQUET_THERE)


def _ratio(some: Sequence[float], others: Sequence[float]) -> float:
    return statistics.median(one / other for one, other in zip(some, others, strict=True))

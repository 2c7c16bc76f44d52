"""This checkout beside an older commit: the same work, in turn, each in an environment of its own.

The old commit comes from `git archive`, with its own dependencies and its own fixtures; what is measured there is
described by the benchmarks of today, so a name that the old engine lacks is left out and said. Each side is one
process that works in rounds when it is asked to; the rounds of both alternate, so that a machine that becomes slower
becomes slower for both.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import ModuleType, TracebackType
from typing import Any

from benchmarks import Report

ROUNDS = 25
"""How many rounds count; a benchmark whose rounds take minutes names fewer, as `AGAINST_ROUNDS`."""
LIMIT = 1.03
"""What a ratio may be where a benchmark names no `AGAINST` of its own: a noisy machine is not a slower program.

`AGAINST` is a bound, or a bound for each piece of work. `CLOCK` says what a benchmark measures that is not CPU time.
"""

HERE = Path(__file__).resolve().parents[1]

Times = Mapping[str, Sequence[float]]
"""Name of a piece of work to its seconds, one figure a round."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """How one piece of work compares, round by round: quartiles of here / there."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, here: Sequence[float], there: Sequence[float]) -> Ratio:
        """The ratios of rounds that ran one after the other.

        >>> Ratio.of([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
        Ratio(low=0.5, median=0.5, high=0.5)
        """
        low, median, high = statistics.quantiles(
            [one / other for one, other in zip(here, there, strict=True)], n=4, method="inclusive"
        )
        return cls(low, median, high)

    def __str__(self) -> str:
        return f"{self.median:.3f} ({self.low:.3f} to {self.high:.3f})"


class Side:
    """One commit's engine, in a process of its own that works when it is asked to."""

    def __init__(self, root: Path, benchmark: str) -> None:
        # -I would hide the benchmarks: they are found through the current folder
        settings = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONPATH": ""}
        command = [str(root / ".venv" / "bin" / "python"), "-m", "benchmarks._rounds", benchmark]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            command, cwd=root, env=settings, stdin=pipe, stdout=pipe, encoding="utf-8"
        )
        self.names: dict[str, str] = self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"a benchmark ended with {self._process.wait()}: its own words are above")
        return json.loads(line)

    def round(self, name: str) -> float:
        """Seconds of one round of this piece of work."""
        assert self._process.stdin is not None
        print(name, file=self._process.stdin, flush=True)
        return float(self._answer())

    def __enter__(self) -> Side:
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            self._process.kill()
        self._process.communicate()  # at the end of its input it puts away what it made, and ends


def checkout(revision: str) -> Path:
    """The files of a commit, with today's benchmarks and an environment of its own; made once, kept in .cache."""
    commit = _git("rev-parse", "--verify", f"{revision}^{{commit}}").decode().strip()
    root = HERE / ".cache" / "against" / commit
    if not root.is_dir():
        growing = root.with_suffix(".new")
        shutil.rmtree(growing, ignore_errors=True)
        with tarfile.open(fileobj=BytesIO(_git("archive", commit))) as files:
            files.extractall(growing, filter="data")
        growing.rename(root)
    shutil.rmtree(root / "benchmarks")
    shutil.copytree(HERE / "benchmarks", root / "benchmarks")
    subprocess.run(["./tools/install.sh", sys.executable, ".venv", "dev"], cwd=root, check=True)
    return root


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=HERE, capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"git {arguments[0]}: {done.stderr.decode().strip()}")
    return done.stdout


def compare(root: Path, benchmark: str) -> tuple[Report, dict[str, Any]]:
    """One benchmark on both sides: what to print, and the figures."""
    module = importlib.import_module(f"benchmarks.{benchmark}")
    clock = getattr(module, "CLOCK", "CPU time")
    report = Report(f"{benchmark}, beside {root.name[:7]}: ratio of {clock}, median (quartiles)")
    with Side(HERE, benchmark) as new, Side(root, benchmark) as old:
        here, there = _rounds(new, old, getattr(module, "AGAINST_ROUNDS", ROUNDS))
    for name, reason in {**old.names, **new.names}.items():
        if reason:
            report.say(f"   {name}: {reason}")
    ratios = {name: Ratio.of(here[name], there[name]) for name in here if name in there}
    for name, ratio in ratios.items():
        before, now = (statistics.median(times[name]) * 1e3 for times in (there, here))
        report.say(f"   {name:36s} {before:9.2f} ms   {now:9.2f} ms   {ratio}")
        report.claim(f"{name}, against that commit", ratio.median, _limit(module, name))
    if hasattr(module, "across"):
        module.across(here, there, report)
    figures = {name: {"low": r.low, "median": r.median, "high": r.high} for name, r in ratios.items()}
    return report, {"ratios": figures, "here": here, "there": there}


def _limit(module: ModuleType, name: str) -> float:
    limit: float | Mapping[str, float] = getattr(module, "AGAINST", LIMIT)
    return limit.get(name, LIMIT) if isinstance(limit, Mapping) else limit


def _rounds(new: Side, old: Side, count: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Seconds of every piece of work that stands, on each side; who begins a round is drawn."""
    order = random.Random(7)
    here, there = _standing(new), _standing(old)
    sides = [(new, here), (old, there)]
    for number in range(-1, count):  # the first is for memories to fill, and does not count
        order.shuffle(sides)
        for name in here | there:
            for side, times in sides:
                if name in times:
                    took = side.round(name)
                    times[name] += [took] if number >= 0 else []
    return here, there


def _standing(side: Side) -> dict[str, list[float]]:
    return {name: [] for name, why_not in side.names.items() if not why_not}

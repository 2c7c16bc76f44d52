"""One batch from input to report: plan, pool, ledger."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mailweave.batch.answers import answer
from mailweave.batch.disk import Disk
from mailweave.batch.ledger import BatchError, Head, Ledger, Lock, refuse_unasked
from mailweave.batch.memory import give_back
from mailweave.batch.pool import Pool
from mailweave.batch.report import Timing, page, summarize
from mailweave.batch.staging import Duplicates, Staged, remove, stage
from mailweave.batch.worker import DEAD_SUFFIX, Job, Listed, Order
from mailweave.campaign import Campaign
from mailweave.diagnostics import diagnose
from mailweave.environment import Environment

SHARD = 500
_AHEAD = 4  # finished shards that may wait for their turn, for each worker


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is. `recipients` counts all of the list, `done` those committed."""

    recipients: int
    done: int


class Stopped(Exception):
    """Asked to stop: what is committed stays, and `--resume` goes on."""


def run(
    campaign: str | Path,
    profiles: str | Sequence[str],
    out: str | Path,
    *,
    events: str | Sequence[str] = (),
    now: datetime | None = None,
    context: dict[str, Any] | None = None,
    format: str = "parquet",
    workers: int | None = None,
    shard_size: int = SHARD,
    duplicates: Duplicates = "refuse",
    resume: bool = False,
    patience: float = 60.0,
    in_sql: bool = True,
    progress: Callable[[Progress], None] = lambda _: None,
) -> dict[str, Any]:
    """Renders a list into the folder `out` and returns its report.

    profiles, events: paths or globs of Parquet, CSV or JSONL files; an event's column `profile` holds the
    key of its recipient. now: an instant with a zone; else the campaign's pinned one; it must be known,
    because a batch may be resumed. workers: processes, by default one a core. shard_size: recipients a
    shard. duplicates: what to do with keys that occur twice. patience: seconds of silence after which a
    worker counts as hung. in_sql: whether rules are answered in DuckDB where that is sure to mean the same;
    the output does not depend on it.

    The bytes of the shards, of `manifest.jsonl` and of `dead.jsonl` depend on the campaign, the input,
    `now` and the versions installed, and on nothing else. Raises BatchError, CampaignError, Stopped.
    """
    started = time.perf_counter()
    folder, source = Path(out), Path(campaign)
    compiled = Environment().compile(source)
    moment = compiled.pinned(now)
    if moment is None:
        what = "a batch needs its instant, so that it can be resumed: --now, or `now` in campaign.toml"
        raise BatchError([diagnose("MW024", place=str(campaign), what=what)])
    lists, happened = _patterns(profiles), _patterns(events)
    options = _digest(moment.isoformat(), context, format, shard_size, duplicates)
    timing = Timing()
    order, count = Order(source, folder, format, moment, context), workers or os.cpu_count() or 1
    with writing(folder), Lock(folder), _stoppable() as asked:
        refuse_unasked(folder, resume=resume)
        try:
            with _pool(order, count, patience) as pool:  # its workers compile while the list is staged
                staged = stage(folder, lists, happened, compiled.key_column, duplicates)
                head = Head(compiled.digest, staged.digest, options, 0, version("mailweave"))
                with Ledger(folder, head, resume=resume, locked=True) as ledger:
                    about = compiled.context if context is None else {**compiled.context, **context}
                    answers = answer(folder, staged.shape, compiled.decisions, moment, about, in_sql=in_sql)
                    timing.staging = time.perf_counter() - started
                    give_back()  # what staging took
                    if asked:
                        raise Stopped
                    pool.begin(Listed(staged.shape, answers))
                    _render(pool, ledger, staged, shard_size, count, timing, progress, asked)
                    pool.close()
                    ledger.finish(DEAD_SUFFIX)
                    timing.seconds = time.perf_counter() - started
                    report = summarize(ledger.shards, staged, answers, timing)
                    write_report(folder, report, compiled)
        finally:
            remove(folder)
    return report


def _render(
    pool: Pool,
    ledger: Ledger,
    staged: Staged,
    size: int,
    workers: int,
    timing: Timing,
    progress: Callable[[Progress], None],
    asked: list[int],
) -> None:
    first = ledger.committed
    total = -(-staged.recipients // size)
    jobs = (Job(i, i * size, min((i + 1) * size, staged.recipients)) for i in range(first, total))
    progress(Progress(staged.recipients, min(first * size, staged.recipients)))
    for done in pool.run(jobs, workers * _AHEAD):
        ledger.commit(done.files, done.facts)
        timing.add(asdict(done.cpu), done.job.stop - done.job.start, done.slowest)
        progress(Progress(staged.recipients, done.job.stop))
        if asked:
            raise Stopped


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """A disk that refuses is a finding."""
    try:
        yield
    except OSError as error:
        what = f"{error.strerror or type(error).__name__}" + (f": {error.filename}" if error.filename else "")
        raise BatchError([diagnose("MW810", place=str(folder), what=what)]) from None


@contextmanager
def _pool(order: Order, workers: int, patience: float) -> Iterator[Pool]:
    pool = Pool(order, workers, patience=patience)
    try:
        yield pool
    finally:
        pool.close()


@contextmanager
def _stoppable() -> Iterator[list[int]]:
    """Collects SIGTERM and SIGINT; outside the main thread there is nothing to collect."""
    asked: list[int] = []
    try:
        before = {
            s: signal.signal(s, lambda number, _: asked.append(number))
            for s in (signal.SIGTERM, signal.SIGINT)
        }
    except ValueError:
        yield asked
        return
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _patterns(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else [str(name) for name in given]


def _digest(*parts: object) -> str:
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def write_report(folder: Path, report: dict[str, Any], campaign: Campaign) -> None:
    """The report of an output, as JSON and as a page."""
    disk = Disk()
    contents = {
        "report.json": json.dumps(report, indent=2) + "\n",
        "report.html": page(report, f"{campaign.config.name}: {report['rendered']:,} e-mails"),
    }
    for name, text in contents.items():
        disk.write(folder / f".{name}.part", text.encode())
        disk.rename(folder / f".{name}.part", folder / name)

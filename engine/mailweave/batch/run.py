"""One batch from input to report: plan, pool, ledger."""

from __future__ import annotations

import math
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mailweave.batch.arguments import (
    check_callable,
    check_count,
    check_number,
    check_one_of,
    checked_lists,
    checked_output,
    checked_people,
)
from mailweave.batch.attached import write_files
from mailweave.batch.audience import Duplicates
from mailweave.batch.disk import Disk
from mailweave.batch.extras import require
from mailweave.batch.folders import place, write_report, writing
from mailweave.batch.formats import FORMATS
from mailweave.batch.ledger import LEFT_OUT, BatchError, Head, Ledger, Lock, refuse_unasked
from mailweave.batch.locations import without_secrets
from mailweave.batch.memory_release import release_memory
from mailweave.batch.name_counts import undeclared
from mailweave.batch.options import Options
from mailweave.batch.pool import Pool
from mailweave.batch.precomputed_masks import Answers, answer
from mailweave.batch.report import Timing, summarize
from mailweave.batch.seed_copies import write_proofs
from mailweave.batch.stage_reader import Stage
from mailweave.batch.stage_writer import (
    MEMORY,
    STAGE,
    STAGED_LEFT_OUT,
    UNREAD_EVENTS,
    Staged,
    opened,
    remove,
    stage,
)
from mailweave.batch.undeclared import Undeclared, refusal
from mailweave.batch.worker import DEAD_SUFFIX, Job, Listed, Order
from mailweave.campaign import Campaign
from mailweave.campaign.arguments import check_flag, checked_folder
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.environment import Environment
from mailweave.values.zones import zone_data_version

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
    profiles: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    events: str | Path | Sequence[str | Path] = (),
    now: datetime | None = None,
    context: dict[str, Any] | None = None,
    format: str = "parquet",
    workers: int | None = None,
    shard_size: int = SHARD,
    duplicates: Duplicates = "refuse",
    resume: bool = False,
    patience: float = 60.0,
    in_sql: bool = True,
    strict: bool = False,
    dry_run: bool = False,
    limit: int | None = None,
    unique: str | None = None,
    suppress: str | Path | None = None,
    seeds: str | Path | None = None,
    send_id: str | None = None,
    max_dead: float | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
    warn: Callable[[Sequence[Diagnostic]], None] = lambda _: None,
) -> dict[str, Any]:
    """Renders a list into the folder `out` and returns its report.

    profiles, events: paths or globs of Parquet, CSV or JSONL files; an event's column `profile` holds the
    key of its recipient. now: an instant with a zone; else the campaign's pinned one; it must be known,
    because a batch may be resumed. workers: processes, by default one a core. shard_size: recipients a
    shard. duplicates: what to do with keys that occur twice. patience: seconds of silence after which a
    worker counts as hung. in_sql: whether rules are answered in DuckDB where that is sure to mean the same;
    the output does not depend on it.

    strict: refuse names that no rule declares, which are otherwise told to `warn`. dry_run: everything but the
    writing of messages. limit: only so many rows, the first ones. unique: an attribute; each of its values is
    mailed once. suppress: a file of keys and addresses that are never mailed, one a line. seeds: a file of
    addresses that get proofs. send_id: tells one sending of a version from the next. max_dead: a share of the
    recipients; with more dead letters than that the batch fails at its end, and its output stays.

    The bytes of the shards, of `manifest.jsonl` and of `dead.jsonl` depend on the campaign, the input,
    the options and the versions installed, and on nothing else. Raises BatchError, CampaignError, Stopped,
    ArgumentError for what cannot be meant, and MailweaveError without the extra `batch`.
    """
    require("batch", place=str(campaign), what="a batch")
    started = time.perf_counter()
    source, target = checked_folder(campaign), checked_output(out)
    lists, happened = checked_people(profiles), checked_lists("events", events)
    _check(format, workers, shard_size, patience, {"resume": resume, "in_sql": in_sql}, (progress, warn))
    compiled = Environment().compile(source)
    moment = compiled.pinned(now)
    if moment is None:
        what = "a batch needs its instant, so that it can be resumed: --now, or `now` in campaign.toml"
        raise BatchError([diagnose("MW024", place=str(campaign), what=what)])
    options = Options.of(
        compiled, duplicates, limit, unique, suppress, seeds, send_id, strict, dry_run, max_dead
    )
    compiled.snapshot(context)  # what is wrong with it is said once, and here
    told = {
        "engine": "pool",
        "now": moment.isoformat(),
        "zones": zone_data_version(),
        "format": format,
        "shard_size": shard_size,
        **options.named(context),
    }
    timing = Timing()
    count = workers or os.cpu_count() or 1
    about = compiled.context if context is None else {**compiled.context, **context}
    with writing(target), place(target, dry_run) as folder, Lock(folder) as lock, _stoppable() as asked:
        refuse_unasked(folder, resume=resume)
        order = Order(source, folder, format, moment, context, send_id, dry_run)
        try:
            with _pool(order, count, patience, lock) as pool:  # its workers compile while the list is staged
                staged = stage(folder, lists, happened, compiled.key_column, options.choice)
                names = _named(folder, staged, compiled, (lists, happened), options, warn)
                head = Head(compiled.digest, staged.digest, told, 0, version("mailweave"))
                with Ledger(folder, head, resume=resume, locked=True) as ledger:
                    if FORMATS[format].lists_files and not dry_run:
                        write_files(folder, compiled.files)
                    answers = answer(folder, staged.shape, compiled.decisions, moment, about, in_sql=in_sql)
                    timing.staging = time.perf_counter() - started
                    release_memory()  # what staging took
                    if asked:
                        raise Stopped
                    pool.begin(Listed(staged.shape, answers))
                    check = partial(lock.require, STAGE)
                    _render(pool, ledger, staged, shard_size, count, timing, progress, asked, check)
                    pool.close()
                    ledger.finish(DEAD_SUFFIX, folder / UNREAD_EVENTS)
                    _leave_out(folder)
                    timing.seconds = time.perf_counter() - started
                    report = summarize(ledger.shards, staged, answers, timing, names)
                    if options.seeds:
                        reader = _reader(order, staged, answers, compiled)
                        proofs = write_proofs(reader, order, compiled, options.seeds, staged.recipients)
                        report["seeds"] = proofs
                    write_report(folder, report, compiled)
        finally:
            remove(folder)
    options.judge(report, target)
    return report


def _check(
    format: object,
    workers: object,
    shard_size: object,
    patience: object,
    flags: Mapping[str, object],
    told: tuple[object, object],
) -> None:
    """Raises ArgumentError for what the pool could not work with."""
    check_one_of("format", format, FORMATS)
    check_count("workers", workers, optional=True)
    check_count("shard_size", shard_size)
    check_number("patience", patience, 1, math.inf, "60")
    for name, flag in flags.items():
        check_flag(name, flag)
    for name, function in zip(("progress", "warn"), told, strict=True):
        check_callable(name, function)


def _named(
    folder: Path,
    staged: Staged,
    campaign: Campaign,
    lists: tuple[Sequence[str], Sequence[str]],
    options: Options,
    warn: Callable[[Sequence[Diagnostic]], None],
) -> Undeclared:
    """What lists and rules do not agree on. Raises BatchError where that is to be refused."""
    schema = campaign.decisions.program.schema
    shown, happened = (", ".join(map(without_secrets, one)) for one in lists)
    with opened(folder, shown, MEMORY[-1]) as connection:
        found = undeclared(connection, staged.shape, schema, campaign.key_column)
    if options.strict and not found.is_nothing:
        raise BatchError([refusal(found, schema, shown)])
    warn(found.diagnostics(schema, shown, happened))
    return found


def _leave_out(folder: Path) -> None:
    """Who is left out is said in the output, and nothing else is: not whom an earlier dry run left out."""
    if (folder / STAGED_LEFT_OUT).exists():
        Disk().rename(folder / STAGED_LEFT_OUT, folder / LEFT_OUT)
    else:
        Disk().remove(folder / LEFT_OUT)


def _reader(order: Order, staged: Staged, answers: Answers, campaign: Campaign) -> Stage:
    schema = campaign.decisions.program.schema
    return Stage(order.folder, staged.shape, schema, campaign.key_column, answers)


def _render(
    pool: Pool,
    ledger: Ledger,
    staged: Staged,
    size: int,
    workers: int,
    timing: Timing,
    progress: Callable[[Progress], None],
    asked: list[int],
    check: Callable[[], None],
) -> None:
    first = ledger.committed
    total = -(-staged.recipients // size)
    jobs = (Job(i, i * size, min((i + 1) * size, staged.recipients)) for i in range(first, total))
    progress(Progress(staged.recipients, min(first * size, staged.recipients)))
    for done in pool.run(jobs, workers * _AHEAD):
        check()
        ledger.commit(done.files, done.facts)
        timing.add(asdict(done.cpu), done.job.stop - done.job.start, done.slowest)
        progress(Progress(staged.recipients, done.job.stop))
        if asked:
            raise Stopped


@contextmanager
def _pool(order: Order, workers: int, patience: float, lock: Lock) -> Iterator[Pool]:
    pool = Pool(order, workers, patience=patience, check=lock.require)
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

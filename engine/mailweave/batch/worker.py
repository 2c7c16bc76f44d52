"""A worker: one process that compiles the campaign once and renders shards until it is told to end.

It begins before the list is staged, and hears then what was staged. It ends itself when its parent dies, so that no
orphan goes on writing.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from mailweave.batch.cut_mails import write_sheets
from mailweave.batch.disk import Disk
from mailweave.batch.formats import FORMATS
from mailweave.batch.ledger import SHARDS, Written
from mailweave.batch.memory_release import release_memory
from mailweave.batch.precomputed_masks import Answers
from mailweave.batch.processes import live_as_worker
from mailweave.batch.rendering import Outcome, ShardRenderer
from mailweave.batch.stage_reader import Stage
from mailweave.batch.stage_writer import Shape
from mailweave.environment import Environment

DEAD_SUFFIX, SKIPPED_SUFFIX = ".dead.jsonl", ".skipped.jsonl"
_WORDS = 300  # characters of an error that are told
_PULSE = 1.0  # seconds between two signs of life


@dataclass(frozen=True, slots=True)
class Order:
    """What every worker of a batch is told when it begins."""

    campaign: Path
    folder: Path
    format: str
    now: datetime
    context: dict[str, Any] | None
    send_id: str | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """What a worker has to know of the stage, once there is one."""

    shape: Shape
    answers: Answers


@dataclass(frozen=True, slots=True)
class Job:
    """A range of the list. `index` is None for a trial run, which writes nothing. `lost`: how often it has ended a
    worker without a cause that was found."""

    index: int | None
    start: int
    stop: int
    poison: tuple[int, ...] = ()
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Cpu:
    """CPU seconds of a shard, by what they went into: `render` makes each message, `encode` puts a shard together,
    `write` is checksums and fsync."""

    read: float = 0.0
    render: float = 0.0
    encode: float = 0.0
    write: float = 0.0


@dataclass(frozen=True, slots=True)
class Done:
    """A rendered shard: its files, what the manifest says of it, and times that the report shows."""

    job: Job
    files: tuple[Written, ...]
    facts: dict[str, Any]
    cpu: Cpu
    slowest: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Unwritable:
    """The disk refuses what a worker writes: no fault of a recipient, and nothing to try again."""

    what: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The last words of a worker. `blameless`: what it held, if anything, cannot be the cause."""

    words: str
    blameless: bool


@dataclass(frozen=True, slots=True)
class Alive:
    """A sign of life, with the line of the input that is being rendered."""


def work(connection: Connection, order: Order, listed: Listed | None, parent: int) -> None:
    """The life of a worker; what is `listed` comes through the connection if it is not known yet."""
    live_as_worker(parent)
    begun = False
    try:
        stage, renderer = _begun(connection, order, listed)
        connection.send(Alive())
        begun = True
        while True:
            job = connection.recv()
            connection.send(_tried(job, order, stage, renderer, _Pulse(connection)))
            release_memory()
    except (EOFError, BrokenPipeError):
        return  # the parent is gone, or needs no more
    except Exception as error:  # noqa: BLE001 - whatever ends a worker, its parent is told
        with contextlib.suppress(OSError):
            connection.send(Ended(_words(error, told=not begun), not begun or _is_of_stage(error)))
        sys.exit(1)


def _begun(connection: Connection, order: Order, listed: Listed | None) -> tuple[Stage, ShardRenderer]:
    campaign = Environment().compile(order.campaign)
    form = FORMATS[order.format]
    renderer = ShardRenderer(campaign, order.now, order.context, form.piece, order.send_id, cuts=form.cuts)
    if listed is None:
        listed = connection.recv()
    schema = campaign.decisions.program.schema
    return Stage(order.folder, listed.shape, schema, campaign.key_column, listed.answers), renderer


def _words(error: Exception, *, told: bool) -> str:
    """What an exception says; nothing but its type where it may quote a recipient's data."""
    name = type(error).__name__
    text = str(error).strip().splitlines()
    return f"{name}: {text[0][:_WORDS]}" if told and text else name


def _is_of_stage(error: Exception) -> bool:
    """Whether the staged list cannot be read: it is ours, so no recipient is to blame."""
    import duckdb

    return isinstance(error, duckdb.Error) and not isinstance(error, duckdb.OutOfMemoryException)


class _Pulse:
    """Tells the parent, at most once a second, that the worker is at work."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._last = connection, time.monotonic()

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self._last > _PULSE:
            self._last = now
            self._connection.send(Alive())


def _tried(job: Job, order: Order, stage: Stage, renderer: ShardRenderer, pulse: _Pulse) -> Done | Unwritable:
    try:
        return _do(job, order, stage, renderer, pulse)
    except BrokenPipeError:
        raise  # the parent is gone
    except OSError as error:
        return Unwritable(error.strerror or type(error).__name__)


def _do(job: Job, order: Order, stage: Stage, renderer: ShardRenderer, pulse: _Pulse) -> Done:
    marks = [time.process_time()]
    people = list(stage.read(job.start, job.stop))
    marks.append(time.process_time())
    outcome = renderer.render(iter(people), job.poison, pulse)
    marks.append(time.process_time())
    contents = [] if job.index is None else _contents(order, outcome)
    shared = _shared(job, order, outcome)
    marks.append(time.process_time())
    files = tuple(_written(f"{job.index:06d}{ending}", order, content) for ending, content in contents)
    marks.append(time.process_time())
    cpu = Cpu(*(after - before for before, after in pairwise(marks)))
    return Done(job, files, outcome.facts() | shared, cpu, tuple(sorted(outcome.slowest, reverse=True)))


def _contents(order: Order, outcome: Outcome) -> list[tuple[str, bytes]]:
    """The files of a shard, by how their names end."""
    form = FORMATS[order.format]
    messages = [] if order.dry_run else [(form.suffix, form.gather(outcome.pieces))]
    return [
        *messages,
        (DEAD_SUFFIX, b"".join(outcome.dead)),
        (SKIPPED_SUFFIX, b"".join(outcome.skipped)),
    ]


def _shared(job: Job, order: Order, outcome: Outcome) -> dict[str, list[str]]:
    """Writes what many shards have in common; the names of it, as the manifest holds them."""
    share = FORMATS[order.format].shared
    if share is None or job.index is None or order.dry_run:
        return {}
    found = share(outcome.pieces)
    write_sheets(order.folder, found)
    return {"sheets": sorted(found)}


def _written(name: str, order: Order, content: bytes) -> Written:
    temporary = f".{name}.{os.getpid()}.part"
    Disk().write(order.folder / SHARDS / temporary, content)
    return Written(name, temporary, len(content), hashlib.sha256(content).hexdigest())

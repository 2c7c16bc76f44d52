"""Spawned workers: orders out, shards in; the dead and the hung are replaced, and the poison is found.

A worker that ends or falls silent while it holds a range leaves that range suspect. A suspect range is
tried again by halves, until the one recipient is found that ends workers; it becomes a dead letter. Ranges that have
nothing in common and end workers alike, with none between them that does not, are no recipient's fault (`vigil`).
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from mailweave.batch.ledger import BatchError, Stuck
from mailweave.batch.processes import spawned
from mailweave.batch.worker import Done, Ended, Job, Listed, Order, Unwritable, work
from mailweave.batch.worker_failures import APART, WorkerFailures
from mailweave.diagnostics import diagnose

_PATIENT = (
    5  # times that a range may end a worker without a cause that is found: it may be killed from outside
)
_STARTING = 120.0  # seconds that a worker may take to import and compile, on a busy machine
_DYING = 2.0  # seconds in which one whose connection has closed ends
_PAUSE = 0.5  # seconds before the next worker is started, where one did not start
_SILENT = Ended("", blameless=False)


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    job: Job | None = None
    heard: float = field(default_factory=time.monotonic)
    ready: bool = False


class Pool:
    """Workers for one batch. `patience`: seconds of silence after which a worker counts as hung. `check` raises where
    there is nothing left to work on; it is called before each worker is started.

    They import and compile at once; `begin` tells them what there is to render.
    """

    def __init__(
        self, order: Order, workers: int, *, patience: float = 60.0, check: Callable[[], None] = lambda: None
    ) -> None:
        self._order, self._patience, self._check = order, patience, check
        self._listed: Listed | None = None
        self._vigil = WorkerFailures(workers)
        self._workers = [self._hire() for _ in range(workers)]

    def begin(self, listed: Listed) -> None:
        """The list is staged. To be called once, before `run`."""
        self._listed = listed
        for worker in self._workers:
            worker.heard = time.monotonic()
            with contextlib.suppress(OSError):  # if it has ended, that is news, and heard as such
                worker.connection.send(listed)

    def run(self, jobs: Iterator[Job], ahead: int) -> Iterator[Done]:
        """The outcome of every job, in the order of the jobs; at most `ahead` of them wait for their turn."""
        waiting: deque[Job] = deque()
        done: dict[int, Done] = {}
        due: deque[int] = deque()
        exhausted = False
        while True:
            while not exhausted and len(due) < ahead:
                job = next(jobs, None)
                if job is None:
                    exhausted = True
                else:
                    assert job.index is not None
                    waiting.append(job)
                    due.append(job.index)
            if not due:
                return
            for result in self._turn(waiting):
                assert result.job.index is not None
                done[result.job.index] = result
            while due and due[0] in done:
                yield done.pop(due.popleft())

    def close(self) -> None:
        """Ends all workers."""
        for worker in self._workers:
            self._dismiss(worker)
        self._workers = []

    def _turn(self, waiting: deque[Job]) -> list[Done]:
        """Hands out work, waits for news; results of whole shards."""
        for worker in self._workers:
            if worker.ready and worker.job is None and waiting:
                self._give(worker, waiting.popleft())
        news = wait([w.connection for w in self._workers], timeout=min(1.0, self._patience / 4))
        results = []
        for worker in list(self._workers):
            if worker.connection in news:
                result = self._hear(worker, waiting)
                if result is not None:
                    results.append(result)
            elif time.monotonic() - worker.heard > self._waits_for(worker):
                self._lost(worker, waiting)
        return results

    def _give(self, worker: _Worker, job: Job) -> None:
        worker.job, worker.heard = job, time.monotonic()
        with contextlib.suppress(OSError):  # if it has ended, that is news, and heard as such
            worker.connection.send(job)

    def _hear(self, worker: _Worker, waiting: deque[Job]) -> Done | None:
        try:
            message = worker.connection.recv()
        except (EOFError, OSError):
            message = Ended("", blameless=False)
        worker.heard = time.monotonic()
        match message:
            case Ended():
                self._lost(worker, waiting, message)
            case Unwritable(what=what):
                raise BatchError([diagnose("MW810", place=str(self._order.folder), what=what)])
            case Done(job=job):
                worker.job = None
                self._vigil.survived(job.start, job.stop)
                return message
            case _:  # its first word, whatever it says
                worker.ready = True
        return None

    def _lost(self, worker: _Worker, waiting: deque[Job], last: Ended = _SILENT) -> None:
        """A worker has died or hung: another takes its place, and its range is searched for poison."""
        job = worker.job
        self._workers.remove(worker)
        words = self._buried(worker, last)
        if job is None or last.blameless:
            self._not_started(words)
            waiting.extendleft([job] if job else [])
            self._workers.append(self._hire())
            return
        self._workers.append(self._hire())
        poison = self._searched(job, words)
        if not poison and job.lost >= _PATIENT:
            range_ = f"it ends on recipients {job.start} to {job.stop}, though on none of them alone: {words}"
            raise self._stuck(f"{range_}; try fewer at a time: --shard-size")
        known = tuple(sorted({*job.poison, *poison}))
        waiting.appendleft(replace(job, poison=known, lost=0 if poison else job.lost + 1))

    # ---- the search for poison

    def _searched(self, job: Job, words: str) -> list[int]:
        """The numbers in a suspect range that end a worker, each tried by itself in the end."""
        self._died(job, job.start, job.stop, words)
        poison: list[int] = []
        suspects = deque(_halves(job.start, job.stop))
        trial = self._started()
        while suspects:
            start, stop = suspects.popleft()
            last = self._tried(trial, Job(None, start, stop, (*job.poison, *poison)))
            if last is None:
                self._vigil.survived(start, stop)
                continue
            words = self._buried(trial, last)
            if last.blameless:
                self._not_started(words)
                suspects.appendleft((start, stop))
            else:
                self._died(job, start, stop, words)
                if stop - start == 1:
                    poison.append(start)
                else:
                    suspects += _halves(start, stop)
            trial = self._started()
        self._dismiss(trial)
        return poison

    def _died(self, job: Job, start: int, stop: int, words: str) -> None:
        """One more range that ends workers. Raises Stuck when it is no recipient's fault."""
        self._vigil.died(start, stop, words)
        if self._vigil.is_doubtful and not self._anybody_survives(job) and self._vigil.is_hopeless:
            raise self._stuck(words)

    def _anybody_survives(self, job: Job) -> bool:
        """Tries a few single recipients of a range, far apart: seldom is each of them the cause."""
        for number in range(job.start, job.stop, max(1, (job.stop - job.start) // APART)):
            if self._vigil.is_hopeless:
                return False
            trial = self._started()
            last = self._tried(trial, Job(None, number, number + 1, job.poison))
            if last is None:
                self._dismiss(trial)
                self._vigil.survived(number, number + 1)
                return True
            words = self._buried(trial, last)
            if last.blameless:
                self._not_started(words)
            else:
                self._vigil.died(number, number + 1, words)
        return False

    def _started(self) -> _Worker:
        """A worker for trials that has begun. Raises Stuck where several in a row do not."""
        while True:
            worker = self._hire()
            last = self._awaited(worker)
            if last is None:
                return worker
            self._not_started(self._buried(worker, last))

    def _awaited(self, worker: _Worker) -> Ended | None:
        """Waits until a worker has begun; its last words where it does not."""
        try:
            while not worker.ready:
                if not worker.connection.poll(self._waits_for(worker)):
                    return _SILENT
                message = worker.connection.recv()
                if isinstance(message, Ended):
                    return message
                worker.ready = True
        except (EOFError, OSError):
            return Ended("", blameless=True)
        return None

    def _tried(self, worker: _Worker, job: Job) -> Ended | None:
        """The last words of a worker that does not survive a range."""
        try:
            worker.connection.send(job)
            while worker.connection.poll(self._patience):
                message = worker.connection.recv()
                if isinstance(message, Ended):
                    return message
                if isinstance(message, Done | Unwritable):
                    return None
        except (EOFError, OSError):
            return Ended("", blameless=False)
        return _SILENT

    def _not_started(self, words: str) -> None:
        """One more worker that ended though it rendered nobody. Raises Stuck after a few."""
        if self._vigil.not_started():
            raise self._stuck(words)
        time.sleep(_PAUSE)

    def _stuck(self, words: str) -> Stuck:
        return Stuck([diagnose("MW816", place=str(self._order.campaign), what=words)])

    # ---- processes

    def _waits_for(self, worker: _Worker) -> float:
        """Seconds of silence that are borne: a worker that still compiles the campaign says nothing."""
        return self._patience if worker.ready else max(self._patience, _STARTING)

    def _hire(self) -> _Worker:
        self._check()
        return _Worker(*spawned(work, self._order, self._listed, os.getpid()))

    def _buried(self, worker: _Worker, last: Ended) -> str:
        """Ends a worker, and says how it ended: in its own words if it had any."""
        worker.connection.close()
        worker.process.join(0 if last is _SILENT else _DYING)
        code = worker.process.exitcode
        self._dismiss(worker)
        if last.words:
            return last.words
        if code is None:
            return "it falls silent"
        return f"it is killed by signal {-code}" if code < 0 else f"it ends with exit code {code}"

    def _dismiss(self, worker: _Worker) -> None:
        worker.connection.close()
        worker.process.kill()
        worker.process.join()


def _halves(start: int, stop: int) -> list[tuple[int, int]]:
    """A range in two; one recipient is tried by itself."""
    middle = (start + stop) // 2
    return [(start, middle), (middle, stop)] if stop - start > 1 else [(start, stop)]

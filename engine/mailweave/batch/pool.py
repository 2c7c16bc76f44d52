"""Spawned workers: orders out, shards in; the dead and the hung are replaced, and the poison is found.

A worker that ends or falls silent while it holds a range leaves that range suspect. A suspect range is
tried again by halves, until the one recipient is found that ends workers; it becomes a dead letter.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from mailweave.batch.ledger import BatchError
from mailweave.batch.worker import Done, Job, Listed, Order, Unwritable, work
from mailweave.diagnostics import diagnose

_PATIENT = (
    5  # times that a range may end a worker without a cause that is found: it may be killed from outside
)
_STARTING = 120.0  # seconds that a worker may take to import and compile, on a busy machine


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    job: Job | None = None
    heard: float = field(default_factory=time.monotonic)
    ready: bool = False


class Pool:
    """Workers for one batch. `patience`: seconds of silence after which a worker counts as hung.

    They import and compile at once; `begin` tells them what there is to render.
    """

    def __init__(self, order: Order, workers: int, *, patience: float = 60.0) -> None:
        self._order, self._patience = order, patience
        self._listed: Listed | None = None
        self._spawn = multiprocessing.get_context("spawn")
        self._failures = 0
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
            self._lost(worker, waiting)
            return None
        worker.heard, worker.ready = time.monotonic(), True
        if isinstance(message, Unwritable):
            raise BatchError([diagnose("MW810", place=str(self._order.folder), what=message.what)])
        if not isinstance(message, Done):
            return None
        worker.job, self._failures = None, 0
        return message

    def _lost(self, worker: _Worker, waiting: deque[Job]) -> None:
        """A worker has died or hung: another takes its place, and its range is searched for poison."""
        job = worker.job
        self._workers.remove(worker)
        self._dismiss(worker)
        if job is None:
            self._failures += 1
            if self._failures > 2 * len(self._workers) + 2:
                raise BatchError([diagnose("MW807", place=str(self._order.campaign), what="it ends at once")])
        self._workers.append(self._hire())
        if job is not None:
            poison = self._search(job)
            if not poison and job.lost >= _PATIENT:
                range_ = f"it ends on recipients {job.start} to {job.stop}, though on none of them alone"
                todo = "try fewer at a time: --shard-size"
                raise BatchError([diagnose("MW807", place=str(self._order.campaign), what=range_, help=todo)])
            known = tuple(sorted({*job.poison, *poison}))
            waiting.appendleft(replace(job, poison=known, lost=0 if poison else job.lost + 1))

    def _search(self, job: Job) -> list[int]:
        """The numbers in a suspect range that end a worker, each tried by itself in the end."""
        trial = self._hire()
        poison: list[int] = []
        suspects = [(job.start, job.stop)]
        while suspects:
            start, stop = suspects.pop()
            if self._survives(trial, Job(None, start, stop, (*job.poison, *poison))):
                continue
            self._dismiss(trial)
            trial = self._hire()
            if stop - start == 1:
                poison.append(start)
                continue
            middle = (start + stop) // 2
            suspects += [(middle, stop), (start, middle)]
        self._dismiss(trial)
        return poison

    def _survives(self, worker: _Worker, job: Job) -> bool:
        try:
            while not worker.ready:
                if not worker.connection.poll(self._waits_for(worker)):
                    return False
                worker.connection.recv()
                worker.ready = True
            worker.connection.send(job)
            while worker.connection.poll(self._patience):
                if isinstance(worker.connection.recv(), Done | Unwritable):
                    return True
        except (EOFError, OSError):
            return False
        return False

    def _waits_for(self, worker: _Worker) -> float:
        """Seconds of silence that are borne: a worker that still compiles the campaign says nothing."""
        return self._patience if worker.ready else max(self._patience, _STARTING)

    def _hire(self) -> _Worker:
        ours, theirs = self._spawn.Pipe()
        known = (theirs, self._order, self._listed, os.getpid())
        process = self._spawn.Process(target=work, args=known, daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _dismiss(self, worker: _Worker) -> None:
        worker.connection.close()
        worker.process.kill()
        worker.process.join()

"""Processes that answer the lines of batches, a core each, beside the one that serves.

Each compiles the folder for itself, and says what came of it by digests. Lines go to one that has the very campaigns
which their request began with; where there is none, the process that serves answers them itself.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Final, NamedTuple

from mailweave.batch.processes import Spawned, spawned
from mailweave.delivery.service.asgi import Answer
from mailweave.delivery.service.doors import failed
from mailweave.delivery.service.frames import Reader
from mailweave.delivery.service.guard import LOG
from mailweave.delivery.service.refusals import refusal
from mailweave.delivery.service.shelf import Campaigns, Shelf
from mailweave.delivery.service.threads import Threads
from mailweave.delivery.service.worker import Counts, Digests, Lines, Order, bodies, counted, digests, work

_AHEAD: Final = 2  # portions for each worker: one that it answers, and one that waits for it
_PAUSE: Final = 60.0  # seconds, after one that could not begin: its like would follow it at once


class Told(NamedTuple):
    """The answers to a portion of lines, a line each; and how many there are of each campaign and outcome."""

    body: bytes
    counts: Counts

    @classmethod
    def of(cls, answers: Sequence[Answer]) -> Told:
        """These answers."""
        return cls(b"".join(bodies(answers)), counted(answers))


@dataclass(slots=True)
class _Worker:
    """`met`: the campaigns for which it was last asked to read the folder, and `is_reading` until it says what it found:
    `known`."""

    spawned: Spawned
    reader: Reader
    met: Campaigns | None = None
    known: Digests | None = None
    is_reading: bool = False


class Workers:
    """So many processes; they are begun with the first batch. Safe to share between threads: a portion of a batch has one
    of `threads` until it is answered, and `ahead` portions of a batch may be on their way."""

    def __init__(self, shelf: Shelf, order: Order, count: int) -> None:
        self.threads, self.ahead = Threads(count), _AHEAD * count
        self._shelf, self._order, self._to_hire = shelf, order, count
        self._idle: list[_Worker] = []
        self._not_before = 0.0
        self._alive = set[BaseProcess]()
        self._lock = threading.Lock()

    def told(self, lines: Lines, campaigns: Campaigns) -> Told | None:
        """What a worker answers; None where none is free, or the one that is has other campaigns, reads them yet, or leaves
        them to this process.

        Where one ends over lines, each of them is told so: whichever it was would end this process, too. Another takes
        the place of one that has ended.
        """
        worker = self._taken()
        if worker is None:
            return None
        is_asked, found = False, None
        try:
            if self._is_ready(worker, campaigns):
                is_asked = True
                worker.spawned.connection.send(lines)
                counts, body = worker.reader.read()
                found = Told(body, counts) if counts else None
        except (EOFError, OSError):
            self._buried(worker)
            lost = failed(refusal(500, "MW779", kind="a worker has ended"))
            return Told.of([lost] * len(lines)) if is_asked else None
        with self._lock:
            self._idle.append(worker)
        return found

    def end(self) -> None:
        """Ends all of them, whatever they do: who waits for one is told that it has ended. None begins any more."""
        self._not_before = math.inf
        for process in tuple(self._alive):
            process.kill()

    def _taken(self) -> _Worker | None:
        with self._lock:
            if self._idle:
                return self._idle.pop()
            if not self._to_hire or time.monotonic() < self._not_before:
                return None
            self._to_hire -= 1
        return self._hired()

    def _hired(self) -> _Worker | None:
        try:
            hired = spawned(work, self._order, os.getpid())
        except OSError as error:
            LOG.error("a worker for batches cannot begin: %s", error.strerror or type(error).__name__)
            self._missed(has_begun=False)
            return None
        self._alive.add(hired.process)
        return _Worker(hired, Reader(hired.connection.fileno()))

    def _is_ready(self, worker: _Worker, campaigns: Campaigns) -> bool:
        connection, current = worker.spawned.connection, self._shelf.campaigns
        if connection.poll():  # what it found, or that it has ended
            worker.known, worker.is_reading = connection.recv(), False
        if not worker.is_reading and worker.met is not current:
            connection.send(None)
            worker.met, worker.is_reading = current, True
        return not worker.is_reading and worker.known == digests(campaigns)

    def _buried(self, worker: _Worker) -> None:
        worker.spawned.connection.close()
        worker.spawned.process.join()
        self._alive.discard(worker.spawned.process)
        LOG.error("a worker for batches has ended, code %s", worker.spawned.process.exitcode)
        self._missed(has_begun=worker.known is not None)

    def _missed(self, *, has_begun: bool) -> None:
        """Another may take its place: at once, unless it would end before it has begun, too."""
        with self._lock:
            self._to_hire += 1
            if not has_begun:
                self._not_before = max(self._not_before, time.monotonic() + _PAUSE)

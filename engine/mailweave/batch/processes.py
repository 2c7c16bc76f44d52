"""Processes that are spawned: they end with their parent, and need nothing of the script that it runs."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Lock
from types import ModuleType
from typing import Concatenate, Final, NamedTuple, ParamSpec

_SET_DEATH_SIGNAL: Final = 1  # PR_SET_PDEATHSIG
_SPAWNING: Final = Lock()
_P = ParamSpec("_P")


class Spawned(NamedTuple):
    """A process, and our end of what leads to it."""

    process: BaseProcess
    connection: Connection


def spawned(
    work: Callable[Concatenate[Connection, _P], None], *given: _P.args, **named: _P.kwargs
) -> Spawned:
    """A process that does `work` with its end of a connection, and what else is given.

    Python would run the caller's script once more in it, and one without `if __name__ == "__main__":` would begin there
    what it began here; of an empty module it has nothing to run. Ctrl-C, which the terminal sends to all of them, would
    be a traceback of one that is still beginning, so it is held back there until `live_as_worker`. Raises OSError where
    no process can be had.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, *given), kwargs=named, daemon=True)
    with _SPAWNING, _held_back(signal.SIGINT):
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main
    theirs.close()
    return Spawned(process, ours)


@contextmanager
def _held_back(one: signal.Signals) -> Iterator[None]:
    """A process that this thread begins meanwhile does not get this signal before it asks for it."""
    resource_tracker.ensure_running()  # it would lift the block when it begins
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [one])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def live_as_worker(parent: int) -> None:
    """Leaves Ctrl-C to the parent, which says when to end, and ends with it, so that no orphan works on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)

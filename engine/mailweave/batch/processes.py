"""Processes that are spawned: they end with their parent, and need nothing of the script that it runs."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
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
    what it began here; of an empty module it has nothing to run.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=work, args=(theirs, *given), kwargs=named, daemon=True)
    with _SPAWNING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main
    theirs.close()
    return Spawned(process, ours)


def live_as_worker(parent: int) -> None:
    """Leaves Ctrl-C to the parent, which says when to end, and ends with it, so that no orphan works on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)

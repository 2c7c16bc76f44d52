"""Processes that are spawned: what they do before they know that they are workers."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection

from mailweave.batch.processes import live_as_worker, spawned


def _say_what_is_held_back(connection: Connection, parent: int) -> None:
    held = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    os.kill(os.getpid(), signal.SIGINT)  # as the terminal does to all of them
    live_as_worker(parent)
    connection.send(held)


def test_ctrl_c_is_left_to_the_parent_from_the_first_moment() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    process, connection = spawned(_say_what_is_held_back, os.getpid())
    assert connection.recv() >= {signal.SIGINT}
    process.join(20)
    assert process.exitcode == 0
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before

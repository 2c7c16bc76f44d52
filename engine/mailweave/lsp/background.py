"""When campaigns are checked: a moment after the last key, one at a time, in a process beside; the newest text wins."""

from __future__ import annotations

import asyncio
import importlib
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Final, TypeVar

from mailweave.lsp.reports import Renamed, Report

PAUSE: Final = 0.2  # seconds without a key before a campaign is checked
_T = TypeVar("_T")


def _quiet() -> None:
    """What the process beside prints goes where errors go: standard output is the editor's. Loads the engine."""
    os.dup2(2, 1)
    importlib.import_module("mailweave.lsp.checking")  # lint and proofs, which the server does without


def _report(unit: str, texts: Mapping[str, str]) -> Report:
    from mailweave.lsp.checking import report

    return report(unit, texts)


def _objection(rename: Renamed) -> str:
    from mailweave.lsp.checking import objection

    return objection(rename)


def _ready() -> None:
    """Nothing, done in the process beside: so it is started."""


class Background:
    """Checks campaigns when they rest. `texts` gives what is unsaved of one; `told` takes what was found.

    A check that is overtaken by typing is not told: the next one is.
    """

    def __init__(
        self,
        texts: Callable[[str], Mapping[str, str]],
        told: Callable[[str, Report], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._texts, self._told, self._failed = texts, told, failed
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._pool: ProcessPoolExecutor | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()

    def wanted(self, unit: str, *, after: float = PAUSE) -> None:
        """A campaign is to be checked, a moment after it was last asked for."""
        waiting = self._waiting.pop(unit, None)
        if waiting is not None:
            waiting.cancel()
        self._waiting[unit] = asyncio.get_running_loop().call_later(after, self._begin, unit)

    def warm(self) -> None:
        """Starts the process, so that the first check finds the engine loaded."""
        self._started().submit(_ready)

    async def objection(self, rename: Renamed) -> str:
        """Why a rename is not proved to be whole; empty where it is."""
        return await self._beside(_objection, rename)

    def end(self) -> None:
        """Ends the process; what it works on is given up."""
        for waiting in self._waiting.values():
            waiting.cancel()
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)

    def _begin(self, unit: str) -> None:
        self._waiting.pop(unit, None)
        task = asyncio.get_running_loop().create_task(self._check(unit))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _check(self, unit: str) -> None:
        async with self._turn:
            if unit in self._waiting:
                return  # typed on meanwhile: that check is the one
            texts = self._texts(unit)
            try:
                report = await self._beside(_report, unit, texts)
            except Exception as error:  # noqa: BLE001 - the server outlives its checks
                self._failed(error)
                return
        if unit not in self._waiting and self._texts(unit) == texts:
            self._told(unit, report)

    async def _beside(self, work: Callable[..., _T], *arguments: object) -> _T:
        """What the process beside makes; one that died is begun anew, once."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._started(), work, *arguments)
        except BrokenProcessPool:
            self._pool = None
            return await loop.run_in_executor(self._started(), work, *arguments)

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_quiet)
        return self._pool

"""Tells when a file of a folder was saved, for as long as anybody wants to know: also of a folder that goes and comes."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from watchfiles import Change, watch

_SETTLED = (
    8  # milliseconds without a change, looked for twice: an editor that writes a file twice is one save
)
_QUIET = 50  # milliseconds after which a watched folder without a change says so
_AGAIN, _LATER = 0.2, 2.0  # seconds until a folder that is gone is looked for, and one that gives no watch
_NOISE: Final = re.compile(r"(?:^|/)(?:\.git|\.hg|\.svn)(?:/|$)|~$|\.sw[a-z]$|(?:^|/)\.#")


def all_watched(
    folder: Path,
    others: Callable[[], frozenset[Path]],
    saved: Callable[[], None],
    stop: threading.Event,
) -> None:
    """Like `watched`, and watches further folders, which may become others at each save, until `stop` is set."""
    running: dict[Path, threading.Event] = {}

    def keep_up() -> None:
        while not stop.wait(_AGAIN):
            try:
                wanted = others()
            except OSError:
                continue  # a folder is between two names
            for gone in running.keys() - wanted:
                running.pop(gone).set()
            for new in wanted - running.keys():
                running[new] = ended = threading.Event()
                threading.Thread(target=watched, args=(new, saved, ended), daemon=True).start()
        for ended in running.values():
            ended.set()

    threading.Thread(target=keep_up, daemon=True).start()
    watched(folder, saved, stop)


def watched(folder: Path, saved: Callable[[], None], stop: threading.Event) -> None:
    """Calls `saved` once the folder is watched, and at each change, until `stop` is set.

    The folder may go, come back, or become another one of its name. What the watcher cannot say, such as a name that is no
    text, is a change as well. Where the system gives no watch, the folder is looked through again and again.
    """
    polls = False
    while not stop.is_set():
        is_told = False
        with suppress(Exception):  # no folder, a name that is no text, no more watches: each ends the watcher
            for _ in _changes(folder, stop, polls=polls):
                is_told = True
                saved()
        saved()
        polls = polls or (not is_told and folder.is_dir())
        while not stop.wait(_LATER if polls else _AGAIN) and not folder.is_dir():
            pass


def _changes(folder: Path, stop: threading.Event, *, polls: bool) -> Iterator[None]:
    """A first time when the folder is watched, then at each change; ends when it is no longer the folder of its name."""
    known = os.open(folder, os.O_RDONLY)  # as long as it is open, no other folder gets its number
    try:
        first = True
        for changes in watch(
            folder,
            watch_filter=_counts(folder.absolute()),
            stop_event=stop,
            debounce=200,
            step=_SETTLED,
            rust_timeout=_QUIET,
            yield_on_timeout=True,  # the first time says that it is watched
            raise_interrupt=False,
            ignore_permission_denied=True,
            force_polling=polls or None,
        ):
            if changes or first:
                first = False
                yield
            if not os.path.samestat(os.fstat(known), folder.stat()):
                return
    finally:
        os.close(known)


def _counts(folder: Path) -> Callable[[Change, str], bool]:
    """Whether a change is one of the campaign's, by its path inside: where the folder lies says nothing of it."""

    def counts(_: Change, path: str) -> bool:
        return _NOISE.search(os.path.relpath(path, folder)) is None

    return counts

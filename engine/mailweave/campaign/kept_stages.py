"""What the slow stages of a compilation gave, kept for the next process: inlined pages, plain texts, AMP parts.

They are functions of texts to texts, so one JSON file a campaign holds them, and nothing in it is run. What had
anything to say is not kept: findings have places, and are found anew. Whatever is wrong with the file, the stages run.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, TypeVar

from mailweave import user_cache
from mailweave.user_cache import framed

Made = TypeVar("Made")
Dump = Callable[[Made], Any]
"""What JSON can hold of what a stage made; None where it is not to be kept."""
_MOST: Final = 64  # files


@dataclass(slots=True)
class KeptStages:
    """What was kept of one campaign. `file` is None where nothing is.

    >>> stages = KeptStages(None)
    >>> stages.once("upper", ["a"], lambda: "A", dump=str, load=str)
    'A'
    """

    file: Path | None
    _known: dict[str, Any] = field(default_factory=dict)
    _asked: dict[str, Any] = field(default_factory=dict)
    _is_new: bool = False
    _is_kept: bool = False

    @classmethod
    def of(cls, campaign: Path) -> KeptStages:
        """What was kept of the campaign in a folder."""
        where = user_cache.folder("stages")
        if where is None:
            return cls(None)
        try:
            place = framed(os.fsencode(os.path.abspath(campaign)))  # noqa: PTH100  # links stay
            file = where / f"{sha256(place + engine().encode()).hexdigest()}.stages"
        except (OSError, ValueError):  # nobody can tell which engine it is
            return cls(None)
        try:
            known = json.loads(user_cache.read(file))
        except (OSError, ValueError, RecursionError):
            known = {}
        return cls(file, known if isinstance(known, dict) else {})

    def once(
        self,
        stage: str,
        given: Iterable[str],
        make: Callable[[], Made],
        *,
        dump: Dump[Made],
        load: Callable[[Any], Made],
    ) -> Made:
        """What `make` makes of what was `given`, or what was kept of it."""
        if self.file is None:
            return make()
        key = _digest((stage, *given))
        if key in self._known:
            with suppress(AttributeError, LookupError, TypeError, ValueError):
                made = load(self._known[key])
                self._asked[key] = self._known[key]
                return made
        made = make()
        kept = dump(made)
        if kept is not None:
            self._asked[key], self._is_new = kept, True
        return made

    def keep(self) -> None:
        """Keeps for the next process what was asked for in this one so far; once, as each save would write all of it."""
        if self.file is not None and self._is_new and not self._is_kept:
            self._is_kept = True
            user_cache.write(self.file, json.dumps(self._asked).encode())
            with suppress(OSError):
                _forget(self.file.parent)


def _digest(parts: Iterable[str]) -> str:
    return sha256(b"".join(framed(part.encode("utf-8", "surrogatepass")) for part in parts)).hexdigest()


def _forget(folder: Path) -> None:
    kept = sorted(folder.glob("*.stages"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in kept[_MOST:]:
        old.unlink(missing_ok=True)


@lru_cache(maxsize=1)
def engine() -> str:
    """Names the engine, the libraries and the Python that run: by names, sizes and times of files, which are read at
    once."""
    found = sha256(f"{sys.version} {sys.platform}".encode())
    for part in (*_files(user_cache.ENGINE), *_libraries()):
        found.update(framed(os.fsencode(part)))
    return found.hexdigest()


def _files(folder: Path) -> Iterator[str]:
    waiting = [os.fspath(folder)]
    while waiting:
        for entry in sorted(os.scandir(waiting.pop()), key=lambda one: one.name):
            if entry.is_dir():
                waiting += [entry.path] if entry.name != "__pycache__" else []
            else:
                status = entry.stat()
                yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"


def _libraries() -> Iterator[str]:
    for place in map(Path, sys.path):
        for library in sorted(place.glob("*.dist-info")) if place.is_dir() else ():
            yield f"{library} {library.stat().st_mtime_ns}"

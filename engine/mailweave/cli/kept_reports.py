"""What `mailweave check` printed, kept by a digest of all that it read: the same files give the same words.

Nothing is kept where that cannot be told: a symbolic link in the campaign, a file that cannot be read, a setting in the
environment, an engine in an archive.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from mailweave import resources, user_cache
from mailweave.library_paths import PROJECT, libraries
from mailweave.user_cache import framed

SETTINGS: Final = "campaign.toml"
_MOST_BYTES: Final = 32 * 2**20  # of a campaign; more takes as long to read as to check
_MOST_FILES: Final = 10_000
_MOST_KEPT: Final = 200
_OURS: Final = "MAILWEAVE_"
_HARMLESS: Final = frozenset({user_cache.VARIABLE, "MAILWEAVE_TRACEBACK"})

Report = tuple[str, int]
"""What was printed, and the exit code."""


class _Unknown(Exception):
    """What a check reads cannot be told."""


def key(campaigns: Sequence[Path], form: str) -> str | None:
    """A digest of all that a check of these campaigns reads, or None where that cannot be told."""
    if user_cache.folder("reports") is None or any(map(_decides, os.environ)):
        return None
    found = sha256()
    try:
        for part in _parts(campaigns, form):
            found.update(framed(part))
    except (OSError, ValueError, _Unknown):
        return None
    return found.hexdigest()


def fetch(key: str) -> Report | None:
    """What was printed under this digest, if it is kept."""
    file = _file(key)
    try:
        kept = json.loads(user_cache.read(file))
        text, code = kept["text"], kept["exit"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    with suppress(OSError):
        os.utime(file)  # what is asked for stays longest
    return (text, code) if isinstance(text, str) and code in (0, 1) else None


def keep(key: str, report: Report) -> None:
    """Keeps what was printed, and forgets what nobody asked for longest."""
    file = _file(key)
    user_cache.write(file, json.dumps({"text": report[0], "exit": report[1]}).encode())
    with suppress(OSError):
        kept = sorted(file.parent.glob("*.report"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in kept[_MOST_KEPT:]:
            old.unlink(missing_ok=True)


def _file(key: str) -> Path:
    where = user_cache.folder("reports")
    assert where is not None, "without a folder there is no key"
    return where / f"{key}.report"


def _decides(variable: str) -> bool:
    return variable.startswith(_OURS) and variable not in _HARMLESS


def _parts(campaigns: Sequence[Path], form: str) -> Iterator[bytes]:
    yield from (part.encode("utf-8", "surrogateescape") for part in _surroundings(form))
    for home in (user_cache.ENGINE, *_shipped()):
        yield from _tree(home, skipped="__pycache__")
    for campaign in campaigns:
        if not (campaign / SETTINGS).is_file():
            raise _Unknown
        yield os.fsencode(campaign)
        yield from _tree(campaign)
        yield from _shared(campaign)


def _shared(campaign: Path) -> Iterator[bytes]:
    """The libraries that a campaign names, wherever they lie, and the files that open them and choose among rules."""
    shared = tuple(libraries(campaign))
    for project in (one / PROJECT for one in (campaign.resolve(), *campaign.resolve().parents)):
        yield project.read_bytes() if project.is_file() else b"\0"
    for library in shared:
        yield os.fsencode(library)
        yield from _tree(library)


def _surroundings(form: str) -> Iterator[str]:
    yield from (form, str(Path.cwd()), sys.version, sys.platform, str(sys.flags))
    yield from _libraries()


def _libraries() -> Iterator[str]:
    """What is installed: the names of these folders hold the versions. What was installed from a folder may have
    changed without another version."""
    for place in map(Path, sys.path):
        for library in sorted(place.glob("*.dist-info")) if place.is_dir() else ():
            yield library.name
            origin = library / "direct_url.json"
            if origin.is_file() and not library.name.startswith("mailweave-"):
                yield origin.read_text(encoding="utf-8")
                if "dir_info" in origin.read_text(encoding="utf-8"):
                    raise _Unknown


def _shipped() -> Iterator[Path]:
    """The data files of mailweave; in a checkout they lie beside the package."""
    for name in ("grammar", "blocks"):
        found = resources.folder(name)
        if not isinstance(found, Path):
            raise _Unknown
        if not found.is_relative_to(user_cache.ENGINE):
            yield found


def _tree(folder: Path, skipped: str = "") -> Iterator[bytes]:
    """All names below a folder, and what the files hold."""
    left, files = _MOST_BYTES, 0
    waiting = [(folder, "")]
    while waiting:
        place, shown = waiting.pop()
        for entry in sorted(os.scandir(place), key=lambda one: one.name):
            name, files = f"{shown}/{entry.name}", files + 1
            if entry.name == skipped:
                continue
            if entry.is_dir(follow_symlinks=False):
                yield os.fsencode(f"{name}/")
                waiting.append((Path(entry.path), name))
            elif entry.is_file(follow_symlinks=False) and files <= _MOST_FILES:
                left -= entry.stat(follow_symlinks=False).st_size
                if left < 0:
                    raise _Unknown
                yield from (os.fsencode(name), Path(entry.path).read_bytes())
            else:
                raise _Unknown

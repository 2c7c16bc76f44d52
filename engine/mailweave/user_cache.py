"""Files kept for one user between runs: read only where nobody else can have written them.

They lie under `$XDG_CACHE_HOME/mailweave`; `MAILWEAVE_CACHE` names another folder, `off` does without. Whatever is
wrong with a file, it is as if it were not there.
"""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

VARIABLE: Final = "MAILWEAVE_CACHE"
ENGINE: Final = Path(__file__).resolve().parent
_LARGEST: Final = 64 * 2**20
_PRIVATE = stat.S_IWGRP | stat.S_IWOTH


def folder(kind: str) -> Path | None:
    """Where files of one kind are kept; None where they are not: by the user's wish, for an engine in an archive, and
    where files have no owner to be told by."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted == "off" or not hasattr(os, "getuid") or not ENGINE.is_dir():
        return None
    if wanted:
        return Path(wanted) / kind
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  # never raises
    return Path(home) / "mailweave" / kind


def framed(part: bytes) -> bytes:
    """Bytes with their length before them, so that no two lists of parts are the same text.

    >>> framed(b"ab")[-3:]
    b'\\x02ab'
    """
    return len(part).to_bytes(8, "big") + part


def read(file: Path) -> bytes:
    """What was kept in a file. Raises OSError and ValueError for what is not ours alone, or damaged."""
    _check(file.parent.lstat(), stat.S_ISDIR)
    descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as opened:
        status = os.fstat(descriptor)
        _check(status, stat.S_ISREG)
        if status.st_size > _LARGEST:
            raise ValueError("too large to be kept")
        digest, _, body = opened.read().partition(b"\n")
    if digest.decode() != sha256(body).hexdigest():
        raise ValueError("damaged")
    return body


def write(file: Path, body: bytes) -> None:
    """Keeps a file; where that is not possible, nothing happens. Readers see all of it or nothing."""
    with suppress(OSError, ValueError):
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check(file.parent.lstat(), stat.S_ISDIR)
        _replace(file, sha256(body).hexdigest().encode() + b"\n" + body)


def _check(status: os.stat_result, kind: object) -> None:
    ours = status.st_uid == os.getuid() and not status.st_mode & _PRIVATE
    if not (ours and callable(kind) and kind(status.st_mode)):
        raise PermissionError("the cache is not ours alone")


def _replace(file: Path, content: bytes) -> None:
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as new:
            new.write(content)
        Path(temporary).replace(file)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise

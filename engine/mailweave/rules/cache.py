"""Compiled programs, kept between runs.

Nothing is unpickled: a program is kept as JSON and as the code of its functions, in the form in which Python
keeps its own. Code is run, so it is read only from a folder and a file that belong to this user and that
nobody else can write. The name of a file is a digest of the rule text, of the engine and of the Python that
made it. Whatever is wrong with the cache, rules are compiled.

`MAILWEAVE_CACHE` names another folder; `off` does without.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
import tempfile
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import CodeType

from mailweave import resources
from mailweave.rules.artifact import Generated
from mailweave.rules.serialization import dumped, loaded
from mailweave.source import Source

VARIABLE = "MAILWEAVE_CACHE"

_ENGINE = Path(__file__).resolve().parents[1]
_LAYERS = ("values", "schema", "rules")  # what a program depends on
_LARGEST = 64 * 2**20
_PRIVATE = stat.S_IWGRP | stat.S_IWOTH


def folder() -> Path | None:
    """Where programs are kept; None where they are not: by the user's wish, for an engine in an archive, and
    where files have no owner to be told by."""
    wanted = os.environ.get(VARIABLE, "")
    if wanted == "off" or not hasattr(os, "getuid") or not _ENGINE.is_dir():
        return None
    if wanted:
        return Path(wanted)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  # never raises
    return Path(home) / "mailweave" / "programs"


def key(source: Source) -> str:
    """What a program depends on: its text, its name, and the engine that compiles it."""
    parts = (engine_digest(), source.name, source.text)
    return sha256(b"".join(_framed(part.encode("utf-8", "surrogatepass")) for part in parts)).hexdigest()


def _framed(part: bytes) -> bytes:
    return len(part).to_bytes(8, "big") + part


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """A digest of the engine's own source and of the Python that runs it."""
    found = sha256(sys.version.encode())
    sources = (path for layer in _LAYERS for path in sorted((_ENGINE / layer).rglob("*.py")))
    for content in (
        resources.text("grammar", "rules.lark").encode(),
        *(path.read_bytes() for path in sources),
    ):
        found.update(_framed(content))
    return found.hexdigest()


def fetch(source: Source) -> tuple[Generated, CodeType] | None:
    """The program of a text and its code, if it is kept and nobody else can have written it."""
    where = folder()
    if where is None:
        return None
    try:
        return _unpacked(_read(where, key(source)))
    except (OSError, ValueError, KeyError, TypeError, EOFError, RecursionError):
        return None


def keep(source: Source, generated: Generated, code: CodeType) -> None:
    """Keep a program and its code; where that is not possible, nothing happens."""
    where = folder()
    if where is None:
        return
    with suppress(OSError, ValueError):
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check(where.lstat(), stat.S_ISDIR)
        _write(where, key(source), _packed(generated, code))


def _packed(generated: Generated, code: CodeType) -> bytes:
    return _framed(dumped(generated).encode()) + marshal.dumps(code)


def _unpacked(body: bytes) -> tuple[Generated, CodeType]:
    size = 8 + int.from_bytes(body[:8], "big")
    code = marshal.loads(body[size:])
    if not isinstance(code, CodeType):
        raise TypeError("not the code of a program")
    return loaded(body[8:size].decode()), code


def _check(status: os.stat_result, kind: object) -> None:
    ours = status.st_uid == os.getuid() and not status.st_mode & _PRIVATE
    if not (ours and callable(kind) and kind(status.st_mode)):
        raise PermissionError("the cache is not ours alone")


def _read(where: Path, name: str) -> bytes:
    _check(where.lstat(), stat.S_ISDIR)
    descriptor = os.open(where / f"{name}.program", os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        _check(status, stat.S_ISREG)
        if status.st_size > _LARGEST:
            raise ValueError("too large to be a program")
        digest, _, body = file.read().partition(b"\n")
    if digest.decode() != sha256(body).hexdigest():
        raise ValueError("damaged")
    return body


def _write(where: Path, name: str, body: bytes) -> None:
    """Under another name first, so that a reader sees all of it or nothing."""
    descriptor, temporary = tempfile.mkstemp(dir=where, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(sha256(body).hexdigest().encode() + b"\n" + body)
        Path(temporary).replace(where / f"{name}.program")
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
